import { literal } from '../../../data/formats/duckdb.ts'
import type { TableColumn } from '../../../data/formats/table-relation.ts'
import type { ScanEngine } from '../engine.ts'
import { sourceName } from '../rules/rule.ts'
import type { ColumnType } from '../schema/model.ts'
import { type TextFormat, textFormat } from '../schema/text-format.ts'
import type { Table } from '../table.ts'
import { presentSql, storageOf, typedSql } from '../typed.ts'

/** Texts that often stand for "no value". Only the empty one always does: NA is also Namibia, and - a grade. */
export const nullLikes = ['', 'NA', 'N/A', 'n/a', 'NULL', 'null', 'None', 'NaN', 'nan', '-', '--', '?', '#N/A'] as const

const guessed = ['integer', 'number', 'boolean', 'date', 'datetime', 'time'] as const
const formats = ['email', 'uuid', 'ipv4', 'ipv6', 'uri'] as const satisfies readonly TextFormat[]

/** Tables of so many cells at most have their different values counted one by one. */
const mostCounted = 1_000_000

/** What was seen in one column of the sample. */
export interface ColumnProfile {
  readonly name: string
  readonly rows: number
  readonly type?: ColumnType
  /** Texts taken for "no value". */
  readonly nullLike: readonly string[]
  /** Texts that may mean "no value" and were taken as values, with their counts. */
  readonly suspects: readonly (readonly [text: string, count: number])[]
  readonly present: number
  readonly min?: string
  readonly max?: string
  readonly shortest?: number
  readonly longest?: number
  readonly format?: TextFormat
  /** How many different values. */
  readonly distinct: number
  /** Whether `distinct` is exact rather than an estimate. */
  readonly isExact: boolean
}

/** What a column that has a type holds. */
const storedType: Partial<Record<ReturnType<typeof storageOf>, ColumnType>> = {
  integer: 'integer',
  float: 'number',
  decimal: 'number',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'datetime',
  time: 'time',
  uuid: 'string',
}

const textAggregates = (column: string): readonly string[] => {
  const value = presentSql(sourceName(column), 'VARCHAR', [...nullLikes])
  return [
    `count(${value})`,
    ...guessed.map((type) => `count(${typedSql(value, 'VARCHAR', type)})`),
    ...nullLikes.map((text) => `count(*) FILTER (${sourceName(column)} = ${literal(text)})`),
    // A leading zero is part of a code, not of a number.
    `count(*) FILTER (regexp_full_match(${value}, '[+-]?0[0-9]+'))`,
  ]
}

const answers = async (engine: ScanEngine, table: Table, sql: readonly string[]): Promise<readonly unknown[]> => {
  if (sql.length === 0) return []
  const source = table.select((name) => `bz:src:${name}`)
  const listed = sql.map((expression, i) => `${expression} AS a${i}`).join(', ')
  const [row = {}] = await engine.rows(`SELECT ${listed} FROM (${source})`)
  return sql.map((_, i) => row[`a${i}`])
}

interface Guess {
  readonly column: TableColumn
  readonly type?: ColumnType
  readonly nullLike: readonly string[]
  readonly suspects: ColumnProfile['suspects']
}

const guessOf = (column: TableColumn, counts: readonly number[]): Guess => {
  const [present = 0, ...rest] = counts
  const fits = rest.slice(0, guessed.length)
  const found = nullLikes.flatMap((text, i): [string, number][] =>
    (rest[guessed.length + i] ?? 0) > 0 ? [[text, rest[guessed.length + i]!]] : [],
  )
  const zeros = rest.at(-1) ?? 0
  const fitting = guessed.filter((type, i) => present > 0 && fits[i] === present && !(isNumber(type) && zeros > 0))
  // 0 and 1 are numbers until somebody says otherwise.
  const [type] = fitting
  const others = found.filter(([text]) => text !== '')
  if (type !== undefined) return { column, type, nullLike: ['', ...others.map(([text]) => text)], suspects: [] }
  const isText = present > 0 || others.length > 0
  return { column, ...(isText && { type: 'string' }), nullLike: [''], suspects: others }
}

const isNumber = (type: ColumnType): boolean => type === 'integer' || type === 'number'

/** Profiles every column in two scans: what the values may be, then how they lie. */
export const profileColumns = async (engine: ScanEngine, table: Table): Promise<readonly ColumnProfile[]> => {
  const texts = table.columns.filter(({ type }) => storageOf(type) === 'text')
  const [total, ...first] = await answers(engine, table, [
    'count(*)',
    ...texts.flatMap(({ name }) => textAggregates(name)),
  ])
  const rows = Number(total)
  const isExact = rows * table.columns.length <= mostCounted
  const width = textAggregates('').length
  const guesses = table.columns.map((column): Guess => {
    const at = texts.indexOf(column)
    if (at === -1) {
      const type = storedType[storageOf(column.type)]
      return {
        column,
        ...(type && { type }),
        nullLike: storageOf(column.type) === 'float' ? ['NaN'] : [''],
        suspects: [],
      }
    }
    return guessOf(column, first.slice(at * width, (at + 1) * width).map(Number))
  })
  const second = await answers(
    engine,
    table,
    guesses.flatMap((guess) => spreadAggregates(guess, isExact)),
  )
  return guesses.map((guess, i) => ({
    ...profileOf(guess, rows, second.slice(i * spreadWidth, (i + 1) * spreadWidth)),
    isExact,
  }))
}

const spreadWidth = 6 + formats.length

const spreadAggregates = ({ column, type, nullLike }: Guess, isExact: boolean): readonly string[] => {
  const present = presentSql(sourceName(column.name), column.type, nullLike)
  const typed = typedSql(present, column.type, type)
  const text = `CAST(${present} AS VARCHAR)`
  const isOrdered = type !== undefined && type !== 'string' && type !== 'boolean'
  return [
    `count(${typed})`,
    isOrdered ? `CAST(min(${typed}) AS VARCHAR)` : 'NULL',
    isOrdered ? `CAST(max(${typed}) AS VARCHAR)` : 'NULL',
    type === 'string' ? `min(length(${text}))` : 'NULL',
    type === 'string' ? `max(length(${text}))` : 'NULL',
    isExact ? `count(DISTINCT ${text})` : `approx_count_distinct(${text})`,
    ...formats.map((format) =>
      type === 'string' ? `count(*) FILTER (regexp_full_match(${text}, ${literal(textFormat(format).pattern)}))` : '0',
    ),
  ]
}

const profileOf = (guess: Guess, rows: number, answer: readonly unknown[]): Omit<ColumnProfile, 'isExact'> => {
  const [count, min, max, shortest, longest, distinct, ...matches] = answer
  const present = Number(count)
  const format = formats.find((_, i) => present > 0 && Number(matches[i]) === present)
  return {
    name: guess.column.name,
    rows,
    ...(guess.type && { type: guess.type }),
    nullLike: guess.nullLike,
    suspects: guess.suspects,
    present,
    ...(typeof min === 'string' && typeof max === 'string' && { min, max }),
    ...(present > 0 && guess.type === 'string' && { shortest: Number(shortest), longest: Number(longest) }),
    ...(format && { format }),
    distinct: Number(distinct),
  }
}
