import { describe, expect, it } from 'vitest'
import { type Answers, answersOf } from '../answers/answers.ts'
import { answersByAnnotator, toyAnswers } from '../answers/testing.ts'
import { majorityVote } from '../consensus/majority.ts'
import { agreementOf } from './agreement.ts'
import { agreementWithMajority, consistency, uncertainty } from './certainty.ts'
import { cohenKappa, sharedMost } from './cohen.ts'
import { masi } from './distance.ts'
import { fleissKappa } from './fleiss.ts'
import { krippendorffAlpha } from './krippendorff.ts'

/** Krippendorff's data of reliability "C": four observers, twelve units, answers missing. */
const krippendorffC = (): Answers =>
  answersByAnnotator({
    A: '1 2 3 3 2 1 4 1 2 . . .',
    B: '1 2 3 3 2 2 4 1 2 5 . 3',
    C: '. 3 3 3 2 3 4 2 2 5 1 .',
    D: '1 2 3 3 2 4 4 1 2 5 1 .',
  })

const few = { resamples: 200 }

describe("Krippendorff's alpha", () => {
  it.each([
    ['nominal', 0.743421],
    ['ordinal', 0.815388],
    ['interval', 0.849107],
    ['ratio', 0.797403],
  ] as const)('at the level %s is %d on his data', (level, expected) => {
    const { value, low, high } = krippendorffAlpha(krippendorffC(), level, few)
    expect(value).toBeCloseTo(expected, 6)
    expect(low).toBeLessThan(expected - 0.05)
    expect(high).toBeGreaterThan(expected + 0.02)
  })
  it('is what crowd-kit has', () => {
    const pairs = answersByAnnotator({ A: 'Yes No Yes', B: 'Yes No No' })
    expect(krippendorffAlpha(pairs, 'nominal', few).value).toBeCloseTo(0.4444444444444444, 12)
    expect(krippendorffAlpha(toyAnswers(), 'nominal', few).value).toBeCloseTo(0.14219114219114215, 12)
    const sets = answersByAnnotator({ A: 'dog cat cat', B: 'dog cat cat|mouse' })
    expect(krippendorffAlpha(sets, 'nominal', few).value).toBeCloseTo(0.5454545454545454, 12)
    expect(krippendorffAlpha(sets, masi(sets.classes), few).value).toBeCloseTo(0.6673336668334168, 12)
  })
  it('is the same by coincidences as by the short way', () => {
    const same = () => (c: number, k: number) => (c === k ? 0 : 1)
    const [long, short] = [same, 'nominal' as const].map((level) => krippendorffAlpha(krippendorffC(), level, few))
    for (const key of ['value', 'low', 'high'] as const) expect(long![key]).toBeCloseTo(short![key]!, 12)
  })
  it('is undefined where all answers are alike, or no item has two', () => {
    expect(krippendorffAlpha(answersByAnnotator({ a: 'x x', b: 'x x' })).value).toBeUndefined()
    expect(krippendorffAlpha(answersByAnnotator({ a: 'x .', b: '. y' })).value).toBeUndefined()
  })
  it('needs numbers where differences count', () => {
    const bad = (level: 'ordinal' | 'ratio', labels: string) => () =>
      krippendorffAlpha(answersByAnnotator({ a: labels, b: labels }), level)
    expect(bad('ordinal', 'low high')).toThrow(expect.objectContaining({ code: 'DATA_LABEL_INVALID' }))
    expect(bad('ratio', '-1 2')).toThrow(expect.objectContaining({ code: 'DATA_LABEL_INVALID' }))
  })
  it('covers the truth by grouped draws of many items as by draws of items', () => {
    const labels = (salt: number): string =>
      Array.from({ length: 6000 }, (_, i) => ((i * 7919 + (i % 11 === salt ? 1 : 0)) % 3) + 1).join(' ')
    const { value, low, high } = krippendorffAlpha(answersByAnnotator({ a: labels(1), b: labels(2) }), 'nominal', few)
    // Two of eleven items disagree: se of the share is 0.005, of alpha 1.5 times that.
    expect(value).toBeCloseTo(1 - 1.5 * (2 / 11), 2)
    expect(high - low).toBeGreaterThan(0.02)
    expect(high - low).toBeLessThan(0.04)
  })
})

describe("Fleiss' kappa", () => {
  // biome-ignore format: a table
  const wikipedia = [
    '0 0 0 0 14', '0 2 6 4 2', '0 0 3 5 6', '0 3 9 2 0', '2 2 8 1 1',
    '7 7 0 0 0', '3 2 6 3 0', '2 5 3 2 2', '6 5 2 1 0', '0 2 2 3 7',
  ]
  it('is 0.209931 on the table of Wikipedia (ten items, fourteen raters)', () => {
    const triples = wikipedia.flatMap((row, item) =>
      row
        .split(' ')
        .flatMap((times, label) => Array.from({ length: Number(times) }, () => String(label + 1)))
        .map((label, rater) => [`i${item}`, `r${rater}`, label] as const),
    )
    const { value, low, high } = fleissKappa(answersOf(triples), few)
    expect(value).toBeCloseTo(0.20993070442195522, 12)
    expect([low < 0.15, high > 0.25]).toEqual([true, true])
  })
  it('is undefined where all answers are alike', () => {
    expect(fleissKappa(answersByAnnotator({ a: 'x x', b: 'x x' })).value).toBeUndefined()
  })
})

describe("Cohen's kappa", () => {
  const shared = sharedMost(
    answersByAnnotator({ a: '1 2 3 4 4 2 1 3 2 2 1 4 3 3 2 .', b: '1 2 3 3 4 2 2 3 1 2 1 4 4 3 4 1' }),
    5,
  )[0]!
  // scikit-learn 1.2.1, cohen_kappa_score.
  it.each([
    [undefined, 0.5535714285714286],
    [(c: number, k: number) => Math.abs(c - k), 0.6616541353383458],
    [(c: number, k: number) => (c - k) ** 2, 0.7619047619047619],
  ])('is what scikit-learn has, weighted or not', (weight, expected) => {
    expect(shared.labels).toHaveLength(15)
    expect(cohenKappa(shared, 4, { ...few, ...(weight && { weight }) }).value).toBeCloseTo(expected, 12)
  })
  it('is undefined where both gave one and the same label', () => {
    const [same] = sharedMost(answersByAnnotator({ a: 'x x', b: 'x x' }), 5)
    expect(cohenKappa(same!, 1).value).toBeUndefined()
  })
})

describe('what crowd-kit measures on its toy answers', () => {
  const answers = toyAnswers()
  const shares = majorityVote(answers).posterior
  const { each, all } = agreementWithMajority(answers, shares)
  it('agreement with the majority', () => {
    expect([...each]).toEqual([0.6, 0.8, 1, 0.4, 0.8])
    expect(all).toBeCloseTo(0.7083333333333334, 12)
  })
  it('consistency and uncertainty', () => {
    expect(consistency(answers, shares, each)).toBeCloseTo(0.9384615384615385, 12)
    expect(uncertainty(answers, each)).toBeCloseTo(0.6308666201949331, 6)
  })
})

describe('all coefficients of a table', () => {
  it('never holds NaN where nothing can be told, and says why', () => {
    const alike = agreementOf(answersByAnnotator({ a: 'x x', b: 'x x' }), 'nominal', 0)
    expect(alike.krippendorff).toEqual({ figure: null, reason: expect.stringContaining('same label') })
    const apart = agreementOf(answersByAnnotator({ a: 'x .', b: '. y' }), 'nominal', 0)
    expect(apart.fleiss).toEqual({ figure: null, reason: 'no item has two answers' })
    expect([apart.unanimous, apart.cohen]).toEqual([null, []])
    expect(JSON.stringify([alike, apart])).not.toMatch(/NaN|Infinity/)
  })
  it('allows for disagreement that was not seen where everyone agrees', () => {
    const { krippendorff } = agreementOf(answersByAnnotator({ a: 'x y x y x', b: 'x y x y x' }), 'nominal', 0)
    expect(krippendorff.figure).toMatchObject({ value: 1, high: 1, n: 5 })
    expect(krippendorff.figure!.low).toBeLessThan(0.2)
  })
})
