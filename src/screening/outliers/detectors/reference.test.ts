import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { aucFigure } from '../../../stats/index.ts'
import type { AnyParameters } from '../../../threat/parameters.ts'
import { distancesBy } from '../covariance/estimate.ts'
import { fastMcd } from '../covariance/fast-mcd.ts'
import { scalingBy } from '../covariance/scaling.ts'
import { fitOutliers } from '../detector.ts'
import type { Rows } from '../rows.ts'
import { rowsOf } from '../testing.ts'
import { outlierDetectors } from './index.ts'

/**
 * scikit-learn 1.2.1 on the same rows as doubles: LocalOutlierFactor(10), with novelty=True for new rows;
 * NearestNeighbors(5); MinCovDet, the same for every random_state; IsolationForest, of which only order and level can
 * agree.
 */
const fit = (id: string, rows: Rows, parameters?: AnyParameters) =>
  fitOutliers(outlierDetectors.get(id)!, rows, { random: stream(1, id), ...(parameters && { parameters }) })

/** 60 rows without a random number, every twelfth moved out. */
const pattern = rowsOf(
  Array.from({ length: 60 }, (_, i) =>
    [4, -3, 5].map((move, j) => {
      let sum = 0
      for (let k = 0; k < 6; k++) sum += ((i * (j * 7 + 3) + k * (i + 5) * (j + 2)) % (17 + 6 * k)) / (17 + 6 * k)
      return Math.fround(sum - 3) + (i % 12 === 0 ? move : 0)
    }),
  ),
)
const fresh = rowsOf([
  [0, 0, 0],
  [5, -4, 5],
  [0.5, -0.25, 8],
  [-1.5, 1.25, 0.5],
])

const table = readFileSync('test/fixtures/data/breast-cancer.csv', 'utf8')
  .trim()
  .split(/\r?\n/)
  .slice(1)
  .map((line) => line.split(',').slice(0, 31).map(Number))
const tumours = (target: number, width: number): Rows =>
  rowsOf(table.filter((row) => row[30] === target).map((row) => row.slice(0, width)))

const relative = (scores: ArrayLike<number>, expected: readonly number[], tolerance: number): void => {
  for (const [i, value] of expected.entries()) expect(Math.abs(scores[i]! / value - 1)).toBeLessThan(tolerance)
}
const chosen = (scores: Float64Array, at: readonly number[]): number[] => at.map((row) => scores[row]!)

describe('scikit-learn', () => {
  it('has the same local outlier factors, of fitted and of new rows', async () => {
    const fitted = await fit('lof', pattern, { k: 10 })
    const own = [3.892728643, 1.103446688, 0.969236697, 4.169565549, 0.998601127, 0.989579062]
    relative(chosen(await fitted.scoreFitted!(), [0, 1, 2, 12, 13, 59]), own, 1e-6)
    relative(await fitted.score(fresh), [1.003447767, 3.440863963, 3.971988768, 1.692170262], 1e-6)
  })

  it('has the same factors of malignant tumours among benign ones', async () => {
    const scores = await (await fit('lof', tumours(1, 30))).score(tumours(0, 30))
    relative(scores, [12.978438423105374, 13.554291788609723, 10.478636419790602, 1.6924262000257069], 1e-6)
    expect(scores.reduce((sum, score) => sum + score) / scores.length).toBeCloseTo(7.565957856, 5)
  })

  it.each([
    ['largest', [0.4984578918939724, 2.6549589334260655, 6.64977032469638, 1.6783123455597269]],
    ['mean', [0.3335966910871618, 1.8546152481614158, 5.355127531815641, 1.378055498960674]],
    ['median', [0.42199145141503963, 1.9815157377123482, 5.594420509796831, 1.4647917088374418]],
  ])('has the same %s distance to five neighbours', async (distance, expected) =>
    relative(await (await fit('knn', pattern, { distance })).score(fresh), expected, 1e-6),
  )

  it('has the same distance of a fitted row to its neighbours, itself left out', async () => {
    const own = await (await fit('knn', pattern)).scoreFitted!()
    const expected = [6.090416800422453, 0.7244748466718959, 5.136054730575536, 0.48745793391902215]
    relative(chosen(own, [0, 1, 12, 59]), expected, 1e-6)
  })

  it('has the same robust distances', async () => {
    const fitted = await fit('mahalanobis', pattern)
    const expected = [
      196.35476391267247, 2.621597180821653, 0.18554219229430902, 163.2023774163256, 1.7979729268608315,
      0.15645805221136466,
    ]
    relative(chosen(await fitted.score(pattern), [0, 1, 2, 12, 13, 59]), expected, 1e-5)
    const others = [1.4374723328143741, 235.21890663733066, 252.92463748956774, 23.33434215741019]
    relative(await fitted.score(fresh), others, 1e-5)
  })

  it.each([
    [3, -8.365875319],
    [8, -25.508645296],
  ])('finds no half of a smaller determinant in %i columns of tumours', (width, logDeterminant) => {
    const rows = tumours(1, width)
    const points = scalingBy({ ...rows, values: Float64Array.from(rows.values) })({
      ...rows,
      values: Float64Array.from(rows.values),
    })
    // Of the half that scikit-learn's fast_mcd ends with, the least over its seeds, columns scaled to variance 1.
    for (const seed of [1, 2])
      expect(distancesBy(fastMcd(points, stream(seed))).logDeterminant).toBeLessThan(logDeterminant + 1e-4)
  })

  it.each([
    [
      4,
      [2.705211500241786, 5.659478148916769, 21.636376815336575, 3.2679119045078426],
      [586.9069160806505, 1928.654293024314, 1211.277121653705, 34.75342311518917],
    ],
  ])('has the same robust distances of tumours by %i columns', async (width, own, malignant) => {
    const fitted = await fit('mahalanobis', tumours(1, width))
    relative(await fitted.score(tumours(1, width)), own, 1e-4)
    relative(await fitted.score(tumours(0, width)), malignant, 1e-4)
  })

  it('parts the same rows by Isolation Forest: AUC 0.956 to 0.961 over its seeds, mean score 0.489 to 0.495', async () => {
    const fitted = await fit('isolation-forest', tumours(1, 30))
    const [benign, malignant] = [await fitted.score(tumours(1, 30)), await fitted.score(tumours(0, 30))]
    const auc = aucFigure({ positives: malignant, negatives: benign }).value
    expect(auc).toBeGreaterThan(0.95)
    expect(auc).toBeLessThan(0.968)
    const all = [...benign, ...malignant]
    const mean = all.reduce((sum, score) => sum + score, 0) / all.length
    expect(mean).toBeGreaterThan(0.48)
    expect(mean).toBeLessThan(0.503)
  })
})
