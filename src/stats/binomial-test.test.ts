import { describe, expect, it } from 'vitest'
import { binomialCdf } from './binomial.ts'
import { binomialTest } from './binomial-test.ts'

describe('binomialTest', () => {
  // SciPy 1.10.1, binomtest(k, n, p).pvalue.
  it.each([
    [7, 10, 0.5, 0.34375],
    [600, 1000, 0.5, 2.728464156065976e-10],
    [55, 100, 0.5, 0.36820161732669576],
    [3, 1000, 0.01, 0.0239052365020228],
  ])('agrees with SciPy for %d of %d at %d', (k, n, p, expected) => {
    expect(Math.abs(binomialTest(k, n, p) / expected - 1)).toBeLessThan(1e-10)
  })

  it('is the sum over all outcomes that are no likelier', () => {
    const mass = (k: number, n: number, p: number) => binomialCdf(k, n, p) - binomialCdf(k - 1, n, p)
    for (const n of [1, 2, 7, 20])
      for (const p of [0.03, 0.3, 0.5, 0.77])
        for (let k = 0; k <= n; k++) {
          let sum = 0
          for (let j = 0; j <= n; j++) if (mass(j, n, p) <= mass(k, n, p) * (1 + 1e-7)) sum += mass(j, n, p)
          expect(binomialTest(k, n, p), `${k} of ${n} at ${p}`).toBeCloseTo(sum, 10)
        }
  })

  it('is 1 at the mean and symmetric', () => {
    expect(binomialTest(50, 100)).toBe(1)
    expect(binomialTest(3, 10, 0.3)).toBe(1)
    expect(binomialTest(20, 100, 0.4)).toBeCloseTo(binomialTest(80, 100, 0.6), 14)
  })

  it.each([
    [3, 2, 0.5],
    [0, 0, 0.5],
    [1, 2, 0],
    [1, 2, 1],
    [1, 2, Number.NaN],
  ])('refuses %d of %d at %d', (k, n, p) => {
    expect(() => binomialTest(k, n, p)).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
  })
})
