import { binomialCdf, normalCdf, normalQuantile } from '../../stats/index.ts'
import { falseDiscovery } from '../../stats/two-sample/index.ts'
import { defineScreen, type NullComparison, type ScreenContext, type ScreenResult } from '../../threat/screen.ts'
import { coordinates, principal } from '../linear/principal.ts'
import { fitRidge, ridgeOutputs } from '../linear/ridge.ts'
import { cannotTell } from './cannot-tell.ts'
import { sampleOf } from './class-tests/rows-of-class.ts'

const folds = 5
const dims = 50
const lambda = 1e-3
/** Fewer rows than this a source show nothing of it. */
const leastRows = 5
/** Rows that a fold learns from, at most. */
const mostRows = 20_000
/** Rows that the space is found by, at most. */
const mostForSpace = 2000
/** Comparisons that are told, at most: those of the least p-values. */
const mostTold = 100

const sourceName = ({ sourceNames }: ScreenContext, source: number): string => sourceNames?.[source] ?? String(source)

/** Whether the label of each row differs from what the contents of rows of other sources make of it. */
const contradicted = (context: ScreenContext, labels: Int32Array, sources: Int32Array): Uint8Array => {
  const { x, size, rows, classes } = context
  const all = Int32Array.from({ length: rows }, (_, row) => row)
  const learnable = sampleOf(all, mostRows, context.random('sample'))
  const few = sampleOf(all, mostForSpace, context.random('space'))
  // A space to learn in, not the exact components: a coarse answer is as good.
  const space = principal({ values: x, width: size, at: few }, dims, true, 1e-4)
  const width = space.singularValues.length
  const points = { values: coordinates({ values: x, width: size, at: all }, space), width }
  const order = context.random('folds')
  const fold = new Map<number, number>()
  const names = [...new Set(sources)].sort((a, b) => a - b)
  const used = Math.min(folds, names.length)
  const start = order.integer(used)
  for (const [i, name] of names.entries()) fold.set(name, (i + start) % used)
  const wrong = new Uint8Array(rows)
  for (let held = 0; held < used; held++) {
    const at = learnable.filter((row) => fold.get(sources[row]!) !== held)
    const ridge = fitRidge({ ...points, at }, labels, classes, lambda)
    for (const row of all) {
      if (fold.get(sources[row]!) !== held) continue
      const outputs = ridgeOutputs(ridge, points, row)
      wrong[row] = outputs.some((value, c) => c !== labels[row] && value > outputs[labels[row]!]!) ? 1 : 0
    }
  }
  return wrong
}

const run = (context: ScreenContext): ScreenResult => {
  const { labels, sources, classes, rows, size, x } = context
  if (!labels) return cannotTell(context, 'there are no labels')
  if (!sources) return cannotTell(context, 'nothing says which source a row is from')
  if (new Set(sources).size < 2)
    return cannotTell(context, 'all rows are from one source: there is no other to judge by')
  if (x.some((value) => !Number.isFinite(value))) return cannotTell(context, 'some values are not finite')
  if (size === 0 || x.every((value) => value === x[0]))
    return cannotTell(context, 'all values are the same: contents say nothing of labels')
  const wrong = contradicted(context, labels, sources)
  const totals = Array.from({ length: classes }, () => ({ rows: 0, wrong: 0 }))
  const bySource = new Map<number, { rows: number; wrong: number; byClass: Map<number, [number, number]> }>()
  for (let row = 0; row < rows; row++) {
    const label = labels[row]!
    const source = bySource.get(sources[row]!) ?? { rows: 0, wrong: 0, byClass: new Map<number, [number, number]>() }
    bySource.set(sources[row]!, source)
    const own = source.byClass.get(label) ?? [0, 0]
    source.byClass.set(label, [own[0] + 1, own[1] + wrong[row]!])
    source.rows++
    source.wrong += wrong[row]!
    totals[label]!.rows++
    totals[label]!.wrong += wrong[row]!
  }
  // What the same mix of classes would have shown in rows of other sources.
  const judged = [...bySource]
    .filter(([, { rows: own }]) => own >= leastRows)
    .map(([source, own]) => {
      let expected = 0
      for (const [label, [count, bad]] of own.byClass) {
        const others = totals[label]!
        expected += (count * (others.wrong - bad + 0.5)) / (others.rows - count + 1)
      }
      const rate = Math.min(1 - 1e-9, expected / own.rows)
      return { source, own, rate, z: (own.wrong - own.rows * rate) / Math.sqrt(own.rows * rate * (1 - rate)) }
    })
  if (judged.length < 2) return cannotTell(context, `fewer than two sources have ${leastRows} rows`)
  const spread = overdispersion(judged.map(({ z }) => z))
  const p = judged.map(({ own, rate, z }) =>
    Math.min(1, Math.max(1 - binomialCdf(own.wrong - 1, own.rows, rate), normalCdf(-z / spread))),
  )
  const bad = falseDiscovery(p, context.falseDiscoveryRate)
  const guilty = new Set(judged.filter((_, i) => bad[i]!).map(({ source }) => source))
  const excess = new Map(judged.map(({ source, z }) => [source, z / spread]))
  const comparison = ({ source, z }: (typeof judged)[number], i: number): NullComparison => ({
    statistic: `labels of source ${sourceName(context, source)} that contents contradict, in standard deviations above the same classes elsewhere`,
    measured: z,
    median: 0,
    q95: spread * normalQuantile(0.95),
    q99: spread * normalQuantile(0.99),
    p: p[i]!,
  })
  const told = judged.map((one, i) => comparison(one, i)).sort((a, b) => a.p - b.p)
  const names = [...guilty].map((source) => sourceName(context, source))
  const few = bySource.size - judged.length
  const rest = few > 0 ? `; ${few} sources have fewer than ${leastRows} rows, and nothing can be said of them` : ''
  return {
    verdict: guilty.size > 0 ? 'flagged' : 'nothing found',
    reason:
      (guilty.size > 0
        ? `${names.slice(0, 10).join(', ')}${names.length > 10 ? ` and ${names.length - 10} more` : ''}: labels contradict contents more often than in other sources`
        : `none of ${judged.length} sources has labels that contradict contents more often than others`) + rest,
    scores: Float64Array.from(sources, (source) => excess.get(source) ?? 0),
    flagged: Int32Array.from({ length: rows }, (_, row) => row).filter((row) => guilty.has(sources[row]!)),
    null: told.slice(0, mostTold),
  }
}

/**
 * By how much sources differ more than rows drawn at random would: the median of |z| against that of a normal number.
 * Sources have their own habits, and half of them may be bad before this is misled.
 */
const overdispersion = (z: readonly number[]): number => {
  if (z.length < 5) return 1
  const sorted = z.map(Math.abs).sort((a, b) => a - b)
  return Math.max(1, sorted[sorted.length >> 1]! / normalQuantile(0.75))
}

/**
 * Which source is bad (after Baracaldo et al. 2017): a learner that saw only rows of other sources tells how often the
 * labels of each contradict its contents. All rows of a bad source are flagged. Not the accuracy with and without a source, which
 * one source among many hardly moves.
 */
export const provenance = defineScreen({
  id: 'provenance',
  title: 'Sources or annotators whose labels contradict the contents of their rows',
  reference:
    'Baracaldo et al. 2017, Mitigating Poisoning Attacks on Machine Learning Models: A Data Provenance Based Approach',
  needs: ['labels', 'sources'],
  parameters: {},
  run: async (context) => run(context),
})
