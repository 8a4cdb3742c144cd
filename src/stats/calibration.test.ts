import { describe, expect, it } from 'vitest'
import { stream } from '../base/random.ts'
import { figureSchema } from '../contract/index.ts'
import { calibrationOf } from './calibration.ts'
import { equalMassBins, equalWidthBins } from './calibration-bins.ts'
import { expectedErrorFigure, maximumErrorFigure } from './calibration-error.ts'
import type { ScoredRows } from './log-softmax.ts'

/** Two classes: each row predicts class 1 with the given confidence, and is right or wrong as told. */
const binary = (rows: readonly (readonly [confidence: number, right: boolean])[]): ScoredRows => ({
  logits: rows.flatMap(([confidence]) => [Math.log(1 - confidence), Math.log(confidence)]),
  labels: rows.map(([, right]) => Number(right)),
  classes: 2,
})

const confidencesFrom = (confidence: readonly number[], right: readonly boolean[]) => ({
  confidence: Float64Array.from(confidence),
  right: Uint8Array.from(right, Number),
})

describe('calibrationOf', () => {
  it('is what one gets by hand', () => {
    const rows = binary([
      [0.55, true],
      [0.6, false],
      [0.7, true],
      [0.9, true],
      [0.95, false],
    ])
    const { accuracy, expectedError, maximumError, brier, logLoss, reliability } = calibrationOf(rows, { bins: 5 })
    expect(accuracy).toMatchObject({ value: 0.6, n: 5 })
    expect(reliability.map(({ low, high, accuracy: { value, n } }) => [low, high, value, n])).toEqual([
      [0.4, 0.6, 0.5, 2],
      [0.6, 0.8, 1, 1],
      [0.8, 1, 0.5, 2],
    ])
    expect(reliability.map(({ confidence }) => confidence)).toEqual(
      [0.575, 0.7, 0.925].map((v) => expect.closeTo(v, 12)),
    )
    expect(expectedError.value).toBeCloseTo((2 * 0.075 + 0.3 + 2 * 0.425) / 5, 12)
    expect(maximumError.value).toBeCloseTo(0.425, 12)
    expect(brier.value).toBeCloseTo((2 * (0.45 ** 2 + 0.6 ** 2 + 0.3 ** 2 + 0.1 ** 2 + 0.95 ** 2)) / 5, 12)
    const likelihood = 0.55 * 0.4 * 0.7 * 0.9 * 0.05
    expect(logLoss.value).toBeCloseTo(-Math.log(likelihood) / 5, 12)
  })

  it('divides the logits by the temperature', () => {
    const scored = { logits: [2, 0, 1, 0, 4, -2], labels: [0, 2], classes: 3 }
    const halved = { ...scored, logits: scored.logits.map((v) => v / 2) }
    expect(calibrationOf(scored, { temperature: 2 })).toEqual(calibrationOf(halved))
  })

  it('has figures of the contract, does not depend on the order of rows, and is the same twice', () => {
    const random = stream('order')
    const rows = Array.from({ length: 200 }, () => [0.5 + random.integer(50) / 100, random.uniform() < 0.8] as const)
    const measured = calibrationOf(binary(rows))
    for (const figure of [measured.accuracy, measured.confidence, measured.expectedError, measured.adaptiveError])
      expect(figureSchema.safeParse(figure).success).toBe(true)
    for (const figure of [measured.maximumError, measured.brier, measured.logLoss])
      expect(figureSchema.safeParse(figure).success).toBe(true)
    expect(calibrationOf(binary(rows))).toEqual(measured)
    const reversed = calibrationOf(binary(rows.toReversed()))
    expect(reversed.expectedError.value).toBeCloseTo(measured.expectedError.value, 12)
    expect(reversed.adaptiveError.value).toBeCloseTo(measured.adaptiveError.value, 12)
  })

  it('sure and right, sure and wrong: the ends of every scale, and large logits stay finite', () => {
    const sure = { logits: [2000, -2000, -2000, 2000], labels: [0, 1], classes: 2 }
    expect(calibrationOf(sure)).toMatchObject({
      expectedError: { value: 0 },
      brier: { value: 0 },
      logLoss: { value: 0 },
    })
    const wrong = calibrationOf({ ...sure, labels: [1, 0] })
    expect(wrong).toMatchObject({ expectedError: { value: 1 }, maximumError: { value: 1 }, brier: { value: 2 } })
    expect(wrong.logLoss.value).toBe(4000)
  })

  it.each([
    ['DATA_LABEL_INVALID', { logits: [0, 1, 2, 3], labels: [0, 2], classes: 2 }],
    ['MODEL_OUTPUT_INVALID', { logits: [0, 1, Number.NaN, 3], labels: [0, 1], classes: 2 }],
    ['MODEL_OUTPUT_INVALID', { logits: [0, 1, Number.NEGATIVE_INFINITY, 3], labels: [0, 1], classes: 2 }],
    ['DATA_SHAPE_MISMATCH', { logits: [0, 1], labels: [0], classes: 2 }],
    ['INTERNAL', { logits: [0, 1, 2], labels: [0, 1], classes: 2 }],
  ])('%s is thrown', (code, scored) => {
    expect(() => calibrationOf(scored)).toThrow(expect.objectContaining({ code }))
  })
})

describe('bins', () => {
  it('of equal width are open below and closed above', () => {
    const bins = equalWidthBins(confidencesFrom([0, 0.2, 0.2000001, 1], [true, true, true, true]), 5)
    expect(bins.map(({ low, rows }) => [low, rows])).toEqual([
      [0, [0, 1]],
      [0.2, [2]],
      [0.8, [3]],
    ])
  })
  it('of equal mass keep equal confidences together', () => {
    const confidence = [0.9, 0.5, 0.7, 0.7, 0.7, 0.6]
    const bins = equalMassBins(confidencesFrom(confidence, Array(6).fill(true)), 3)
    expect(bins.map(({ rows }) => rows)).toEqual([[1, 5], [2, 3, 4], [0]])
    const distinct = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) / 100)
    const even = equalMassBins(confidencesFrom(distinct, Array(100).fill(true)), 10)
    expect(even.map(({ rows }) => rows.length)).toEqual(Array(10).fill(10))
  })
})

describe('intervals', () => {
  const n = 300
  const confidence = Array.from({ length: n }, (_, i) => 0.5 + (0.5 * i) / n)

  // Right as often as it says; overconfident by 0.15; both at once, in turn.
  it.each([
    ['calibrated', (c: number) => c],
    ['overconfident', (c: number) => c - 0.15],
    ['uneven', (c: number) => (c > 0.75 ? c - 0.3 : c)],
    ['never wrong', () => 1],
  ])('hold the true error of a model that is %s', (name, chance) => {
    const chances = confidence.map(chance)
    const truth = equalWidthBins(confidencesFrom(confidence, Array(n).fill(false)), 15).map(({ rows, confidence }) => ({
      share: rows.length / n,
      gap: Math.abs(rows.reduce((sum, row) => sum + chances[row], 0) / rows.length - confidence),
    }))
    const expected = truth.reduce((sum, { share, gap }) => sum + share * gap, 0)
    const maximum = Math.max(...truth.map(({ gap }) => gap))
    const repeats = 200
    let [held, heldMaximum] = [0, 0]
    for (let repeat = 0; repeat < repeats; repeat++) {
      const random = stream('coverage', name, repeat)
      const right = chances.map((p) => random.uniform() < p)
      const bins = equalWidthBins(confidencesFrom(confidence, right), 15)
      const mean = expectedErrorFigure(bins, random)
      if (mean.low <= expected && expected <= mean.high) held++
      const most = maximumErrorFigure(bins)
      if (most.low <= maximum && maximum <= most.high) heldMaximum++
    }
    expect(held / repeats).toBeGreaterThanOrEqual(0.94)
    expect(heldMaximum / repeats).toBeGreaterThanOrEqual(0.94)
  })

  it('tell a calibrated model from an overconfident one, whose error chance does not explain', () => {
    const random = stream('consistency')
    const draw = (excess: number) => binary(confidence.map((c) => [c, random.uniform() < c - excess]))
    const calibrated = calibrationOf(draw(0))
    expect(calibrated.ifCalibrated.pValue).toBeGreaterThan(0.05)
    expect(Math.abs(calibrated.ifCalibrated.error - calibrated.expectedError.value)).toBeLessThan(0.03)
    const over = calibrationOf(draw(0.15))
    expect(over.ifCalibrated.pValue).toBeLessThan(0.01)
    expect(over.expectedError.low).toBeGreaterThan(0.03)
  })
})
