import { describe, expect, it } from 'vitest'
import { stream } from './random.ts'

const draws = (n: number, ...key: (string | number)[]) => {
  const random = stream(...key)
  return Array.from({ length: n }, () => random.uniform())
}

describe('stream', () => {
  it('is a function of its key', () => {
    expect(draws(5, 0, 'pgd', 3)).toEqual(draws(5, 0, 'pgd', 3))
    expect(draws(5, 0, 'pgd', 3)).not.toEqual(draws(5, 0, 'pgd', 4))
    expect(draws(5, 0, 'pgd', 3)).not.toEqual(draws(5, 0, 'pgd', '3'))
  })

  it('forks without regard to what was drawn', () => {
    const a = stream(1)
    const b = stream(1)
    b.uniform()
    expect(a.fork('x').uniform()).toBe(b.fork('x').uniform())
  })

  it('is uniform: Kolmogorov-Smirnov distance over consecutive keys and within one stream', () => {
    const distance = (values: number[]) =>
      values.sort((p, q) => p - q).reduce((max, v, i) => Math.max(max, Math.abs(v - (i + 0.5) / values.length)), 0)
    expect(distance(draws(20_000, 'within'))).toBeLessThan(1.95 / Math.sqrt(20_000))
    expect(distance(Array.from({ length: 20_000 }, (_, i) => stream(0, 'a', i).uniform()))).toBeLessThan(
      1.95 / Math.sqrt(20_000),
    )
  })

  it('draws normals of mean 0 and variance 1', () => {
    const random = stream('normal')
    const values = Array.from({ length: 50_000 }, () => random.normal())
    const mean = values.reduce((s, v) => s + v, 0) / values.length
    const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length
    expect(Math.abs(mean)).toBeLessThan(0.02)
    expect(Math.abs(variance - 1)).toBeLessThan(0.03)
  })

  it('fills with normals whose distribution function is the normal one, tail included', () => {
    const values = new Float32Array(400_000)
    stream('fill').fillNormals(values)
    // P(|z| < bound): the last bound lies in the tail that is drawn by a way of its own.
    for (const [bound, share] of [
      [0.5, 0.3829249225],
      [1, 0.6826894921],
      [2, 0.9544997361],
      [3, 0.9973002039],
      [3.7, 0.9997844],
    ] as const) {
      const inside = values.reduce((count, v) => count + (Math.abs(v) < bound ? 1 : 0), 0) / values.length
      expect(Math.abs(inside - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / values.length))
    }
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(values.length))
  })

  it('fills alike in one call or many, and goes on from there', () => {
    const [whole, first, second] = [new Float32Array(300), new Float32Array(100), new Float32Array(200)]
    const [a, b] = [stream('parts'), stream('parts')]
    a.fillNormals(whole)
    b.fillNormals(first)
    b.fillNormals(second)
    expect([...first, ...second]).toEqual([...whole])
    expect(a.uniform()).toBe(b.uniform())
  })
})
