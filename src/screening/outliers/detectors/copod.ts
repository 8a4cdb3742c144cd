import { defineDetector } from '../detector.ts'
import { fitTailDetector, tailMemory, tailParameters } from './tail-detector.ts'
import type { TailScore } from './tails.ts'

/**
 * Improbable under the empirical copula: Σ over columns of the larger of -ln of the tail that the column is skewed to
 * and the mean of both tails.
 */
export const copod = defineDetector({
  id: 'copod',
  title: 'rows that are improbable under the empirical copula',
  reference: 'Li et al. 2020, arXiv:2009.09463',
  parameters: tailParameters,
  least: 1,
  memory: tailMemory,
  fit: (rows, { mode }) => fitTailDetector(rows, mode, skewedTail),
})

const skewedTail: TailScore = (left, right, sign) => {
  if (sign === 0) return -Math.log(left * right)
  const skewed = sign < 0 ? left : right
  return -Math.log(Math.min(skewed, Math.sqrt(left * right)))
}
