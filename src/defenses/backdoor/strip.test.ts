import { describe, expect, it } from 'vitest'
import { entropyOf, stripScreen } from './strip.ts'

describe('STRIP', () => {
  it('takes the entropy over classes, in bits', () => {
    expect(entropyOf(Float32Array.of(0, 0, 0, 0))).toBeCloseTo(2, 12)
    expect(entropyOf(Float32Array.of(Math.log(3), 0))).toBeCloseTo(0.811278, 6)
    expect(entropyOf(Float32Array.of(1000, 0, -1000))).toBe(0)
  })

  it('rejects no more than the stated share of clean rows, the ones of lowest entropy', () => {
    const clean = Float64Array.from({ length: 99 }, (_, i) => (i + 1) / 100)
    const { threshold, suspicious } = stripScreen(clean, 0.05)
    expect(threshold).toBeCloseTo(0.05, 12)
    expect(suspicious(clean)).toMatchObject({ value: 4 / 99 })
    expect(suspicious(Float64Array.of(0, 0.01, 0.5, 0.9))).toMatchObject({ value: 0.5, n: 4 })
  })

  it('refuses a rate that the rows can not resolve', () => {
    expect(() => stripScreen(new Float64Array(10), 0.01)).toThrow(/rate|rows/)
  })
})
