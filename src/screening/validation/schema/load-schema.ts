import { dirname, resolve } from 'node:path'
import { nearest } from '../../../base/registry.ts'
import { parseSchemaDocument, readSchemaDocument, type SchemaDocument, type SchemaProblem } from './document.ts'
import { fromJsonSchema, isJsonSchema } from './from-json-schema.ts'
import { fromTableSchema, isTableSchema } from './from-table-schema.ts'
import { fromYaml } from './from-yaml.ts'
import type { Rule, TableSchema } from './model.ts'

/** Names that begin so are the engine's own. */
export const reservedPrefix = 'bz:'

export interface LoadedSchema extends TableSchema {
  /** As it was named. */
  readonly file: string
  /** Absolute folder that paths in it start from. */
  readonly folder: string
  readonly sha256: string
  readonly document: SchemaDocument
}

/** Columns that a rule names. */
export const columnsOf = ({ column, test }: Rule): readonly string[] =>
  test.kind === 'unique' || test.kind === 'foreign' ? test.columns : column === undefined ? [] : [column]

/** A schema of images or arrays has no columns. */
const needsColumns = ({ sections }: TableSchema): boolean =>
  sections?.images === undefined && sections?.arrays === undefined

const problemsOfSchema = (schema: TableSchema): readonly SchemaProblem[] => {
  const { columns, rules } = schema
  const names = columns.map(({ name }) => name)
  const folded = names.map((name) => name.toLowerCase())
  const ids = rules.map(({ id }) => id)
  return [
    ...(columns.length === 0 && needsColumns(schema)
      ? [{ path: ['columns'], message: 'a schema has at least one column' }]
      : []),
    ...columns.flatMap(({ name, path }, i): readonly SchemaProblem[] => [
      ...(folded.indexOf(folded[i]!) === i ? [] : [{ path, message: `the column "${name}" stands twice` }]),
      ...(name.startsWith(reservedPrefix)
        ? [{ path, message: `names that begin with ${reservedPrefix} are taken` }]
        : []),
    ]),
    ...rules.flatMap((rule, i): readonly SchemaProblem[] => [
      ...(ids.indexOf(rule.id) === i ? [] : [{ path: rule.path, message: `the id "${rule.id}" is used twice` }]),
      ...columnsOf(rule)
        .filter((name) => !names.includes(name))
        .map((name) => ({ path: rule.path, message: unknownColumn(name, names) })),
      ...(rule.test.kind === 'foreign' && rule.test.columns.length !== rule.test.references.length
        ? [{ path: rule.path, message: 'a foreign key names as many columns here as there' }]
        : []),
    ]),
  ]
}

const unknownColumn = (name: string, names: readonly string[]): string => {
  const near = nearest(name, names)
  return `the schema has no column "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`
}

const loaded = (document: SchemaDocument, dataFile: string): LoadedSchema => {
  const { value, file, sha256 } = document
  const schema = isTableSchema(value)
    ? fromTableSchema(document, dataFile)
    : isJsonSchema(value)
      ? fromJsonSchema(document)
      : fromYaml(document)
  const problems = problemsOfSchema(schema)
  if (problems.length > 0) throw document.error(problems)
  return { ...schema, file, folder: dirname(resolve(file)), sha256, document }
}

/**
 * Reads a schema: YAML of ours, JSON Schema 2020-12 or Frictionless Table Schema, told apart by their keys. `dataFile`
 * chooses the resource of a data package. Throws CONFIG_INVALID with every problem, FILE_NOT_FOUND, FILE_UNREADABLE.
 */
export const loadSchema = async (file: string, dataFile: string): Promise<LoadedSchema> =>
  loaded(await readSchemaDocument(file), dataFile)

/** The same of a text that stands in no file yet. */
export const parseSchema = (text: string, file: string, dataFile: string): LoadedSchema =>
  loaded(parseSchemaDocument(text, file), dataFile)
