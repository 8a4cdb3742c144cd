import { describe, expect, it } from 'vitest'
import { type Random, stream } from '../../../base/random.ts'
import { falseDiscovery } from '../../../stats/two-sample/index.ts'
import { conformalNull } from './conformal.ts'
import { tailNull } from './tail.ts'

const laws: Readonly<Record<string, (random: Random) => number>> = {
  normal: (random) => random.normal(),
  exponential: (random) => -Math.log(1 - random.uniform()),
  uniform: (random) => random.uniform(),
  lognormal: (random) => Math.exp(random.normal()),
  't with 4 degrees of freedom': (random) => {
    const squares = Array.from({ length: 4 }, () => random.normal() ** 2)
    return random.normal() / Math.sqrt(squares.reduce((sum, square) => sum + square) / 4)
  },
}
const draws = (law: string, count: number, seed: number): Float64Array => {
  const random = stream('null', law, count, seed)
  return Float64Array.from({ length: count }, () => laws[law]!(random))
}
const flagged = (scores: Float64Array): number => {
  const law = tailNull(scores.slice().sort())!
  const p = [...scores].map((score) => law.survival(score))
  return falseDiscovery(p, 0.05).filter(Boolean).length
}

describe('the null from the bulk of the scores', () => {
  it.each(Object.keys(laws))('flags rows in no more than 2 of 20 clean sets, a score being %s', (law) => {
    const sets = Array.from({ length: 20 }, (_, seed) => flagged(draws(law, seed % 2 === 0 ? 150 : 800, seed)))
    expect(sets.filter((rows) => rows > 0).length).toBeLessThanOrEqual(2)
  })

  it.each([0, 40])('flags outliers where one row in twenty is one, and only these (seed %i)', (seed) => {
    const scores = draws('exponential', 400, seed)
    for (let row = 0; row < 18; row++) scores[row] = 60 + row
    expect(flagged(scores)).toBe(18)
  })

  it('gives p-values that fall as scores rise, between 0 and 1, ranks below the censored part', () => {
    const scores = draws('normal', 300, 1).sort()
    const law = tailNull(scores)!
    expect(law.survival(scores[150]!)).toBeCloseTo(151 / 301, 9)
    let last = 1
    for (let score = -5; score < 12; score += 0.05) {
      const p = law.survival(score)
      expect(p).toBeLessThanOrEqual(last)
      expect(p).toBeGreaterThanOrEqual(0)
      last = p
    }
  })

  it('knows the largest of so many exponential scores: its median about ln(n / ln 2)', () => {
    const law = tailNull(draws('exponential', 4000, 2).sort())!
    const median = law.largestQuantile(1000, 0.5)
    expect(Math.abs(median / Math.log(1000 / Math.LN2) - 1)).toBeLessThan(0.25)
    expect(law.largestSurvival(1000, median)).toBeCloseTo(0.5, 6)
    expect(law.largestQuantile(1000, 0.99)).toBeGreaterThan(law.largestQuantile(1000, 0.95))
  })

  it('is not to be had where the scores do not vary', () => {
    expect(tailNull(new Float64Array(100).fill(3))).toBeUndefined()
    expect(tailNull(Float64Array.from({ length: 100 }, (_, i) => (i === 99 ? 9 : 1)))).toBeUndefined()
  })
})

describe('the null from trusted rows', () => {
  it('is a worked case: 1 + those at least as large, over n + 1', () => {
    const law = conformalNull(Float64Array.of(1, 2, 2, 3))
    expect([0, 2, 2.5, 3, 4].map((score) => law.survival(score))).toEqual([1, 0.8, 0.4, 0.4, 0.2])
  })
})
