import { describe, expect, it } from 'vitest'
import { labelFilterSchema, labelScoreSchema } from '../../../contract/labels.ts'
import { calibratedJoint, roundedRows } from './calibrated-joint.ts'
import { cleanlab } from './cleanlab-values.ts'
import { confidentClasses, confidentJoint, confidentThresholds } from './confident-joint.ts'
import { filteredRows } from './filters.ts'
import { classCounts, type LabelledProbabilities, requireProbabilities } from './labelled-probabilities.ts'
import { adjustedProbabilities, labelScores } from './scores.ts'
import { drawnLabels, tenRows } from './testing.ts'

const fourRows = (probabilities: readonly number[]): LabelledProbabilities => ({
  labels: Int32Array.from([0, 0, 2, 2]),
  probabilities: Float64Array.from(probabilities),
  classes: 4,
})
const missingClass = fourRows([0.9, 0, 0.1, 0, 0.8, 0, 0.2, 0, 0.1, 0, 0.9, 0, 0.95, 0, 0.05, 0])

const estimated = (data: LabelledProbabilities) => {
  const thresholds = confidentThresholds(data)
  const guesses = confidentClasses(data, thresholds)
  const raw = confidentJoint(data.labels, guesses, data.classes)
  const joint = roundedRows(calibratedJoint(raw, classCounts(data.labels, data.classes)), data.classes)
  return { ...data, thresholds, guesses, raw, joint }
}

const cases = {
  ten: tenRows,
  missing4: missingClass,
  a: drawnLabels({ seed: 1, rows: 60, classes: 3, sharpness: 2, noise: 0.25 }),
  b: drawnLabels({ seed: 7, rows: 120, classes: 5, sharpness: 3, noise: 0.3 }),
  c: drawnLabels({ seed: 11, rows: 80, classes: 4, sharpness: 1, noise: 0.2, missing: 2 }),
} as const

describe.each(Object.keys(cases) as (keyof typeof cases)[])('cleanlab 2.9.0 on rows "%s"', (name) => {
  const data = cases[name]
  const theirs = cleanlab[name]
  const ours = estimated(data)
  it('has the same thresholds, confident joint and calibrated joint', () => {
    for (const [c, threshold] of ours.thresholds.entries()) expect(threshold).toBeCloseTo(theirs.thresholds[c]!, 12)
    expect([...ours.raw]).toEqual(theirs.raw)
    expect([...ours.joint]).toEqual(theirs.calibrated)
  })
  it.each(labelFilterSchema.options)('finds the same rows by %s', (filter) => {
    expect([...filteredRows(ours, filter)]).toEqual(theirs.filters[filter])
  })
  it.each(labelScoreSchema.options)('scores rows the same by %s', (score) => {
    const scores = labelScores(data, score)
    const [sum, third, squares] = theirs.scores[score]
    expect(scores.reduce((a, b) => a + b, 0)).toBeCloseTo(sum, 8)
    expect(scores[3]).toBeCloseTo(third, 9)
    expect(scores.reduce((a, b) => a + b * b, 0)).toBeCloseTo(squares, 8)
  })
  it.each(['self-confidence', 'normalized-margin'] as const)('adjusts %s the same', (score) => {
    const scores = labelScores(adjustedProbabilities(data), score)
    const [sum, third] = theirs.adjusted[score]
    expect(scores.reduce((a, b) => a + b, 0)).toBeCloseTo(sum, 8)
    expect(scores[3]).toBeCloseTo(third, 9)
  })
})

describe('ten rows by hand', () => {
  it('has thresholds .75, .6857 and .8, one row to remove, and each class its rows', () => {
    const { thresholds, raw, joint } = estimated(tenRows)
    expect([...thresholds].map((value) => Number(value.toFixed(6)))).toEqual([0.75, 0.685714, 0.8])
    expect([...raw]).toEqual([1, 0, 0, 0, 6, 1, 0, 0, 1])
    expect([...joint]).toEqual([2, 0, 0, 0, 6, 1, 0, 0, 1])
  })
})

describe('rounding by largest remainder', () => {
  it('keeps the total of each row', () => {
    expect([...roundedRows(Float64Array.from([1.5, 1.5, 1, 0.4, 0.4, 0.2]), 3)]).toEqual([1, 2, 1, 0, 1, 0])
    expect([...roundedRows(Float64Array.from([2.6, 2.6, 2.8]), 3)]).toEqual([2, 3, 3])
  })
})

describe('a row without any doubt', () => {
  it('has entropy 0: its score is 1 where the label is what the model says, and 0 where it is not', () => {
    const sure = { labels: Int32Array.from([0, 1]), probabilities: Float64Array.from([1, 0, 1, 0]), classes: 2 }
    expect([...labelScores(sure, 'confidence-weighted-entropy')]).toEqual([1, 0])
  })
})

describe('what is no probability', () => {
  const broken = (at: number, value: number): LabelledProbabilities => ({
    ...tenRows,
    probabilities: tenRows.probabilities.map((p, i) => (i === at ? value : p)),
  })
  it.each([
    ['NaN', broken(4, Number.NaN), 'DATA_CORRUPT', /row 1: class 1 has NaN/],
    ['below 0', broken(4, -0.2), 'DATA_CORRUPT', /row 1: class 1 has -0.2/],
    ['a sum above 1', broken(4, 0.4), 'DATA_CORRUPT', /row 1: the probabilities sum to 1.2/],
    ['too few rows', { ...tenRows, labels: tenRows.labels.slice(1) }, 'DATA_SHAPE_MISMATCH', /10 rows .* 9 labels/],
    ['one class', { ...tenRows, classes: 1 }, 'DATA_SHAPE_MISMATCH', /1 classes/],
    ['equal labels', { ...tenRows, labels: new Int32Array(10).fill(1) }, 'DATA_LABEL_INVALID', /all 10 rows/],
    ['a label beyond', { ...tenRows, labels: tenRows.labels.map((l) => l + 1) }, 'DATA_LABEL_INVALID', /row 9 has/],
  ] as const)('%s is refused', (_, data, code, message) => {
    expect(() => requireProbabilities(data)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
  })
})
