import { BartizanError } from '../../../base/errors.ts'
import { isNumeric, type TableColumn } from '../../../data/formats/table-relation.ts'
import { columnOf, type ScreenedTable } from '../../table/index.ts'
import { type Bins, binSql, binsOf } from './bins.ts'
import { finiteSql, positiveSql, textSql } from './expressions.ts'

/** A protected column, and how its values become groups. */
export interface ProtectedColumn {
  readonly name: string
  readonly column: TableColumn
  readonly bins?: Bins
  /** SQL: the value of the group, or the number of the bin; NULL where it is missing. */
  readonly sql: string
}

/** Where labels, predictions and scores come from. */
interface OutcomeColumns {
  readonly label?: string
  readonly predictions?: string
  readonly scores?: string
  /** Values of the label and the prediction that count as positive. */
  readonly positive: readonly string[]
  /** Without a column of predictions, scores from it on are positive predictions. */
  readonly threshold: number
}

/** SQL of whether a row's label and prediction are positive, and the column of scores. */
export interface Outcomes {
  readonly label?: string
  readonly prediction?: string
  readonly score?: TableColumn
}

/** Most values of a column of numbers that make groups as they are. */
const mostValues = 20

/**
 * The protected columns of a table. Throws CONFIG_INVALID for a name that the table lacks or that is given twice, and for
 * a column of numbers with more than 20 values and no bins.
 */
export const protectedColumns = async (
  table: ScreenedTable,
  names: readonly string[],
  bins: Readonly<Record<string, readonly number[]>>,
): Promise<readonly ProtectedColumn[]> => {
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (names.length === 0 || twice !== undefined)
    throw new BartizanError(
      'CONFIG_INVALID',
      twice ? `--protected names ${twice} twice` : 'no protected column is named',
      {
        hint: 'for example --protected sex,age',
        data: { protected: names },
      },
    )
  const stray = Object.keys(bins).find((name) => !names.includes(name))
  if (stray !== undefined)
    throw new BartizanError('CONFIG_INVALID', `bins are given for ${stray}, which is not a protected column`, {
      hint: `protected are: ${names.join(', ')}`,
      data: { column: stray },
    })
  const columns = names.map((name) => columnOf(table, name))
  for (const column of columns)
    if (!Object.hasOwn(bins, column.name) && isNumeric(column, table.format)) await requireFewValues(table, column)
  return columns.map((column): ProtectedColumn => {
    const edges = Object.hasOwn(bins, column.name) ? bins[column.name] : undefined
    if (edges === undefined) return { name: column.name, column, sql: textSql(column) }
    return { name: column.name, column, bins: binsOf(column.name, edges), sql: binSql(finiteSql(column), edges) }
  })
}

const requireFewValues = async ({ path, engine, relation }: ScreenedTable, column: TableColumn): Promise<void> => {
  const values = await engine.rows(
    `SELECT DISTINCT ${textSql(column)} AS v FROM ${relation.sql} LIMIT ${mostValues + 2}`,
  )
  if (values.length <= mostValues + 1) return
  throw new BartizanError('CONFIG_INVALID', `${path}, column "${column.name}" holds more than ${mostValues} numbers`, {
    hint: `state the edges of its groups, for example --bins ${column.name}=18,30,45,65`,
    data: { path, column: column.name },
  })
}

const clash = (names: readonly (string | undefined)[]): string | undefined =>
  names.find((name, i) => name !== undefined && names.indexOf(name) !== i)

/** Labels and predictions as SQL. Throws CONFIG_INVALID where none is named, or one column is named for two of them. */
export const outcomesOf = (
  table: ScreenedTable,
  protectedNames: readonly string[],
  { label, predictions, scores, positive, threshold }: OutcomeColumns,
): Outcomes => {
  if (label === undefined && predictions === undefined && scores === undefined)
    throw new BartizanError('CONFIG_INVALID', 'neither labels nor predictions are named', {
      hint: 'give --label, --predictions or --scores',
    })
  const twice = clash([...protectedNames, label, predictions, scores])
  if (twice !== undefined)
    throw new BartizanError('CONFIG_INVALID', `the column ${twice} is named for two things`, {
      data: { column: twice },
    })
  const score = scores === undefined ? undefined : columnOf(table, scores)
  const predicted =
    predictions !== undefined
      ? positiveSql(columnOf(table, predictions), positive)
      : score && `(${finiteSql(score)} >= ${threshold})`
  return {
    ...(label !== undefined && { label: positiveSql(columnOf(table, label), positive) }),
    ...(predicted !== undefined && { prediction: predicted }),
    ...(score && { score }),
  }
}

/** Throws CONFIG_INVALID where a column holds several values, none of which is positive: the wrong one was named. */
export const requirePositive = async (
  table: ScreenedTable,
  name: string,
  positive: readonly string[],
): Promise<void> => {
  const sql = textSql(columnOf(table, name))
  const found = await table.engine.rows(
    `SELECT DISTINCT ${sql} AS v FROM ${table.relation.sql} WHERE ${sql} IS NOT NULL ORDER BY v LIMIT 21`,
  )
  if (found.length < 2) return
  const values = found.slice(0, 20).map(({ v }) => String(v))
  throw new BartizanError('CONFIG_INVALID', `${table.path}: no row has ${name} = ${positive.join(' or ')}`, {
    hint: `name the positive value with --positive; there are: ${values.join(', ')}${found.length > 20 ? ', …' : ''}`,
    data: { path: table.path, column: name, positive, values },
  })
}
