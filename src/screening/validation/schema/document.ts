import { readFile } from 'node:fs/promises'
import { sha256 } from '../../../base/canonical-json.ts'
import { BartizanError } from '../../../base/errors.ts'
import { type YamlFile, yamlFile } from '../../../base/yaml/yaml-file.ts'
import { statInput } from '../../../data/files.ts'

export type { Problem as SchemaProblem } from '../../../base/yaml/problems.ts'

/** A schema file's value, and where each part of it stands. */
export interface SchemaDocument extends YamlFile {
  readonly sha256: string
}

const maxBytes = 4 << 20
const hint = 'correct the lines named; bartizan data infer FILE writes a commented schema'

/** Reads a schema file. Throws FILE_NOT_FOUND, FILE_UNREADABLE, and CONFIG_INVALID where it is no YAML or JSON. */
export const readSchemaDocument = async (file: string): Promise<SchemaDocument> => {
  const stats = await statInput(file)
  if (!stats.isFile()) throw unfit(file, `${file} is a folder; name the schema file itself`)
  if (stats.size > maxBytes) throw unfit(file, `${file} has ${stats.size} bytes; a schema has at most ${maxBytes}`)
  return parseSchemaDocument(await readFile(file, 'utf8'), file)
}

export const parseSchemaDocument = (text: string, file: string): SchemaDocument => ({
  ...yamlFile(text, { file, hint }),
  sha256: sha256(text),
})

const unfit = (file: string, message: string): BartizanError =>
  new BartizanError('CONFIG_INVALID', message, {
    hint: 'is this the right file? bartizan data infer FILE writes a commented schema',
    data: { file },
  })
