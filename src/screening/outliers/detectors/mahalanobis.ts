import { chiSquaredCritical } from '../../../stats/two-sample/index.ts'
import { distancesBy, type Estimate, estimateOf, type Points } from '../covariance/estimate.ts'
import { fastMcd } from '../covariance/fast-mcd.ts'
import { principalComponents } from '../covariance/principal-components.ts'
import { scalingBy } from '../covariance/scaling.ts'
import { defineDetector } from '../detector.ts'
import type { Rows } from '../rows.ts'

/** Most dimensions of a scatter, and rows that each of them takes at least. */
const mostDimensions = 32
const rowsADimension = 5

/**
 * Far from the bulk: squared Mahalanobis distance by the minimum covariance determinant. The raw estimate of the half is
 * made consistent at the normal distribution by the median distance, then made again of all rows within its 97.5 %
 * ellipsoid (Rousseeuw and Van Driessen 1999; the steps of scikit-learn's MinCovDet). Of wide rows, or few, their
 * leading principal components are taken, and the distance from the plane of these as one column more.
 */
export const mahalanobis = defineDetector({
  id: 'mahalanobis',
  title: 'rows far from the bulk, by a robust covariance',
  reference: 'Rousseeuw and Van Driessen 1999, A fast algorithm for the minimum covariance determinant estimator',
  parameters: {
    components: {
      kind: 'integer',
      default: 0,
      min: 0,
      help: 'wider rows are reduced to so many principal components; 0: 32, or a fifth of the rows where these are fewer',
    },
  },
  least: 1,
  memory: (rows, width) => 8 * rows * (3 * Math.min(width, mostDimensions + 1) + 3),
  async fit(rows, { components }, { random }) {
    const most = components || Math.max(1, Math.min(mostDimensions, Math.floor(rows.rows / rowsADimension)))
    const reduce = rows.width > most ? principalComponents(rows, most) : asDoubles
    const points = reduce(rows)
    const scaled = scalingBy(points)
    const { distances } = distancesBy(reweighted(scaled(points), fastMcd(scaled(points), random.fork('mcd'))))
    return { width: rows.width, score: async (asked) => distances(scaled(reduce(asked))) }
  },
})

const asDoubles = ({ values, rows, width }: Rows): Points => ({ values: Float64Array.from(values), rows, width })

const reweighted = (points: Points, raw: Estimate): Estimate => {
  const { width } = points
  const distances = distancesBy(raw).distances(points)
  const correction = medianOf(distances) / chiSquaredCritical(0.5, width)
  const limit = correction * chiSquaredCritical(0.025, width)
  const within = Int32Array.from({ length: points.rows }, (_, row) => row).filter((row) => distances[row]! <= limit)
  return estimateOf(points, within)
}

const medianOf = (values: Float64Array): number => {
  const sorted = values.slice().sort()
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}
