import { resolve } from 'node:path'
import { BartizanError } from '../../../base/errors.ts'
import { nearest } from '../../../base/registry.ts'
import { detect } from '../../../data/detect.ts'
import { openTableEngine, type TableEngine } from '../../../data/formats/duckdb.ts'
import { type Relation, relationOf, type TableColumn, type TableFormat } from '../../../data/formats/table-relation.ts'

/** A table file that is open for questions. */
export interface BiasTable {
  readonly path: string
  readonly format: TableFormat
  readonly engine: TableEngine
  readonly relation: Relation
}

/** The format of a table file. Throws DATA_FORMAT_UNSUPPORTED for arrays and folders of images. */
const tableFormat = async (path: string): Promise<TableFormat> => {
  const found = await detect(path)
  if ('bytes' in found) await found.bytes.close()
  if (!('bytes' in found) && found.format !== 'image-folder') return found.format
  throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} has no columns to group by`, {
    hint: 'give a CSV, TSV, JSONL or Parquet file that holds the protected columns and the labels',
    data: { path, format: found.format },
  })
}

/** Opens a CSV, TSV, JSONL or Parquet file for `action`, and closes it. */
export const withTable = async <T>(path: string, action: (table: BiasTable) => Promise<T>): Promise<T> => {
  const format = await tableFormat(path)
  const engine = await openTableEngine(resolve(path))
  try {
    return await action({ path, format, engine, relation: await relationOf(engine, resolve(path), format) })
  } finally {
    engine.close()
  }
}

/** The column of that name. Throws CONFIG_INVALID with the nearest name. */
export const columnNamed = ({ path, relation }: Pick<BiasTable, 'path' | 'relation'>, name: string): TableColumn => {
  const found = relation.columns.find((column) => column.name === name)
  if (found !== undefined) return found
  const names = relation.columns.map((column) => column.name)
  const near = nearest(name, names)
  throw new BartizanError('CONFIG_INVALID', `${path} has no column "${name}"`, {
    hint: near === undefined ? `its columns are: ${names.slice(0, 50).join(', ')}` : `did you mean "${near}"?`,
    data: { path, column: name, near },
  })
}
