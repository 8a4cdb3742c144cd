import { permutation } from '../../../base/permutation.ts'
import { logGamma, quantile } from '../../../stats/index.ts'
import { falseDiscovery } from '../../../stats/two-sample/index.ts'
import type { NullComparison, ScreenContext, ScreenResult } from '../../../threat/screen.ts'
import type { Rows } from '../../linear/principal.ts'
import { foreignShare, singleValueShare, strangeRows } from './content.ts'
import { dipTest } from './dip.ts'
import { rowsOfClasses, sampleOf } from './rows-of-class.ts'

/** How a screen takes a class apart. */
export interface Splitting {
  /** Gives each of `measured` one number, by a direction that is found on the rows of `learned`. */
  project(learned: Rows, measured: Rows, key: string): Float64Array
  /** Two groups of the class, as 0 or 1 for each row, and the score of each row. `smaller` is the group of fewer rows. */
  split(rows: Rows, key: string): { readonly group: Uint8Array; readonly score: (stranger: 0 | 1) => Float64Array }
  /** What the projections are, in the sentence "dip of ... in class 7". */
  readonly statistic: string
}

/** Fewer rows a class show nothing of its shape. */
const leastRows = 40
/** A group of fewer rows is an accident. */
const leastStrangers = 10
/** Rows of a class that its shape is judged by, at most. */
const mostRows = 6000
/** From here on the contents say that a group is not of its class, or that a trigger sets it apart. */
const confirms = { strange: 0.75, foreign: 0.6, single: 0.9 }

interface Found {
  readonly label: number
  readonly at: Int32Array
  readonly p: number
  readonly comparisons: readonly NullComparison[]
  readonly sides: readonly [Int32Array, Int32Array]
  /** Share of each side whose contents are nearer to other classes. */
  readonly strange: readonly [number, number]
  score(stranger: 0 | 1): Float64Array
}

/**
 * The screens that take each class apart in feature space. A class is suspected on two grounds, and twice the smaller
 * p-value counts. Its projections may have more than one peak: the direction is learned from one half of its rows and the
 * dip test made on the other, then the other way round, and the larger p-value counts, so that looking for a direction
 * costs nothing. Or one of its two groups holds the rows whose contents are nearer to other classes, far more of them
 * than chance would give it (Fisher's exact test) and three quarters of its own at least. Over the classes false
 * discoveries are controlled (Benjamini-Hochberg). A class may have two kinds of rows by nature, so a second look
 * decides, at what the model doesn't see: the rows of the stranger group must by their contents be of other classes, or
 * be told from all others by one single value.
 */
export const groupScreen = (context: ScreenContext, splitting: Splitting): ScreenResult => {
  const { labels, features, classes, rows } = context
  const scores = new Float64Array(rows)
  const cannotTell = (reason: string): ScreenResult => ({
    verdict: 'cannot tell',
    reason,
    scores,
    flagged: new Int32Array(0),
    null: [],
  })
  if (!labels) return cannotTell('there are no labels')
  if (!features) return cannotTell('there are no features: name the model that learned from these rows')
  if (features.values.some((value) => !Number.isFinite(value))) return cannotTell('some features are not finite')
  const tested: Found[] = []
  const small: number[] = []
  for (const [label, all] of rowsOfClasses(labels, classes).entries()) {
    const matrix = { values: features.values, width: features.width, at: all }
    if (all.length < leastRows || !varies(matrix)) {
      if (all.length > 0) small.push(label)
      continue
    }
    const at = sampleOf(all, mostRows, context.random('sample', label))
    const halves = halved(at, context.random('halves', label))
    const tests = [halves, [...halves].reverse()].map(([learned, measured], i) =>
      dipTest(splitting.project({ ...matrix, at: learned! }, { ...matrix, at: measured! }, `${label} half ${i}`)),
    )
    const test = tests.reduce((worse, other) => (other.p > worse.p ? other : worse))
    const { group, score } = splitting.split(matrix, String(label))
    const sides = ([0, 1] as const).map((side) => all.filter((_, k) => group[k] === side)) as [Int32Array, Int32Array]
    const contents = { x: context.x, size: context.size, rows, labels }
    const [first, second] = ([0, 1] as const).map((side) =>
      strangeRows(contents, sides[side], context.random('strange', label, side)),
    ) as [Strange, Strange]
    const foreign = strangersTest(first, second, label)
    tested.push({
      label,
      p: Math.min(1, 2 * Math.min(test.p, foreign.counts ? foreign.comparison.p : 1)),
      at: all,
      sides,
      strange: [shareOf(first), shareOf(second)],
      score,
      comparisons: [dipComparison(test, `${splitting.statistic} in class ${label}`), foreign.comparison],
    })
    context.progress((label + 1) / classes)
  }
  if (tested.length === 0)
    return cannotTell(`no class has ${leastRows} rows whose features differ: nothing can be said of its shape`)
  const suspected = falseDiscovery(
    tested.map(({ p }) => p),
    context.falseDiscoveryRate,
  )
  const flagged: number[] = []
  const told: string[] = []
  const natural: number[] = []
  for (const [i, found] of tested.entries()) {
    const { label, at, sides, score } = found
    let stranger: 0 | 1 = sides[1].length <= sides[0].length ? 1 : 0
    if (suspected[i] && sides[stranger].length > 0) {
      const second = secondLook(context, labels, found)
      stranger = second.stranger
      if (second.why === undefined) natural.push(label)
      else {
        flagged.push(...sides[stranger])
        told.push(`${sides[stranger].length} of ${at.length} rows of class ${label} stand apart: ${second.why}`)
      }
    }
    const values = score(stranger)
    for (const [k, row] of at.entries()) scores[row] = values[k]!
  }
  const notes = [
    ...told,
    ...(natural.length > 0
      ? [`class ${natural.join(', ')} falls into two groups, which its contents do not show to be foreign`]
      : []),
    ...(small.length > 0 ? [`class ${small.join(', ')} has too few rows, or rows that do not differ, to tell`] : []),
  ]
  return {
    verdict: flagged.length > 0 ? 'flagged' : 'nothing found',
    reason: notes.join('; ') || `each of ${tested.length} classes is of one piece`,
    scores,
    flagged: Int32Array.from(flagged).sort(),
    null: tested.flatMap(({ comparisons }) => comparisons),
  }
}

type Strange = ReturnType<typeof strangeRows>
const shareOf = ({ strange, of }: Strange): number => (of === 0 ? 0 : strange / of)

const dipComparison = ({ dip, null: drawn, p }: ReturnType<typeof dipTest>, what: string): NullComparison => {
  const values = Array.from(drawn)
  const [median, q95, q99] = [0.5, 0.95, 0.99].map((q) => quantile(values, q)) as [number, number, number]
  return { statistic: `dip of ${what}, times the root of the rows`, measured: dip, median, q95, q99, p }
}

/**
 * Whether strange rows gather in one of two groups more than if they were dealt out: the hypergeometric law of how many
 * of them the stranger group gets. `counts`: most of that group is strange.
 */
const strangersTest = (
  a: Strange,
  b: Strange,
  label: number,
): { readonly counts: boolean; readonly comparison: NullComparison } => {
  const [more, less] = shareOf(a) >= shareOf(b) ? [a, b] : [b, a]
  const all = more.strange + less.strange
  const total = more.of + less.of
  const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
  const least = Math.max(0, all - less.of)
  const mass = Array.from({ length: Math.min(all, more.of) - least + 1 }, (_, i) =>
    Math.exp(logChoose(more.of, least + i) + logChoose(less.of, all - least - i) - logChoose(total, all)),
  )
  const quantileOf = (q: number): number => {
    let below = 0
    const at = mass.findIndex((value) => {
      below += value
      return below >= q - 1e-12
    })
    return (least + (at < 0 ? mass.length - 1 : at)) / Math.max(1, more.of)
  }
  const tail = mass.slice(more.strange - least).reduce((sum, value) => sum + value, 0)
  return {
    counts: shareOf(more) >= confirms.strange && more.of >= leastStrangers,
    comparison: {
      statistic: `share of one of the two groups of class ${label} whose contents are nearer to other classes`,
      measured: shareOf(more),
      median: quantileOf(0.5),
      q95: quantileOf(0.95),
      q99: quantileOf(0.99),
      // Either group might have been the stranger.
      p: Math.min(1, 2 * tail),
    },
  }
}

/** Which group is the stranger, and what says so; undefined where nothing does. */
const secondLook = (
  context: ScreenContext,
  labels: Int32Array,
  { sides, strange, label }: Found,
): { readonly stranger: 0 | 1; readonly why?: string } => {
  const contents = { x: context.x, size: context.size, rows: context.rows, labels }
  const smaller = sides[1].length <= sides[0].length ? 1 : 0
  const larger = smaller === 1 ? 0 : 1
  // The group of more rows is the stranger only where its contents say so and those of the other do not.
  const stranger = strange[larger] >= confirms.strange && strange[larger] > 2 * strange[smaller] ? larger : smaller
  const other = stranger === 1 ? 0 : 1
  const nearer = (share: number): string =>
    `the contents of ${Math.round(100 * share)} % of them are nearer to other classes`
  if (strange[stranger] >= confirms.strange) return { stranger, why: nearer(strange[stranger]) }
  const foreign = foreignShare(contents, sides[stranger], sides[other], context.random('foreign', label, stranger))
  if (foreign >= confirms.foreign) return { stranger, why: nearer(foreign) }
  const single = singleValueShare(contents, sides[stranger])
  if (single >= confirms.single) return { stranger, why: 'one single value tells them from all other rows' }
  return { stranger }
}

const halved = (at: Int32Array, random: ReturnType<ScreenContext['random']>): readonly [Int32Array, Int32Array] => {
  const order = permutation(at.length, random)
  const pick = (indices: Int32Array) => indices.map((i) => at[i]!)
  const middle = at.length >> 1
  return [pick(order.subarray(0, middle)), pick(order.subarray(middle))]
}

const varies = ({ values, width, at }: Rows): boolean =>
  at.some((row) => {
    for (let j = 0; j < width; j++) if (values[row * width + j] !== values[at[0]! * width + j]) return true
    return false
  })
