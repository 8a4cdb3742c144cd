import { resolve } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import type { Source } from '../source.ts'
import { tableCursor } from './table-cursor.ts'
import { openTableEngine, type TableEngine } from './table-engine.ts'
import { tableLabels } from './table-labels.ts'
import {
  asNumber,
  asText,
  columnNamed,
  isNumeric,
  type Relation,
  relationOf,
  type TableColumn,
  type TableFormat,
} from './table-relation.ts'

export interface TableOptions {
  /** Features, in order; every column but the label where it is left out. */
  readonly columns?: readonly string[]
  /** The column that holds the labels. */
  readonly label?: string
  /** Names of the classes in the model's order. */
  readonly classes?: readonly string[]
}

const badCell = (path: string, row: number, column: string, cell: unknown, hint: string): BartizanError => {
  const what =
    cell === null || cell === undefined ? 'is empty' : `holds ${JSON.stringify(cell)}, which isn't a finite number`
  return new BartizanError('DATA_CORRUPT', `${path}, row ${row}, column "${column}" ${what}`, {
    hint,
    data: { path, row, column, value: cell ?? null },
  })
}

/** A column whose type isn't numeric may still hold numbers only; the first cell that is text is named. */
const checkTextColumn = async (
  engine: TableEngine,
  path: string,
  relation: Relation,
  column: TableColumn,
  hint: string,
) => {
  const [bad] = await engine.rows(
    `SELECT "row", cell FROM (SELECT row_number() OVER () - 1 AS "row", ${asText(column)} AS cell, ${asNumber(column)} AS number
     FROM ${relation.sql}) WHERE number IS NULL LIMIT 1`,
  )
  if (bad !== undefined) throw badCell(path, Number(bad.row), column.name, bad.cell, hint)
}

const chooseFeatures = async (
  engine: TableEngine,
  path: string,
  format: TableFormat,
  relation: Relation,
  { columns, label }: TableOptions,
): Promise<readonly TableColumn[]> => {
  const names = columns ?? relation.columns.map(({ name }) => name).filter((name) => name !== label)
  const features = names.map((name) => columnNamed(path, relation, name))
  if (new Set(names).size !== names.length || (label !== undefined && names.includes(label)))
    throw new BartizanError(
      'CONFIG_INVALID',
      `${path}: a column is listed twice, or is a feature and the label at once`,
      {
        data: { columns: names, label },
      },
    )
  const usable = relation.columns.filter((column) => isNumeric(column, format) && column.name !== label)
  const usableNames = usable.slice(0, 50).map(({ name }) => name)
  const hint = `name the label column or the feature columns; of numbers are: ${usableNames.join(', ') || 'none'}`
  for (const column of features)
    if (!isNumeric(column, format)) await checkTextColumn(engine, path, relation, column, hint)
  return features
}

/** CSV, TSV, JSONL or Parquet as rows of numbers (float64), in file order, with labels from a column. */
export const openTable = async (path: string, format: TableFormat, options: TableOptions): Promise<Source> => {
  const engine = await openTableEngine(resolve(path))
  try {
    return await tableSource(engine, path, format, options)
  } catch (error) {
    engine.close()
    throw error
  }
}

const tableSource = async (
  engine: TableEngine,
  path: string,
  format: TableFormat,
  options: TableOptions,
): Promise<Source> => {
  const relation = await relationOf(engine, resolve(path), format)
  const labelColumn = options.label === undefined ? undefined : columnNamed(path, relation, options.label)
  const features = await chooseFeatures(engine, path, format, relation, options)
  const labels = labelColumn && (await tableLabels(engine, path, format, relation, labelColumn, options.classes))
  const [count] = await engine.rows(`SELECT count(*) AS n FROM ${relation.sql}`)
  const expressions = [...features.map(asNumber), ...(labels === undefined ? [] : [labels.sql])]
  const pieces = tableCursor(engine, path, `SELECT ${expressions.join(', ')} FROM ${relation.sql}`)
  const width = features.length
  /** The cell as it was written, for the error. */
  const refuse = async (row: number, column: TableColumn) => {
    const [raw] = await engine.rows(`SELECT ${asText(column)} AS cell FROM ${relation.sql} LIMIT 1 OFFSET ${row}`)
    return badCell(path, row, column.name, raw?.cell, 'fill, correct or remove this row; rows count from 0')
  }
  const inTurn = oneAtATime()
  return {
    path,
    format,
    rows: Number(count?.n),
    shape: [width],
    dtype: 'float64',
    columns: features.map(({ name }) => name),
    classes: labels?.classes,
    hasLabels: labels !== undefined,
    read: (from, to) =>
      inTurn(async () => {
        const x = new Float64Array((to - from) * width)
        const y = labels && new Int32Array(to - from)
        for await (const { chunk, start, rows, row } of pieces(from, to)) {
          for (let column = 0; column < width; column++) {
            const vector = chunk.getColumnVector(column)
            for (let i = 0; i < rows; i++) {
              const cell = vector.getItem(start + i)
              if (typeof cell !== 'number' || !Number.isFinite(cell)) throw await refuse(row + i, features[column]!)
              x[(row - from + i) * width + column] = cell
            }
          }
          const vector = labels && chunk.getColumnVector(width)
          for (let i = 0; labels && y && vector && i < rows; i++) {
            const cell = vector.getItem(start + i)
            y[row - from + i] = labels.classOf(
              typeof cell === 'number' ? cell : cell === null ? null : String(cell),
              row + i,
            )
          }
        }
        return { x, y }
      }),
    place: (row, index) => `row ${row}, column "${features[index]?.name ?? index}"`,
    close: async () => engine.close(),
  }
}

export interface FoundColumn extends TableColumn {
  /** Whether it can be a feature as it is. */
  readonly numeric: boolean
}

/** The columns of a table, with the types that were found. */
export const describeTable = async (path: string, format: TableFormat): Promise<readonly FoundColumn[]> => {
  const engine = await openTableEngine(resolve(path))
  try {
    const { columns } = await relationOf(engine, resolve(path), format)
    return columns.map((column) => ({ ...column, numeric: isNumeric(column, format) }))
  } finally {
    engine.close()
  }
}
