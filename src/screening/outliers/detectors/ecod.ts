import { defineDetector } from '../detector.ts'
import { fitTailDetector, tailMemory, tailParameters } from './tail-detector.ts'
import type { TailScore } from './tails.ts'

/**
 * Far out in the columns' own distributions: Σ over columns of -ln of the smaller tail's probability; of both tails'
 * where a column is not skewed at all (max(U_l, U_r, U_skew) of the paper's code, PyOD's).
 */
export const ecod = defineDetector({
  id: 'ecod',
  title: "rows far out in the tails of the columns' distributions",
  reference: 'Li et al. 2022, arXiv:2201.00382',
  parameters: tailParameters,
  least: 1,
  memory: tailMemory,
  fit: (rows, { mode }) => fitTailDetector(rows, mode, smallerTail),
})

const smallerTail: TailScore = (left, right, sign) => -Math.log(sign === 0 ? left * right : Math.min(left, right))
