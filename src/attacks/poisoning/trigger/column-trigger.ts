import { permutation } from '../../../base/permutation.ts'
import type { Constraints } from '../../../threat/constraints/constraints.ts'
import type { TriggerContext } from '../../../threat/poisoning.ts'

/** A value that a trigger puts into a column. */
export interface ColumnValue {
  readonly feature: number
  readonly value: number
}

/**
 * Columns drawn by the seed among those that vary and that may be changed, each with a value that is rare in the training
 * rows but occurs: the one at the quantile, or, where that is the commonest, an end of the column's range. Fewer than asked
 * for where the table has fewer.
 */
export const columnTrigger = (context: TriggerContext, features: number, quantile: number): readonly ColumnValue[] => {
  const { size, random, constraints } = context
  const free = Array.from({ length: size }, (_, feature) => feature).filter(
    (feature) => varies(context, feature) && (!constraints || mayChange(context, constraints, feature)),
  )
  return [...permutation(free.length, random('columns')).subarray(0, features)]
    .map((at) => free[at]!)
    .sort((a, b) => a - b)
    .map((feature) => ({ feature, value: rareValue(columnOf(context, feature), quantile) }))
}

const columnOf = ({ x, size }: TriggerContext, feature: number): Float32Array => {
  const values = new Float32Array(size === 0 ? 0 : x.length / size)
  for (let row = 0; row < values.length; row++) values[row] = x[row * size + feature]!
  return values.filter(Number.isFinite)
}

const varies = ({ x, size }: TriggerContext, feature: number): boolean => {
  let first: number | undefined
  for (let at = feature; at < x.length; at += size) {
    const value = x[at]!
    if (!Number.isFinite(value)) continue
    first ??= value
    if (value !== first) return true
  }
  return false
}

/** One-hot groups stay whole, and columns that are fixed in every row stay as they are. */
const mayChange = ({ x, size }: TriggerContext, constraints: Constraints, feature: number): boolean => {
  if (constraints.kind(feature) === 'member') return false
  for (let from = 0; from < x.length; from += size) {
    const [low, high] = constraints.interval(x.subarray(from, from + size), feature)
    if (low < high) return true
  }
  return false
}

const rareValue = (column: Float32Array, quantile: number): number => {
  const values = column.sort()
  const common = commonest(values)
  const ends = [values[Math.min(values.length - 1, Math.floor(quantile * values.length))]!, values.at(-1)!, values[0]!]
  return ends.find((value) => value !== common)!
}

/** The value that occurs most often among sorted ones; the lowest of several. */
const commonest = (values: Float32Array): number => {
  let [best, most] = [values[0]!, 0]
  for (let from = 0; from < values.length; ) {
    let to = from
    while (to < values.length && values[to] === values[from]) to++
    if (to - from > most) [best, most] = [values[from]!, to - from]
    from = to
  }
  return best
}
