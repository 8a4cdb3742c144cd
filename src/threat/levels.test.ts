import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Levels, onLevels, type Rounding } from './levels.ts'

const bytes: Levels = { count: 256, low: 0, high: 1 }
const byte = fc.integer({ min: 0, max: 255 }).map((value) => Math.fround(value / 255))
const rows = fc.array(fc.tuple(byte, fc.float({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 20 })
const split = (pairs: readonly (readonly [number, number])[]) =>
  [0, 1].map((side) => Float32Array.from(pairs, (pair) => pair[side]!)) as [Float32Array, Float32Array]

describe('onLevels', () => {
  it('gives numbers that bytes hold, and survives being stored once more', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom<Rounding>('nearest', 'inward', 'outward'), (pairs, rounding) => {
        const [clean, candidate] = split(pairs)
        const stored = onLevels(clean, candidate, bytes, rounding)
        for (const value of stored) expect(Math.abs(value * 255 - Math.round(value * 255))).toBeLessThan(1e-4)
        expect(onLevels(clean, stored, bytes, rounding)).toEqual(stored)
      }),
    )
  })
  it('never makes a change larger inward, nor smaller outward', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const [clean, candidate] = split(pairs)
        const [inward, outward] = [
          onLevels(clean, candidate, bytes, 'inward'),
          onLevels(clean, candidate, bytes, 'outward'),
        ]
        for (const [i, value] of clean.entries()) {
          const change = Math.abs(candidate[i]! - value)
          expect(Math.abs(inward[i]! - value)).toBeLessThanOrEqual(change + 5e-6)
          expect(Math.abs(outward[i]! - value)).toBeGreaterThanOrEqual(change - 5e-6)
        }
      }),
    )
  })
  it('is what one works out by hand', () => {
    const of = (rounding: Rounding) => [
      ...onLevels(Float32Array.of(0, 4, 2), Float32Array.of(1.4, 2.6, 2), { count: 5, low: 0, high: 4 }, rounding),
    ]
    expect(of('nearest')).toEqual([1, 3, 2])
    expect(of('inward')).toEqual([1, 3, 2])
    expect(of('outward')).toEqual([2, 2, 2])
  })
})
