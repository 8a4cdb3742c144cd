import type { CheckResult } from '../../../contract/validation.ts'
import type { ValidationState } from '../../../contract/validation-state.ts'
import { identifier } from '../../../data/formats/duckdb.ts'
import { defaultDuplicates, shareCheck } from '../../duplicates/index.ts'
import { cellsSql } from '../../table/index.ts'
import { rowName } from '../rules/rule.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import { graded } from '../sections/graded.ts'
import { openMessage } from './open-checks.ts'
import type { PartScan } from './part-scan.ts'

type Texts = ValidationState['texts']

/** What tells running text from other columns, where the schema doesn't name the texts to compare. */
export const textSums = async ({
  engine,
  schema,
  table,
}: Pick<PartScan, 'engine' | 'schema' | 'table'>): Promise<Texts> => {
  const section = schema.sections?.duplicates
  if (section === undefined || section.text !== undefined) return undefined
  const left = new Set([...(section.ignore ?? []), section.target])
  const columns = table.columns.filter(({ name }) => !left.has(name))
  if (columns.length === 0) return []
  const relation = { sql: `(${table.select((name) => name, rowName)})`, columns: table.columns }
  const sums = columns.map(
    (_, i) =>
      `count(c${i}) AS p${i}, coalesce(sum(length(c${i})), 0) AS s${i}, approx_count_distinct(c${i}) AS d${i},
       count(n${i}) AS q${i}, count(TRY_CAST(c${i} AS TIMESTAMP)) AS t${i}`,
  )
  const cells = cellsSql({ relation, row: identifier(rowName) }, columns, defaultDuplicates.nullLike)
  const [row] = await engine.rows(`SELECT ${sums.join(', ')} FROM ${cells}`)
  return columns.map(({ name }, i) => {
    const sum = (key: string): number => Number(row?.[`${key}${i}`])
    return { column: name, n: sum('p'), characters: sum('s'), distinct: sum('d'), numbers: sum('q'), times: sum('t') }
  })
}

/** The sums of two parts. */
export const addTexts = (a: Texts, b: Texts): Texts =>
  a?.map((left, i) => {
    const right = b?.[i] ?? left
    return {
      column: left.column,
      n: left.n + right.n,
      characters: left.characters + right.characters,
      distinct: left.distinct + right.distinct,
      numbers: left.numbers + right.numbers,
      times: left.times + right.times,
    }
  })

/** The estimate of different values may be so much too low. */
const doubt = 1.1

/** Columns that one table's texts would be looked for in, and perhaps some more: as many different values as there may be. */
const maybeText = (texts: Texts): readonly string[] =>
  (texts ?? [])
    .filter(
      ({ n, characters, distinct, numbers, times }) =>
        characters >= 20 * n && numbers < n / 2 && doubt * distinct > n / 2 && times < n,
    )
    .map(({ column }) => column)

/** Checks of rows that nearly repeat: they need the texts, so that they are open. */
export const nearOfWhole = ({ sections }: LoadedSchema, texts: Texts, columns: number): readonly CheckResult[] => {
  const section = sections?.duplicates
  if (section === undefined) return []
  const most = section['at-most'] ?? defaultDuplicates.duplicates
  const left = new Set([...(section.ignore ?? []), section.target]).size
  const checks = [
    ...(section.text ?? maybeText(texts)).map((name) => shareCheck(`${name}.near-duplicates`, 0, 0, most, '', name)),
    ...(section['near-rows'] === true && columns - left > 1
      ? [shareCheck('rows.near-duplicates', 0, 0, most, '')]
      : []),
  ]
  return graded(
    checks.map((check) => ({ ...check, measured: null, message: openMessage })),
    section,
    'duplicates',
  )
}
