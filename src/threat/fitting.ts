import { stream } from '../base/random.ts'
import type { AnyParameters, ParameterSpecs } from './parameters.ts'

/** Parameters of attacks that make one change for all rows: of which rows, and whether those are judged too. */
export const fittingParameters = {
  'fit-rows': {
    kind: 'integer',
    default: 256,
    min: 1,
    help: 'rows that it is made from, at most; half of all, at most',
  },
  'held-out': {
    kind: 'boolean',
    default: true,
    help: 'judge only rows that it was not made from; of fewer than 32 rows it is made from all, and all are judged',
  },
} as const satisfies ParameterSpecs

/** Of fewer rows none is kept for judging alone: half of them would be too few to make a change from. */
const fewest = 32

export interface FittingRows {
  /** Rows that the change is made from, by number, in order. */
  readonly chosen: readonly number[]
  /** The same where they are not judged, else none. */
  readonly apart: ReadonlySet<number>
}

/**
 * The rows of a set that a change for all rows is made from: drawn by the seed, since files are often sorted by class.
 * The literature makes it from training rows and reports on others (Moosavi-Dezfooli et al. 2017, arXiv:1610.08401;
 * Brown et al. 2017, arXiv:1712.09665), so by default half of the rows, at most `fit-rows`, are kept from being judged.
 */
export const rowsToFit = (id: string, rows: number, parameters: AnyParameters, seed: number): FittingRows => {
  const most = Number(parameters['fit-rows'] ?? rows)
  const holdsOut = parameters['held-out'] === true && rows >= fewest
  const count = Math.min(most, holdsOut ? Math.floor(rows / 2) : rows)
  const random = stream(seed, id, 'rows to fit')
  const order = Int32Array.from({ length: rows }, (_, row) => row)
  for (let i = 0; i < count; i++) {
    const j = i + random.integer(rows - i)
    const drawn = order[j]!
    order[j] = order[i]!
    order[i] = drawn
  }
  const chosen = [...order.subarray(0, count)].sort((a, b) => a - b)
  return { chosen, apart: new Set(holdsOut ? chosen : []) }
}
