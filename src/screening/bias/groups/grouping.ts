import { BartizanError } from '../../../base/errors.ts'
import { type Cell, type Counts, countsOf } from './counts.ts'

/** Rows with the same values of some protected columns. */
export interface Group {
  readonly id: string
  readonly values: Readonly<Record<string, string | null>>
  readonly counts: Counts
}

/** All rows, split by one protected column or by several at once. */
export interface Grouping {
  readonly columns: readonly string[]
  readonly groups: readonly Group[]
  /** Ids of combinations of the values that no row has, the first 100. */
  readonly absent: readonly string[]
}

const mostGroups = 200
const mostAbsent = 100
const mostColumns = 4

const missing = '(missing)'

/** "sex=female, age=18 to 29". */
export const groupId = (columns: readonly string[], values: readonly (string | null)[]): string =>
  columns.map((column, i) => `${column}=${shownValue(values[i] ?? null)}`).join(', ')

const shownValue = (value: string | null): string =>
  value === null ? missing : value === missing ? JSON.stringify(value) : value

/** Every choice of at least one of `count` columns: each alone first, then the intersections. */
const choices = (count: number): readonly (readonly number[])[] =>
  Array.from({ length: 2 ** count - 1 }, (_, bits) =>
    Array.from({ length: count }, (_, i) => i).filter((i) => (bits + 1) & (1 << i)),
  ).sort((a, b) => a.length - b.length)

/** `order` ranks the values of a column, as its bins stand; other values go by number, or by code unit. */
const byValue =
  (orders: readonly (readonly string[])[]) =>
  (a: readonly (string | null)[], b: readonly (string | null)[]): number => {
    for (const [i, order] of orders.entries()) {
      const [x, y] = [a[i]!, b[i]!]
      if (x === y) continue
      if (x === null) return 1
      if (y === null) return -1
      const ranks = order.indexOf(x) - order.indexOf(y)
      if (ranks !== 0) return ranks
      const numbers = Number(x) - Number(y)
      return Number.isNaN(numbers) || numbers === 0 ? (x < y ? -1 : 1) : numbers
    }
    return 0
  }

/** Every combination of one value of each list, in order. */
function* combinations(lists: readonly (readonly string[])[]): Generator<readonly string[]> {
  const [first, ...rest] = lists
  if (first === undefined) yield []
  else for (const value of first) for (const tail of combinations(rest)) yield [value, ...tail]
}

/** At most 200 groups are held, so that the first 100 absent ones are soon found. */
const absentOf = (
  columns: readonly string[],
  lists: readonly (readonly string[])[],
  held: (values: readonly string[]) => boolean,
): readonly string[] => {
  const absent: string[] = []
  for (const values of combinations(lists)) {
    if (absent.length === mostAbsent) break
    if (!held(values)) absent.push(groupId(columns, values))
  }
  return absent
}

const groupingOf = (
  names: readonly string[],
  chosen: readonly number[],
  cells: readonly Cell[],
  orders: readonly (readonly string[])[],
): Grouping => {
  const columns = chosen.map((i) => names[i]!)
  const held = new Map<string, { values: readonly (string | null)[]; cells: Cell[] }>()
  for (const cell of cells) {
    const values = chosen.map((i) => cell.values[i]!)
    const key = JSON.stringify(values)
    const group = held.get(key)
    if (group) group.cells.push(cell)
    else held.set(key, { values, cells: [cell] })
  }
  if (held.size > mostGroups)
    throw new BartizanError(
      'CONFIG_INVALID',
      `${columns.join(' and ')} make ${held.size} groups; ${mostGroups} is most`,
      {
        hint: `state bins for numbers, for example --bins ${columns[0]}=18,30,45, or name fewer columns`,
        data: { columns, groups: held.size },
      },
    )
  const compare = byValue(chosen.map((i) => orders[i]!))
  const sorted = [...held.values()].sort((a, b) => compare(a.values, b.values))
  const known = columns.map((_, i) =>
    [...new Set(sorted.map(({ values }) => values[i]!))]
      .filter((value) => value !== null)
      .sort((a, b) => byValue([orders[chosen[i]!]!])([a], [b])),
  )
  const absent = columns.length === 1 ? [] : absentOf(columns, known, (values) => held.has(JSON.stringify(values)))
  return {
    columns,
    groups: sorted.map(({ values, cells }) => ({
      id: groupId(columns, values),
      values: Object.fromEntries(columns.map((column, i) => [column, values[i]!])),
      counts: countsOf(cells),
    })),
    absent,
  }
}

/**
 * The groups by each protected column alone and by each combination of them. `orders` gives the order of a column's
 * values, empty where it has none. Throws CONFIG_INVALID for more than 4 columns or 200 groups.
 */
export const groupingsOf = (
  names: readonly string[],
  cells: readonly Cell[],
  orders: readonly (readonly string[])[] = names.map(() => []),
): readonly Grouping[] => {
  if (names.length > mostColumns)
    throw new BartizanError('CONFIG_INVALID', `${names.length} protected columns; ${mostColumns} are most`, {
      hint: 'every combination of them is a grouping of its own: look at fewer at once',
      data: { columns: names },
    })
  return choices(names.length).map((chosen) => groupingOf(names, chosen, cells, orders))
}
