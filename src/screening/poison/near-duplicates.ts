import { median, normalCdf, normalQuantile, quantile } from '../../stats/index.ts'
import { falseDiscovery } from '../../stats/two-sample/index.ts'
import { defineScreen, type ScreenContext, type ScreenResult } from '../../threat/screen.ts'
import { cannotTell } from './cannot-tell.ts'

const dims = 32
const leastRows = 40
const mostRows = 20_000
/** The twin is at least four times as near as the next row of the same label: a close call is no duplicate. */
const leastExcess = Math.log(4)

interface Nearest {
  /** Nearest row of the same label, and of another; -1 where there is none. Distances are squared. */
  readonly same: Int32Array
  readonly sameDistance: Float64Array
  readonly other: Int32Array
  readonly otherDistance: Float64Array
}

/** Random directions keep distances about as they are (Johnson and Lindenstrauss), at a fraction of the work. */
const sketched = ({ x, rows, size, random }: ScreenContext): { points: Float32Array; width: number } => {
  if (size <= dims) return { points: x, width: size }
  const directions = new Float32Array(size * dims)
  random('sketch').fillNormals(directions)
  const points = new Float32Array(rows * dims)
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < size; j++) {
      const value = x[row * size + j]!
      if (value !== 0) for (let k = 0; k < dims; k++) points[row * dims + k]! += value * directions[j * dims + k]!
    }
  return { points, width: dims }
}

const nearestRows = (context: ScreenContext, labels: Int32Array): Nearest => {
  const { rows } = context
  const { points, width } = sketched(context)
  const same = new Int32Array(rows).fill(-1)
  const other = new Int32Array(rows).fill(-1)
  const sameDistance = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
  const otherDistance = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
  const keep = (row: number, found: number, distance: number): void => {
    const [who, far] = labels[row] === labels[found] ? [same, sameDistance] : [other, otherDistance]
    if (distance >= far[row]!) return
    far[row] = distance
    who[row] = found
  }
  for (let a = 0; a < rows; a++) {
    if (a % 256 === 0) context.progress((a / rows) ** 2)
    for (let b = 0; b < a; b++) {
      const limit = Math.max(sameDistance[a]!, otherDistance[a]!, sameDistance[b]!, otherDistance[b]!)
      let distance = 0
      for (let k = 0; k < width && distance < limit; k++)
        distance += (points[a * width + k]! - points[b * width + k]!) ** 2
      keep(a, b, distance)
      keep(b, a, distance)
    }
  }
  return { same, sameDistance, other, otherDistance }
}

const run = (context: ScreenContext): ScreenResult => {
  const { labels, rows, x } = context
  if (!labels) return cannotTell(context, 'there are no labels')
  if (rows < leastRows) return cannotTell(context, `${rows} rows are too few: distances need ${leastRows} to compare`)
  if (rows > mostRows)
    return cannotTell(
      context,
      `${rows} rows are too many to compare each with each: screen at most ${mostRows} at a time`,
    )
  if (x.some((value) => !Number.isFinite(value))) return cannotTell(context, 'some values are not finite')
  if (labels.every((label) => label === labels[0])) return cannotTell(context, 'all rows have the same label')
  const { sameDistance, other, otherDistance } = nearestRows(context, labels)
  const floor = Math.max(1e-300, 1e-12 * median(Array.from(otherDistance)))
  // How much nearer the next row of another label is than the next of the same: 0 where they are as near.
  const excess = Float64Array.from({ length: rows }, (_, row) => {
    const own = sameDistance[row]!
    return Number.isFinite(own) ? 0.5 * Math.log((own + floor) / (otherDistance[row]! + floor)) : 0
  })
  const values = Array.from(excess)
  const middle = median(values)
  const spread = median(values.map((value) => Math.abs(value - middle))) / normalQuantile(0.75)
  if (!(spread > 0)) return cannotTell(context, 'most rows are equal: distances say nothing', excess)
  const p = values.map((value) => normalCdf(-(value - middle) / spread))
  const found = falseDiscovery(p, context.falseDiscoveryRate)
  const flagged: number[] = []
  for (let row = 0; row < rows; row++) {
    const twin = other[row]!
    // A row and its near-duplicate point at each other; a row that merely lies among another class has many equals.
    if (!found[row] || twin < 0 || other[twin] !== row) continue
    // Near for both: a row astray among another class has a twin that has others as near.
    if (Math.min(excess[row]!, excess[twin]!) < leastExcess) continue
    // The bad one of a pair is the one with less support: its own label is farther away. Equals are both told.
    if (sameDistance[row]! >= sameDistance[twin]! * (1 - 1e-9)) flagged.push(row)
  }
  const drawn = (q: number): number => middle + spread * normalQuantile(q)
  const worst = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  return {
    verdict: flagged.length > 0 ? 'flagged' : 'nothing found',
    reason:
      flagged.length > 0
        ? `${flagged.length} rows have a near-duplicate of another label`
        : `no two of ${rows} rows of different labels are near-duplicates`,
    scores: excess,
    flagged: Int32Array.from(flagged),
    null: [
      {
        statistic: 'logarithm of the distance to the next row of the same label over that to the next of another',
        measured: worst,
        median: quantile(values, 0.5),
        q95: drawn(0.95),
        q99: drawn(0.99),
        p: Math.min(1, rows * p.reduce((least, value) => Math.min(least, value), 1)),
      },
    ],
  }
}

/** Pairs of rows that are all but the same, with different labels: one of the two labels is wrong, or one row a copy. */
export const nearDuplicates = defineScreen({
  id: 'near-duplicates',
  title: 'Near-duplicates with different labels',
  reference: 'robust normal law of log distance ratios; Benjamini and Hochberg 1995 over the rows',
  needs: ['labels'],
  parameters: {},
  run: async (context) => run(context),
})
