import type { BiasProxy } from '../../../contract/bias-result.ts'
import { adjustedPValues } from '../../../stats/two-sample/index.ts'
import type { ScreenedTable } from '../../table/index.ts'
import type { ProtectedColumn } from '../table/columns.ts'
import { cramersV } from './contingency.ts'
import { correlationRatio, jointMoments, type Moments } from './correlation-ratio.ts'
import { predictGroups } from './one-column-predictor.ts'
import { type ProxyColumn, proxyColumns } from './proxy-columns.ts'

interface ProxyOptions {
  /** Columns that aren't looked at: label, predictions, scores. */
  readonly besides: readonly string[]
  readonly minGroup: number
  /** Skill from which a column is flagged: 0 is chance, 1 a perfect guess. */
  readonly threshold: number
}

const folds = 5
/** Values that are counted in one pass: bounds the memory of the engine and of the answer. */
const mostValues = 20_000
/** Share of false flags among the flagged ones that is accepted. */
const falseDiscoveries = 0.05

/** One value of a column in one fold with some values of the protected columns. */
interface Meeting {
  readonly value: string
  readonly fold: number
  readonly groups: readonly (string | null)[]
  readonly rows: number
}

const batchesOf = (columns: readonly ProxyColumn[]): readonly (readonly ProxyColumn[])[] => {
  const batches: ProxyColumn[][] = []
  let values = 0
  for (const column of columns) {
    values += column.values
    const last = batches.at(-1)
    if (last && values <= mostValues && last.length < 16) last.push(column)
    else {
      batches.push([column])
      values = column.values
    }
  }
  return batches
}

const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))

/** Counts the values of several columns in one pass, by grouping sets. */
const meetingsOf = async (
  { engine, relation }: ScreenedTable,
  attributes: readonly ProtectedColumn[],
  columns: readonly ProxyColumn[],
): Promise<readonly (readonly Meeting[])[]> => {
  const groups = attributes.map((_, i) => `g${i}`).join(', ')
  const sets = columns.map((_, i) => `(${groups}, f, v${i})`)
  const names = columns.map((_, i) => `v${i}`)
  // Values are never NULL, so that the one which isn't NULL is the column that was grouped by.
  const which = `CASE ${columns.map((_, i) => `WHEN v${i} IS NOT NULL THEN ${i}`).join(' ')} END`
  const rows = await engine.rows(
    `SELECT ${groups}, f, count(*)::DOUBLE AS n, ${which} AS w, coalesce(${names.join(', ')}) AS v
     FROM (SELECT ${groups}, f, ${columns.map(({ value }, i) => `${value(`c${i}`)} AS v${i}`).join(', ')}
       FROM (SELECT ${attributes.map(({ sql }, i) => `${sql} AS g${i}`).join(', ')},
         ((row_number() OVER () - 1) % ${folds})::INTEGER AS f, ${columns.map(({ cell }, i) => `${cell} AS c${i}`).join(', ')}
         FROM ${relation.sql}))
     GROUP BY GROUPING SETS (${sets.join(', ')})`,
  )
  const meetings: Meeting[][] = columns.map(() => [])
  for (const row of rows)
    meetings[Number(row.w)]!.push({
      value: String(row.v),
      fold: Number(row.f),
      groups: attributes.map((_, j) => text(row[`g${j}`])),
      rows: Number(row.n),
    })
  return meetings
}

/** The moments of a column of numbers by the values of one protected column. */
const momentsOf = (rows: readonly Readonly<Record<string, unknown>>[], column: number, attribute: number) => {
  const byGroup = new Map<string, Moments[]>()
  for (const row of rows) {
    const group = text(row[`g${attribute}`])
    const n = Number(row[`n${column}`])
    if (group === null || n === 0) continue
    const moments = { n, mean: Number(row[`m${column}`]), squares: Number(row[`q${column}`]) * n }
    byGroup.set(group, [...(byGroup.get(group) ?? []), moments])
  }
  return new Map([...byGroup].map(([group, parts]) => [group, jointMoments(parts)]))
}

const allMoments = async (
  { engine, relation }: ScreenedTable,
  attributes: readonly ProtectedColumn[],
  columns: readonly ProxyColumn[],
) => {
  if (!columns.some(({ numeric }) => numeric)) return []
  const groups = attributes.map((_, i) => `g${i}`).join(', ')
  const numbers = columns.flatMap(({ cell, numeric }, i) => (numeric ? [{ cell, i }] : []))
  const parts = numbers.map(({ i }) => `count(x${i})::DOUBLE AS n${i}, avg(x${i}) AS m${i}, var_pop(x${i}) AS q${i}`)
  return engine.rows(
    `SELECT ${groups}, ${parts.join(', ')} FROM (SELECT ${attributes.map(({ sql }, i) => `${sql} AS g${i}`).join(', ')},
     ${numbers.map(({ cell, i }) => `${cell}::DOUBLE AS x${i}`).join(', ')} FROM ${relation.sql}) GROUP BY ${groups}`,
  )
}

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

type Measured = Omit<BiasProxy, 'adjustedPValue' | 'flagged'>

const measure = (
  column: ProxyColumn,
  attribute: { readonly name: string; readonly index: number },
  meetings: readonly Meeting[],
  moments: ReadonlyMap<string, Moments>,
  minGroup: number,
): Measured | undefined => {
  const sizes = new Map<string, number>()
  for (const { groups, rows } of meetings) {
    const group = groups[attribute.index]
    if (typeof group === 'string') sizes.set(group, (sizes.get(group) ?? 0) + rows)
  }
  const names = [...sizes].filter(([, size]) => size >= minGroup).map(([name]) => name)
  const place = new Map(names.map((name, i) => [name, i]))
  const counts = new Map<string, number[][]>()
  for (const { value, fold, groups, rows } of meetings) {
    const group = place.get(groups[attribute.index] ?? '')
    if (group === undefined) continue
    const held = counts.get(value) ?? Array.from({ length: folds }, () => names.map(() => 0))
    held[fold]![group]! += rows
    counts.set(value, held)
  }
  const byFold = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, held]) => held)
  const prediction = predictGroups(byFold, names.length)
  if (prediction === undefined) return undefined
  const table = byFold.map((held) => names.map((_, group) => held.reduce((sum, fold) => sum + fold[group]!, 0)))
  const { balancedAccuracy, chance, pValue } = prediction
  return {
    column: column.name,
    attribute: attribute.name,
    values: byFold.length,
    n: balancedAccuracy.n,
    cramersV: cramersV({ groups: names.length, counts: table }),
    correlationRatio: column.numeric ? correlationRatio(names.flatMap((name) => moments.get(name) ?? [])) : null,
    balancedAccuracy,
    chance,
    skill: (balancedAccuracy.value - chance) / (1 - chance),
    pValue,
  }
}

/**
 * How well every other column alone tells each protected attribute: Cramér's V, for numbers the correlation ratio, and
 * the out-of-fold balanced accuracy of a guess. Flagged is what guesses better than chance (false discovery rate 5 %)
 * and with at least the skill of `threshold`. The most telling first.
 */
export const findProxies = async (
  table: ScreenedTable,
  attributes: readonly ProtectedColumn[],
  { besides, minGroup, threshold }: ProxyOptions,
): Promise<readonly BiasProxy[]> => {
  const columns = await proxyColumns(table, [...besides, ...attributes.map(({ name }) => name)])
  const moments = await allMoments(table, attributes, columns)
  const measured: Measured[] = []
  for (const batch of batchesOf(columns)) {
    const meetings = await meetingsOf(table, attributes, batch)
    for (const [i, column] of batch.entries())
      for (const [index, { name }] of attributes.entries()) {
        const named = momentsOf(moments, columns.indexOf(column), index)
        const found = measure(column, { name, index }, meetings[i]!, named, minGroup)
        if (found) measured.push(found)
      }
  }
  const adjusted = adjustedPValues(measured.map(({ pValue }) => pValue))
  return measured
    .map((found, i) => ({
      ...found,
      adjustedPValue: adjusted[i]!,
      flagged: adjusted[i]! <= falseDiscoveries && found.skill >= threshold,
    }))
    .sort((a, b) => b.skill - a.skill || byName(a.column, b.column) || byName(a.attribute, b.attribute))
}
