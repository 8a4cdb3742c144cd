import type { GraphBuilder, Value } from '../builder.ts'
import { padAxis } from './spread.ts'

/**
 * The gradient of gathering positions `sources` of an axis of `size`: entries of `x` added up where they came from.
 * Meant for few, long runs (a padded image), each of which is sliced, turned or summed, and padded into place.
 */
export const fold = (g: GraphBuilder, x: Value, axis: number, sources: readonly number[], size: number): Value =>
  runsOf(sources)
    .map(({ from, count, source, step }) => {
      const last = source + (count - 1) * step
      const lowest = Math.min(source, last)
      const length = step === 0 ? 1 : count
      return padAxis(g, piece(g, x, axis, from, count, step), axis, lowest, size - lowest - length)
    })
    .reduce((a, b) => g.add(a, b))

const piece = (g: GraphBuilder, x: Value, axis: number, from: number, count: number, step: number): Value => {
  if (step < 0) return g.slice(x, [from + count - 1], [from === 0 ? Number.MIN_SAFE_INTEGER : from - 1], [axis], [-1])
  const part = g.slice(x, [from], [from + count], [axis])
  return step === 0 && count > 1 ? g.reduceSum(part, [axis], true) : part
}

interface Run {
  readonly from: number
  readonly count: number
  readonly source: number
  readonly step: number
}

/** Longest stretches along which the source goes up by one, down by one, or stays. */
const runsOf = (sources: readonly number[]): readonly Run[] => {
  const runs: Run[] = []
  for (let from = 0; from < sources.length; ) {
    const source = sources[from]!
    const difference = from + 1 < sources.length ? sources[from + 1]! - source : 1
    const step = Math.abs(difference) <= 1 ? difference : 1
    let count = 1
    while (from + count < sources.length && sources[from + count] === source + count * step) count++
    runs.push({ from, count, source, step })
    from += count
  }
  return runs
}
