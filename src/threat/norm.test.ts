import { describe, expect, it } from 'vitest'
import { distances, norms, tolerance } from './norm.ts'

describe('distances', () => {
  const x0 = Float32Array.of(0, 0, 0, 1, 1, 1)
  const x = Float32Array.of(3, -4, 0, 1, 1, 1)

  it.each([
    ['linf', 4],
    ['l2', 5],
    ['l1', 7],
    ['l0', 2],
  ] as const)('measures each row by itself in %s', (norm, size) => {
    expect([...distances(norm, x, x0, 3)]).toEqual([size, 0])
  })

  it.each(['linf', 'l2', 'l1'] as const)('gives NaN for a row with a NaN in %s, which no budget admits', (norm) => {
    const [broken, whole] = distances(norm, Float32Array.of(0, Number.NaN, 9, 1, 1, 1), x0, 3)
    expect(broken).toBeNaN()
    expect(whole).toBe(0)
  })
})

describe('tolerance', () => {
  it.each(norms)('covers what float32 adds to an exact budget in %s, and little more', (norm) => {
    const size = 200
    const epsilon = 0.1
    const each = norm === 'l2' ? epsilon / Math.sqrt(size) : norm === 'l1' ? epsilon / size : epsilon
    const x0 = Float32Array.from({ length: size }, (_, i) => i / size)
    const moved = x0.map((v) => v + (norm === 'l0' ? 0 : each))
    const slack = tolerance(norm, epsilon, size, 1.1)
    expect(distances(norm, moved, x0, size)[0]!).toBeLessThanOrEqual(epsilon + slack)
    expect(slack).toBeLessThan(1e-3 * epsilon)
  })
})
