import { literal } from '../../data/formats/duckdb.ts'
import type { ColumnType } from './schema/model.ts'
import { textFormat } from './schema/text-format.ts'

type Storage = 'text' | 'integer' | 'float' | 'decimal' | 'boolean' | 'date' | 'timestamp' | 'time' | 'uuid' | 'other'

const storages: readonly (readonly [RegExp, Storage])[] = [
  [/^VARCHAR$/, 'text'],
  [/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/, 'integer'],
  [/^(FLOAT|DOUBLE)$/, 'float'],
  [/^DECIMAL/, 'decimal'],
  [/^BOOLEAN$/, 'boolean'],
  [/^DATE$/, 'date'],
  [/^TIMESTAMP/, 'timestamp'],
  [/^TIME$/, 'time'],
  [/^UUID$/, 'uuid'],
  [/^ENUM\(/, 'text'],
]

/** What kind of value the engine's type holds. */
export const storageOf = (type: string): Storage => storages.find(([pattern]) => pattern.test(type))?.[1] ?? 'other'

const fullMatch = (sql: string, pattern: string): string => `regexp_full_match(${sql}, ${literal(pattern)})`

/** What a declared type takes from text. The casts alone would forgive spaces, underscores, and round 1.5 to 2. */
const fromText: Readonly<Record<ColumnType, (text: string) => string>> = {
  string: (text) => text,
  integer: (text) => `CASE WHEN ${fullMatch(text, '[+-]?[0-9]+')} THEN TRY_CAST(${text} AS BIGINT) END`,
  number: (text) =>
    `CASE WHEN ${fullMatch(text, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?')} AND isfinite(TRY_CAST(${text} AS DOUBLE)) THEN TRY_CAST(${text} AS DOUBLE) END`,
  boolean: (text) =>
    `CASE lower(${text}) WHEN 'true' THEN true WHEN '1' THEN true WHEN 'false' THEN false WHEN '0' THEN false END`,
  date: (text) => `CASE WHEN ${fullMatch(text, textFormat('date').pattern)} THEN TRY_CAST(${text} AS DATE) END`,
  datetime: (text) =>
    `CASE WHEN ${fullMatch(text, textFormat('datetime').pattern)} THEN TRY_CAST(${text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END`,
  time: (text) =>
    `CASE WHEN ${fullMatch(text, '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?')} THEN TRY_CAST(${text} AS TIME) END`,
}

const same = (value: string): string => value

/** What a declared type takes from columns that have a type; the rest doesn't fit. NaN and infinities are no numbers. */
const fromStored: Readonly<Record<Exclude<Storage, 'text'>, Partial<Record<ColumnType, (value: string) => string>>>> = {
  integer: { integer: same, number: same },
  float: {
    number: (value) => `CASE WHEN isfinite(${value}) THEN ${value} END`,
    integer: (value) =>
      `CASE WHEN isfinite(${value}) AND ${value} = trunc(${value}) THEN TRY_CAST(${value} AS BIGINT) END`,
  },
  decimal: {
    number: same,
    integer: (value) => `CASE WHEN ${value} = trunc(${value}) THEN TRY_CAST(${value} AS BIGINT) END`,
  },
  boolean: { boolean: same },
  date: { date: same, datetime: (value) => `CAST(${value} AS TIMESTAMP)` },
  timestamp: { datetime: (value) => `TRY_CAST(${value} AS TIMESTAMP)` },
  time: { time: same },
  uuid: { string: (value) => `CAST(${value} AS VARCHAR)` },
  other: {},
}

/** SQL: a present value as the declared type; NULL where it doesn't fit. Never an error. */
export const typedSql = (value: string, stored: string, declared: ColumnType | undefined): string => {
  if (declared === undefined) return value
  const storage = storageOf(stored)
  if (storage === 'text') return fromText[declared](value)
  return fromStored[storage][declared]?.(value) ?? 'NULL'
}

/** Whether every present value of the stored type fits the declared one, so that there is nothing to test. */
export const alwaysFits = (stored: string, declared: ColumnType): boolean => {
  const storage = storageOf(stored)
  return storage === 'text'
    ? declared === 'string'
    : fromStored[storage][declared] !== undefined &&
        storage !== 'float' &&
        !(storage === 'decimal' && declared === 'integer')
}

/** SQL: a value, NULL where it is one of the texts that stand for none; "NaN" among them is about numbers too. */
export const presentSql = (value: string, stored: string, nullLike: readonly string[]): string => {
  const storage = storageOf(stored)
  if (storage === 'text')
    return nullLike.length === 0
      ? value
      : `CASE WHEN ${value} NOT IN (${nullLike.map(literal).join(', ')}) THEN ${value} END`
  const isNan = nullLike.some((text) => text.toLowerCase() === 'nan')
  return storage === 'float' && isNan ? `CASE WHEN NOT isnan(${value}) THEN ${value} END` : value
}
