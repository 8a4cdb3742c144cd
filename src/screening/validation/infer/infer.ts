import { realpath } from 'node:fs/promises'
import { basename } from 'node:path'
import { BartizanError } from '../../../base/errors.ts'
import { sha256OfFile, statInput } from '../../../data/files.ts'
import { tableFormat } from '../../table/index.ts'
import { openEngine } from '../engine.ts'
import { parseSchema } from '../schema/load-schema.ts'
import { dataKind } from '../sections/data-kind.ts'
import { openTable } from '../table.ts'
import { inferArrays, inferImages } from './infer-items.ts'
import type { InferredSchema } from './inferred-schema.ts'
import { profileColumns } from './profile.ts'
import { type InferredColumn, renderSchema } from './render.ts'
import { isUnique, valuesOf } from './values.ts'

/** Throws where our own schema can't be read. */
const inferred = (path: string, schema: InferredSchema): InferredSchema => {
  parseSchema(schema.text, 'the inferred schema', path)
  return schema
}

/**
 * A schema from a trusted sample: types and formats that every value has, ranges with a margin, sets only of few values
 * that are each seen often. Throws DATA_CORRUPT for an empty sample, DATA_FORMAT_UNSUPPORTED, FILE_NOT_FOUND.
 */
export const inferSchema = async (path: string, threads = 2): Promise<InferredSchema> => {
  await statInput(path)
  const kind = await dataKind(path)
  if (kind !== 'table') return inferred(path, kind === 'images' ? await inferImages(path) : await inferArrays(path))
  const format = await tableFormat(path)
  const file = await realpath(path)
  const engine = await openEngine({ reads: [file], threads })
  try {
    const table = await openTable(engine, file, format)
    const profiles = await profileColumns(engine, table)
    const rows = profiles[0]?.rows ?? 0
    if (rows === 0)
      throw new BartizanError('DATA_CORRUPT', `${path} has no rows to learn from`, {
        hint: 'name a sample that is known to be good',
        data: { path },
      })
    const columns: InferredColumn[] = []
    for (const profile of profiles) {
      const values = await valuesOf(engine, table, profile)
      const unique = values === undefined && (await isUnique(engine, table, profile))
      columns.push({ profile, ...(values && { values }), unique })
    }
    const sha256 = await sha256OfFile(file)
    const text = renderSchema(basename(path), sha256, columns)
    return inferred(path, { text, rows, columns: columns.length, sha256 })
  } finally {
    engine.close()
  }
}
