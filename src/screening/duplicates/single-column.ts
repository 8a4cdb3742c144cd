import { quantileEdges } from '../../stats/two-sample/index.ts'

export interface SingleColumn {
  readonly column: string
  /** Share of the held-out rows whose label the column alone gives. */
  readonly accuracy: number
  /** The same for always naming the commonest label. */
  readonly baseline: number
  /** (accuracy - baseline) / (1 - baseline): 0 is worthless, 1 perfect; 0 where all labels are one. */
  readonly skill: number
  /** Rows that were held out. */
  readonly n: number
  /** Whether it looks like an identifier: every value different, and text or whole numbers that lie close together. */
  readonly unique: boolean
}

const commonest = (counts: ReadonlyMap<string, number>): string | undefined =>
  [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0]

const tally = (into: Map<string, Map<string, number>>, key: string, label: string): void => {
  const counts = into.get(key) ?? new Map<string, number>()
  counts.set(label, (counts.get(label) ?? 0) + 1)
  into.set(key, counts)
}

/** Measurements can all differ too: numbers count only where they are whole and fill a tenth of their range. */
const isIdentifier = (present: readonly string[]): boolean => {
  if (present.length < 2 || new Set(present).size < present.length) return false
  const numbers = present.map(Number)
  if (!numbers.every(Number.isFinite)) return true
  const ends = numbers.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [numbers[0], numbers[0]],
  )
  return numbers.every(Number.isInteger) && ends[1] - ends[0] < 10 * numbers.length
}

/** What a cell says: its interval among twenty equal shares where the column holds numbers, else itself. */
const readerOf = (cells: readonly (string | null)[]): ((cell: string) => string) => {
  const present = cells.filter((cell) => cell !== null)
  const numbers = present.map(Number)
  if (numbers.some((value) => !Number.isFinite(value)) || new Set(present).size <= 20) return (cell) => cell
  const edges = quantileEdges(Float64Array.from(numbers).sort(), 20)
  return (cell) => String(edges.filter((edge) => Number(cell) > edge).length)
}

/**
 * How well one column alone gives the label: the commonest label of each value (or interval of values) among every other
 * labelled row, tried on the rest. A value that wasn't seen counts as the commonest label.
 */
export const singleColumn = (
  column: string,
  cells: readonly (string | null)[],
  labels: readonly (string | null)[],
): SingleColumn | undefined => {
  const rows = cells.flatMap((cell, i) => (labels[i] === null ? [] : [{ cell, label: labels[i] }]))
  const learnt = rows.filter((_, i) => i % 2 === 0)
  const tried = rows.filter((_, i) => i % 2 === 1)
  if (tried.length === 0) return undefined
  const read = readerOf(learnt.map(({ cell }) => cell))
  const byValue = new Map<string, Map<string, number>>()
  const all = new Map<string, number>()
  for (const { cell, label } of learnt) {
    all.set(label, (all.get(label) ?? 0) + 1)
    if (cell !== null) tally(byValue, read(cell), label)
  }
  const usual = commonest(all)
  const rule = new Map([...byValue].map(([value, counts]) => [value, commonest(counts)]))
  const right = tried.filter(
    ({ cell, label }) => label === ((cell === null ? undefined : rule.get(read(cell))) ?? usual),
  )
  const accuracy = right.length / tried.length
  const baseline = tried.filter(({ label }) => label === usual).length / tried.length
  return {
    column,
    accuracy,
    baseline,
    skill: baseline === 1 ? 0 : (accuracy - baseline) / (1 - baseline),
    n: tried.length,
    unique: isIdentifier(cells.filter((cell) => cell !== null)),
  }
}
