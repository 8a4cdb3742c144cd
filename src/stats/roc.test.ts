import { describe, expect, it } from 'vitest'
import { stream } from '../base/random.ts'
import { figureSchema } from '../contract/index.ts'
import { aucFigure } from './auc.ts'
import { conformalThreshold, operatingPoint, shareAbove } from './operating-point.ts'
import { type LabelledScores, rocCurve } from './roc.ts'

const normals = (n: number, shift: number, ...key: (string | number)[]): number[] => {
  const random = stream('roc', ...key)
  return Array.from({ length: n }, () => shift + random.normal())
}
/** Rounded scores have ties. */
const rounded = (values: readonly number[]): number[] => values.map((value) => Math.round(2 * value) / 2)
const cases: readonly LabelledScores[] = [
  { positives: [3], negatives: [1, 2] },
  { positives: [1, 2, 2], negatives: [2, 2, 5] },
  { positives: normals(37, 1, 'p'), negatives: normals(54, 0, 'n') },
  { positives: rounded(normals(80, 0.5, 'tied p')), negatives: rounded(normals(60, 0, 'tied n')) },
]

/** By its definition, pair by pair. */
const pairwise = ({ positives, negatives }: LabelledScores): number => {
  let wins = 0
  for (let i = 0; i < positives.length; i++)
    for (let j = 0; j < negatives.length; j++) wins += (Math.sign(positives[i]! - negatives[j]!) + 1) / 2
  return wins / (positives.length * negatives.length)
}

describe('the ROC curve', () => {
  it.each(cases)('has the shares above its thresholds, and the area of the pairs (%#)', (scores) => {
    const points = rocCurve(scores)
    expect(points[0]).toMatchObject({ falsePositiveRate: 0, truePositiveRate: 0 })
    expect(points.at(-1)).toEqual({ threshold: null, falsePositiveRate: 1, truePositiveRate: 1 })
    let area = 0
    for (const [i, point] of points.entries()) {
      const threshold = point.threshold ?? Number.NEGATIVE_INFINITY
      expect(point.falsePositiveRate).toBe(shareAbove(scores.negatives, threshold).value)
      expect(point.truePositiveRate).toBe(shareAbove(scores.positives, threshold).value)
      if (i === 0) continue
      const before = points[i - 1]!
      area +=
        (point.falsePositiveRate - before.falsePositiveRate) * ((point.truePositiveRate + before.truePositiveRate) / 2)
    }
    expect(area).toBeCloseTo(pairwise(scores), 12)
    expect(aucFigure(scores).value).toBeCloseTo(pairwise(scores), 12)
  })

  it('refuses what has no order', () => {
    const refusal = expect.objectContaining({ code: 'INTERNAL' })
    expect(() => rocCurve({ positives: [], negatives: [1] })).toThrow(refusal)
    expect(() => aucFigure({ positives: [1], negatives: [Number.NaN] })).toThrow(refusal)
  })
})

describe('the interval of the area', () => {
  it.each(cases)('satisfies the contract (%#)', (scores) => {
    expect(figureSchema.safeParse(aucFigure(scores)).success).toBe(true)
  })

  it("has DeLong's variance: the structural components, pair by pair", () => {
    const { positives, negatives } = cases[2]!
    const components = (rows: ArrayLike<number>, of: (row: number) => LabelledScores): number[] =>
      Array.from(rows, (row) => pairwise(of(row)))
    const variance = (values: readonly number[]): number => {
      const centre = values.reduce((a, b) => a + b, 0) / values.length
      return values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1) / values.length
    }
    const total =
      variance(components(positives, (row) => ({ positives: [row], negatives }))) +
      variance(components(negatives, (row) => ({ positives, negatives: [row] })))
    const { value, low, high } = aucFigure(cases[2]!)
    const logit = (p: number): number => Math.log(p / (1 - p))
    const spread = (1.959963984540054 * Math.sqrt(total)) / (value * (1 - value))
    expect(logit(high) - logit(value)).toBeCloseTo(spread, 10)
    expect(logit(value) - logit(low)).toBeCloseTo(spread, 10)
  })

  it('holds the true area of normal scores about 95 times in 100', () => {
    const truth = 0.7602499389065233 // Φ(1 / √2)
    const trials = 600
    let held = 0
    for (let trial = 0; trial < trials; trial++) {
      const { low, high } = aucFigure({ positives: normals(40, 1, trial, 1), negatives: normals(60, 0, trial, 0) })
      if (low <= truth && truth <= high) held++
    }
    // Four standard errors around 95 %.
    expect(held / trials).toBeGreaterThan(0.914)
    expect(held / trials).toBeLessThan(0.986)
  })

  it('does not take perfect separation for certainty', () => {
    const few = aucFigure({ positives: [5, 6, 7], negatives: [1, 2, 3] })
    const many = aucFigure({ positives: normals(200, 99, 'p'), negatives: normals(200, 0, 'n') })
    expect(few).toMatchObject({ value: 1, high: 1 })
    expect(few.low).toBeLessThan(0.7)
    expect(many.low).toBeGreaterThan(0.97)
    expect(many.low).toBeLessThan(1)
    expect(aucFigure({ positives: [1, 1, 1], negatives: [1, 1, 1] }).value).toBe(0.5)
  })
})

describe('operating points', () => {
  const negatives = Array.from({ length: 100 }, (_, i) => i)

  it('flag no more than the stated share of the negatives, and no fewer', () => {
    const point = operatingPoint({ positives: [70, 71, 98, 200], negatives }, 0.29)
    expect(point.threshold).toBe(70)
    expect(point.falsePositiveRate.value).toBe(0.29)
    expect(point.truePositiveRate).toMatchObject({ value: 0.75, n: 4 })
  })

  it('flag fewer where scores are equal', () => {
    const tied = Array.from({ length: 100 }, (_, i) => (i < 50 ? 0 : 1))
    expect(operatingPoint({ positives: [1, 2], negatives: tied }, 0.1)).toMatchObject({
      threshold: 1,
      falsePositiveRate: { value: 0 },
      truePositiveRate: { value: 0.5 },
    })
  })

  it.each([
    [() => operatingPoint({ positives: [1], negatives }, 0.009), 112],
    [() => conformalThreshold(negatives, 0.009), 111],
    [() => conformalThreshold(negatives.slice(0, 98), 0.01), 99],
  ])('are refused where the negatives are too few (%#)', (ask, needed) => {
    expect(ask).toThrow(expect.objectContaining({ code: 'USAGE', data: expect.objectContaining({ needed }) }))
  })

  it.each([0, 1, -1, Number.NaN])('are refused for the rate %d', (rate) => {
    expect(() => operatingPoint({ positives: [1], negatives }, rate)).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    )
  })

  it('promise their rate for a fresh row, averaged over calibrations', () => {
    // 19 scores at 5 %: the threshold is their largest, and a twentieth draw is the largest of all 5 times in 100.
    let flagged = 0
    const trials = 4000
    for (let trial = 0; trial < trials; trial++) {
      const [fresh, ...calibration] = normals(20, 0, 'conformal', trial)
      if (fresh! > conformalThreshold(calibration, 0.05).threshold) flagged++
    }
    expect(Math.abs(flagged / trials - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / trials))
  })
})
