import type { AttackContext } from '../../../threat/attack.ts'

/**
 * How much an expert would look at each feature, from 0: the size of its Pearson correlation with the label over some
 * rows, the largest over the classes, scaled to length 1 (Ballet et al. 2019, section 3.3).
 */
export const importances = ({
  x0,
  rows,
  size,
  labels,
  target: { classes },
}: Pick<AttackContext, 'x0' | 'rows' | 'size' | 'labels'> & {
  readonly target: { readonly classes: number }
}): Float32Array => {
  const found = new Float32Array(size)
  for (let at = 0; at < size; at++) {
    const values = Float64Array.from({ length: rows }, (_, row) => x0[row * size + at]!)
    for (let k = 0; k < classes; k++) {
      const is = Float64Array.from(labels, (label) => Number(label === k))
      found[at] = Math.max(found[at]!, Math.abs(correlation(values, is)))
    }
  }
  const length = Math.hypot(...found)
  return length > 0 ? found.map((value) => value / length) : found.fill(1 / Math.sqrt(size))
}

/** 0 where one of the two doesn't vary. */
const correlation = (a: Float64Array, b: Float64Array): number => {
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanA, meanB] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (const [i, value] of a.entries()) {
    ab += (value - meanA) * (b[i]! - meanB)
    aa += (value - meanA) ** 2
    bb += (b[i]! - meanB) ** 2
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0
}
