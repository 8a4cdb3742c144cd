import { literal } from '../../../data/formats/duckdb.ts'
import { asNumber, asText, type TableColumn } from '../../../data/formats/table-relation.ts'

/** SQL: a cell as text; NULL where it is missing or blank. */
export const textSql = (column: TableColumn): string => `NULLIF(trim(${asText(column)}), '')`

/**
 * In text files a column of "yes" and "no" is found to be BOOLEAN though its cells are text: only the words true and
 * false are taken for 1 and 0 then.
 */
const numberSql = (column: TableColumn): string =>
  column.type === 'BOOLEAN'
    ? `(CASE lower(${textSql(column)}) WHEN 'true' THEN 1::DOUBLE WHEN 'false' THEN 0::DOUBLE ELSE TRY_CAST(${textSql(column)} AS DOUBLE) END)`
    : asNumber(column)

/** SQL: a cell as a finite number; NULL where it is missing or isn't one. */
export const finiteSql = (column: TableColumn): string =>
  `(CASE WHEN isfinite(${numberSql(column)}) THEN ${numberSql(column)} END)`

/** SQL: whether a cell that isn't blank can't be read as a finite number. */
export const unreadableSql = (column: TableColumn): string =>
  `(${textSql(column)} IS NOT NULL AND ${finiteSql(column)} IS NULL)`

const spellings = (column: TableColumn, value: string): readonly string[] => {
  const same = `${textSql(column)} = ${literal(value)}`
  if (value === '1') return [same, `${finiteSql(column)} = 1`, `lower(${textSql(column)}) = 'true'`]
  const number = value.trim() === '' ? Number.NaN : Number(value)
  return Number.isFinite(number) ? [same, `${finiteSql(column)} = ${number}`] : [same]
}

/** SQL: whether a cell is one of the positive values, as text or as a number; 1 is also "true". NULL where missing. */
export const positiveSql = (column: TableColumn, values: readonly string[]): string =>
  `(CASE WHEN ${textSql(column)} IS NOT NULL THEN coalesce(${values.flatMap((value) => spellings(column, value)).join(' OR ')}, false) END)`
