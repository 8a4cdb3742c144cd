import {
  binCounts,
  kolmogorovSmirnov,
  populationStability,
  quantileEdges,
  smallestDistance,
  wasserstein,
} from '../../stats/two-sample/index.ts'
import type { Draft } from './draft.ts'
import { type Moments, momentsOf } from './moments.ts'
import type { ComparisonOptions } from './options.ts'
import { type ColumnPair, present } from './profile.ts'
import { pText } from './verdict.ts'

/** How the numbers of a column differ; the bins let a reader do the sums again. */
export interface NumericMeasures {
  readonly distance: number
  readonly distanceAt: number
  readonly p: number
  readonly method: 'exact' | 'asymptotic'
  /** In the column's own units. */
  readonly wasserstein: number
  /** In standard deviations of the reference; null where it has none. */
  readonly scaledWasserstein: number | null
  readonly stability: number
  readonly edges: readonly number[]
  readonly bins: { readonly reference: readonly number[]; readonly current: readonly number[] }
  readonly reference: Moments
  readonly current: Moments
}

/** Undefined where one side holds no number. */
export const numericMeasures = ({ reference, current }: ColumnPair): NumericMeasures | undefined => {
  const [a, b] = [reference.values ?? new Float64Array(), current.values ?? new Float64Array()]
  const [ofA, ofB] = [momentsOf(a), momentsOf(b)]
  if (ofA === undefined || ofB === undefined) return undefined
  const { distance, p, method, at } = kolmogorovSmirnov(a, b)
  const edges = quantileEdges(a, 10)
  const bins = { reference: binCounts(a, edges), current: binCounts(b, edges) }
  const area = wasserstein(a, b)
  return {
    distance,
    distanceAt: at,
    p,
    method,
    wasserstein: area,
    scaledWasserstein: ofA.deviation > 0 ? area / ofA.deviation : null,
    stability: populationStability(bins.reference, bins.current),
    edges,
    bins,
    reference: ofA,
    current: ofB,
  }
}

const short = (value: number): string => String(Number(value.toPrecision(4)))
const of = (sampled: number, all: number): string =>
  sampled === all ? `${all}` : `a seeded sample of ${sampled} of ${all}`

/** The check of a column of numbers, or of the lengths of texts. */
export const numericDraft = (
  pair: ColumnPair,
  measures: NumericMeasures | undefined,
  { distance, wasserstein: area, stability }: ComparisonOptions,
): Draft => {
  const { column } = pair.reference
  const what = pair.kind === 'text' ? 'lengths of text' : 'numbers'
  const id = `${column}.${pair.kind === 'text' ? 'length' : 'distribution'}`
  const required = `${what}: Kolmogorov-Smirnov distance up to ${distance}, Wasserstein up to ${area} deviations and PSI up to ${stability}, unless by chance`
  const counted = (profile: typeof pair.current) => (pair.kind === 'text' ? 0 : profile.notNumbers)
  if (measures === undefined)
    return { id, column, n: 0, measured: null, required, found: 'one of the tables has no values here' }
  const { reference, current, scaledWasserstein, p } = measures
  const sizes = `${of(reference.n, present(pair.reference) - counted(pair.reference))} and ${of(current.n, present(pair.current) - counted(pair.current))} values`
  return {
    id,
    column,
    n: current.n,
    measured: measures.distance,
    effect: measures.distance,
    required,
    found:
      `${what} differ most at ${short(measures.distanceAt)}: distance ${short(measures.distance)} (${pText(p)}, ${sizes}), ` +
      `Wasserstein ${scaledWasserstein === null ? short(measures.wasserstein) : `${short(scaledWasserstein)} deviations`}, ` +
      `PSI ${short(measures.stability)}, mean ${short(reference.mean)} then ${short(current.mean)}, ` +
      `deviation ${short(reference.deviation)} then ${short(current.deviation)}`,
    test: {
      p,
      large: measures.distance > distance || (scaledWasserstein ?? 0) > area || measures.stability > stability,
      limit: distance,
      smallest: (level) => smallestDistance(level, reference.n, current.n),
    },
  }
}
