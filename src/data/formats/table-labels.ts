import { BartizanError } from '../../base/errors.ts'
import { classLookup, classOf, labelError, mostTextClasses, sortedClasses } from '../labels.ts'
import type { TableEngine } from './table-engine.ts'
import { asNumber, asText, isNumeric, type Relation, type TableColumn, type TableFormat } from './table-relation.ts'

/** How the label column of a table becomes classes. */
export interface TableLabels {
  readonly column: TableColumn
  /** SQL of the column: numbers or text, as `classes` tells. */
  readonly sql: string
  /** Names, where the labels are text. */
  readonly classes?: readonly string[]
  /** The class of a cell; a number that is missing or isn't one arrives as null. Throws DATA_LABEL_INVALID. */
  classOf(cell: number | string | null, row: number): number
}

const textLabels = (path: string, column: TableColumn, classes: readonly string[]): TableLabels => {
  const lookup = classLookup(path, classes)
  return {
    column,
    sql: asText(column),
    classes,
    classOf(cell, row) {
      if (cell === null || /^\s*(nan)?\s*$/i.test(String(cell)))
        throw labelError(path, row, 'the label is missing', column.name)
      return lookup(String(cell), row, column.name)
    },
  }
}

const numericLabels = (path: string, column: TableColumn, classes?: readonly string[]): TableLabels => ({
  column,
  classes,
  sql: asNumber(column),
  classOf(cell, row) {
    if (cell === null) throw labelError(path, row, 'the label is missing or not a number', column.name)
    return classOf(Number(cell), path, row, column.name, classes?.length)
  },
})

/**
 * Numbers are classes as they stand. Text is mapped to 0 … K - 1 in sorted order over the whole file, whatever rows are
 * selected, or by `classes` where the caller names them in the model's order (numbers count within them). A column that mixes both holds numbers,
 * and its text is a mistake.
 */
export const tableLabels = async (
  engine: TableEngine,
  path: string,
  format: TableFormat,
  { sql }: Relation,
  column: TableColumn,
  classes: readonly string[] | undefined,
): Promise<TableLabels> => {
  if (isNumeric(column, format)) return numericLabels(path, column, classes)
  if (classes !== undefined) return textLabels(path, column, classes)
  const found = await engine.rows(
    `SELECT DISTINCT ${asText(column)} AS name, ${asNumber(column)} IS NOT NULL AS number FROM ${sql}
     WHERE ${asText(column)} IS NOT NULL LIMIT ${mostTextClasses + 1}`,
  )
  if (found.some(({ number, name }) => number === true && !/nan/i.test(String(name))))
    return numericLabels(path, column)
  if (found.length > mostTextClasses)
    throw new BartizanError(
      'DATA_LABEL_INVALID',
      `${path}, column "${column.name}" holds more than ${mostTextClasses} different texts: that isn't a label`,
      { hint: 'name the column that holds the class', data: { path, column: column.name } },
    )
  const names = found.map(({ name }) => String(name)).filter((name) => !/^\s*(nan)?\s*$/i.test(name))
  return textLabels(path, column, sortedClasses(names))
}
