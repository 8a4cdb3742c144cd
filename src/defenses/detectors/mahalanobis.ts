import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { featuresOf } from '../../models/features.ts'
import { inverseCholesky } from '../../stats/cholesky.ts'
import { defineDetector } from '../../threat/detector.ts'
import { type ClassStatistics, classStatistics } from './class-statistics.ts'
import { shrunkCovariance } from './shrinkage.ts'

/**
 * The squared Mahalanobis distance of the penultimate features to the nearest class mean, under one covariance for all
 * classes. Of the paper's method this is the single-layer score: its ensemble over layers is trained on adversarial
 * rows, and its input preprocessing is a gradient step, which a file that only predicts can't take.
 */
export const mahalanobis = defineDetector({
  id: 'mahalanobis',
  title: 'Mahalanobis distance to the nearest class in feature space',
  reference: 'Lee et al. 2018, arXiv:1807.03888',
  parameters: {},
  async fit(context) {
    const { width, centre, whitening, classes, means, squares } = whitened(await classStatistics(context))
    return {
      key: `mahalanobis ${sha256([centre, whitening, means].map(digest).join())}`,
      score: ({ g, logits }) => {
        const features = featuresOf({ g, logits }).value
        const centred = g.sub(features, g.constant('float32', [width], centre))
        const white = g.matmul(centred, g.constant('float32', [width, width], whitening))
        // |a - m|² = |a|² - 2 a·m + |m|²; around the mean of all rows little cancels.
        const products = g.matmul(white, g.constant('float32', [width, classes], means))
        const toMeans = g.sub(g.constant('float32', [classes], squares), g.mul(products, 2))
        return g.max(g.add(g.reduceSum(g.square(white), [1]), g.reduceMin(toMeans, [1])), 0)
      },
    }
  },
})

const digest = (values: Float64Array): string => sha256(new Uint8Array(Float32Array.from(values).buffer))

/** Class means in the coordinates in which the covariance is 1, around the mean of the means. */
const whitened = (statistics: ClassStatistics) => {
  const { width, means } = statistics
  const inverse = inverseCholesky(shrunkCovariance(statistics), width)
  if (!inverse)
    throw new BartizanError('DATA_CORRUPT', 'the features of these rows do not vary: they have no covariance', {
      hint: 'fit on more rows; each class needs more than one',
      data: { rows: statistics.rows, width },
    })
  const centre = new Float64Array(width).map((_, i) => means.reduce((sum, m) => sum + m[i]!, 0) / means.length)
  const whitening = transposed(inverse, width, width)
  const rows = means.map((mean) => {
    const result = new Float64Array(width)
    for (let i = 0; i < width; i++)
      for (let j = 0; j <= i; j++) result[i]! += inverse[i * width + j]! * (mean[j]! - centre[j]!)
    return result
  })
  return {
    width,
    classes: means.length,
    centre,
    whitening,
    means: transposed(Float64Array.from(rows.flatMap((row) => [...row])), means.length, width),
    squares: rows.map((row) => row.reduce((sum, value) => sum + value * value, 0)),
  }
}

const transposed = (values: Float64Array, rows: number, columns: number): Float64Array => {
  const result = new Float64Array(values.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j]!
  return result
}
