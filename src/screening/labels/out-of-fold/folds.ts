import { BartizanError } from '../../../base/errors.ts'
import { permutation } from '../../../base/permutation.ts'
import { stream } from '../../../base/random.ts'

/**
 * The fold of each row, from 0: every class is spread evenly over the folds, and so are all rows; which rows go together
 * depends on the seed only. Throws USAGE for fewer than two folds, or more folds than rows.
 */
export const stratifiedFolds = (labels: Int32Array, folds: number, seed: number): Int32Array => {
  if (!Number.isInteger(folds) || folds < 2 || folds > labels.length)
    throw new BartizanError('USAGE', `${labels.length} rows can't be cross-validated in ${folds} folds`, {
      hint: 'from 2 folds to as many as there are rows; 5 are usual',
      data: { folds, rows: labels.length },
    })
  const order = permutation(labels.length, stream(seed, 'folds'))
  // Stable: within a class the rows stay in the drawn order. The classes follow one another, so that folds fill evenly.
  const byClass = order.sort((a, b) => labels[a]! - labels[b]! || 0)
  const result = new Int32Array(labels.length)
  for (const [at, row] of byClass.entries()) result[row] = at % folds
  return result
}
