import type { LabelFilter } from '../../../contract/labels.ts'
import { rowsWhere } from '../../../threat/rows.ts'
import { classCounts, type LabelledProbabilities } from './labelled-probabilities.ts'
import { labelScores } from './scores.ts'

/** A class of so few rows is left alone by the filters that prune. */
const fewest = 1
const tolerance = 1e-6

export interface FilterInput extends LabelledProbabilities {
  /** Class that each row confidently belongs to, -1 where none. */
  readonly guesses: Int32Array
  /** The calibrated joint in whole rows. */
  readonly joint: Int32Array
}

/** Rows whose labels the filter holds to be wrong, ascending. */
export const filteredRows = (input: FilterInput, filter: LabelFilter): Int32Array => {
  const { labels } = input
  const disputed = (row: number): boolean => isDisputed(input, row)
  const kept = (chosen: Uint8Array): Int32Array => rowsWhere(labels.length, (row) => chosen[row] === 1 && disputed(row))
  const confident = (): Uint8Array =>
    Uint8Array.from(labels, (label, row) => (input.guesses[row]! >= 0 && input.guesses[row] !== label ? 1 : 0))
  switch (filter) {
    case 'prune-by-noise-rate':
      return kept(prunedByNoiseRate(input))
    case 'prune-by-class':
      return kept(prunedByClass(input))
    case 'both': {
      const other = prunedByClass(input)
      return kept(prunedByNoiseRate(input).map((chosen, row) => chosen & other[row]!))
    }
    case 'confident-learning':
      return kept(confident())
    case 'predicted-neq-given':
      return rowsWhere(labels.length, disputed)
    default: {
      const scores = labelScores(input, filter === 'low-self-confidence' ? 'self-confidence' : 'normalized-margin')
      const all = rowsWhere(labels.length, () => true)
      return largest(all, kept(confident()).length, (row) => -scores[row]!)
    }
  }
}

/** Whether another class is likelier than the given label; of equals the label is taken to be right. */
const isDisputed = ({ labels, probabilities, classes }: LabelledProbabilities, row: number): boolean => {
  const label = labels[row]!
  const own = probabilities[row * classes + label]! + tolerance
  for (let c = 0; c < classes; c++) {
    const p = probabilities[row * classes + c]!
    if (p > own || (p === own && c < label)) return true
  }
  return false
}

/** For each given label k and true class j, as many rows as the joint says, of the largest p_j - p_k. */
const prunedByNoiseRate = (input: FilterInput): Uint8Array => {
  const { probabilities: p, classes, joint } = input
  return pruned(input, (rows, given, choose) => {
    for (let truth = 0; truth < classes; truth++) {
      const count = joint[given * classes + truth]!
      if (truth === given || count === 0) continue
      choose(largest(rows, count, (row) => p[row * classes + truth]! - p[row * classes + given]!))
    }
  })
}

/** For each given label k, as many rows as the joint says are wrong, of the smallest p_k. */
const prunedByClass = (input: FilterInput): Uint8Array => {
  const { probabilities: p, classes, joint } = input
  return pruned(input, (rows, given, choose) => {
    choose(largest(rows, rows.length - joint[given * classes + given]!, (row) => -p[row * classes + given]!))
  })
}

/** The `count` rows of the largest values; of equals the earlier rows. */
const largest = (rows: Int32Array, count: number, valueAt: (row: number) => number): Int32Array => {
  if (count <= 0) return new Int32Array(0)
  if (count >= rows.length) return rows
  const values = Float64Array.from(rows, valueAt)
  const last = values.slice().sort()[rows.length - count]!
  let equals = count - values.filter((value) => value > last).length
  return rows.filter((_, i) => values[i]! > last || (values[i] === last && equals-- > 0))
}

const pruned = (
  { labels, classes }: FilterInput,
  prune: (rows: Int32Array, given: number, choose: (rows: Int32Array) => void) => void,
): Uint8Array => {
  const chosen = new Uint8Array(labels.length)
  const choose = (rows: Int32Array): void => {
    for (const row of rows) chosen[row] = 1
  }
  for (const [given, rows] of rowsByClass(labels, classes).entries())
    if (rows.length > fewest) prune(rows, given, choose)
  return chosen
}

const rowsByClass = (labels: Int32Array, classes: number): readonly Int32Array[] => {
  const counts = classCounts(labels, classes)
  const groups = Array.from(counts, (count) => new Int32Array(count))
  const filled = new Int32Array(classes)
  for (const [row, label] of labels.entries()) groups[label]![filled[label]!++] = row
  return groups
}
