import type { Forest } from './forest.ts'

/**
 * The values of each feature between which no box ends: segments of feature f are `start[f]` up to `start[f + 1]`, each
 * from `low` to `high`; bound k of a box covers the segments `first[k]` to `last[k]`.
 */
export interface Segments {
  readonly start: Int32Array
  readonly low: Float64Array
  readonly high: Float64Array
  readonly first: Int32Array
  readonly last: Int32Array
}

export const segmentsOf = (forest: Forest): Segments => {
  const { features, feature, lower, upper } = forest
  const ends = Array.from({ length: features }, () => ({ low: new Set([forest.low]), high: new Set([forest.high]) }))
  for (const [k, f] of feature.entries()) {
    ends[f]!.low.add(lower[k]!)
    ends[f]!.high.add(upper[k]!)
  }
  const sorted = ends.map(({ low, high }) => ({
    low: [...low].sort((a, b) => a - b),
    high: [...high].sort((a, b) => a - b),
  }))
  const start = new Int32Array(features + 1)
  for (const [f, { low }] of sorted.entries()) start[f + 1] = start[f]! + low.length
  const places = sorted.map(({ low, high }) => ({
    low: new Map(low.map((value, i) => [value, i])),
    high: new Map(high.map((value, i) => [value, i])),
  }))
  return {
    start,
    low: Float64Array.from(sorted.flatMap(({ low }) => low)),
    high: Float64Array.from(sorted.flatMap(({ high }) => high)),
    first: feature.map((f, k) => start[f]! + places[f]!.low.get(lower[k]!)!),
    last: feature.map((f, k) => start[f]! + places[f]!.high.get(upper[k]!)!),
  }
}
