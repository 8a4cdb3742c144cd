import { expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { silhouette, twoMeans } from './k-means.ts'
import { principal } from './principal.ts'
import { fitRidge, ridgeOutputs, withRow } from './ridge.ts'

const six = Float64Array.of(1, 2, 0, 2, 1, 1, 3, 5, 2, 4, 4, 1, 0, 1, 7, 5, 2, 2)
const at = Int32Array.from({ length: 6 }, (_, i) => i)

it('gives the singular values of numpy, of few rows as of many', () => {
  const { singularValues, vectors } = principal({ values: six, width: 3, at }, 3)
  for (const [i, value] of [6.319427684824015, 3.778114066212648, 2.7611630108161465].entries())
    expect(singularValues[i]).toBeCloseTo(value, 9)
  // The sign is free: the largest entry is positive.
  for (const [i, value] of [-0.48911641249979404, -0.3366184224419103, 0.8046447493745619].entries())
    expect(vectors[i]).toBeCloseTo(value, 9)
  const uncentred = principal({ values: six, width: 3, at }, 3, false).singularValues
  for (const [i, value] of [10.846421831479116, 6.303260050237119, 2.7611675415841823].entries())
    expect(uncentred[i]).toBeCloseTo(value, 9)
  const wide = principal({ values: six, width: 9, at: Int32Array.of(0, 1) }, 2)
  const distance = Math.sqrt(six.subarray(0, 9).reduce((sum, value, j) => sum + (value - six[9 + j]!) ** 2, 0))
  expect(wide.singularValues[0]).toBeCloseTo(distance / Math.SQRT2, 9)
})

it('clusters as scikit-learn 1.2.1 does', () => {
  const points = Float64Array.of(1, 2, 2, 1, 1.5, 1.5, 8, 9, 9, 8, 5, 6)
  const found = twoMeans(points, 2, stream(0))
  expect(found.inertia).toBeCloseTo(14.333333333333334, 12)
  expect([...found.sizes]).toEqual([3, 3])
  expect(silhouette(points, 2, found)).toBeCloseTo(0.7212880611858933, 12)
})

it('adds a row to a ridge regression exactly', () => {
  const labels = Int32Array.of(0, 1, 0, 1, 1, 0)
  const rows = { values: six, width: 3 }
  // A ridge that does not depend on the rows: as none, on rows that determine the weights.
  const without = fitRidge({ ...rows, at: at.subarray(0, 5) }, labels, 2, 0)
  const full = fitRidge({ ...rows, at }, labels, 2, 0)
  const { residual, gain } = withRow(without, rows, 5, 0)
  for (const row of at) {
    const before = ridgeOutputs(without, rows, row)
    const after = ridgeOutputs(full, rows, row)
    const g = gain(rows, row)
    for (const c of [0, 1]) expect(before[c]! + g * residual[c]!).toBeCloseTo(after[c]!, 8)
  }
})
