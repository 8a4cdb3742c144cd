import { basename, posix } from 'node:path'
import { type ConstraintKey, type Constraints, constraintProblems, rulesOf } from './constraints.ts'
import type { SchemaDocument } from './document.ts'
import { isObject, type JsonObject, type MemberReader, memberReader, refuseUnknown } from './json-value.ts'
import type { ColumnSchema, ColumnType, RangeBound, Rule, SchemaPath, TableSchema } from './model.ts'

// Frictionless Table Schema v1, alone or in a datapackage.json. A keyword that isn't read is an error.

const described = ['$schema', 'name', 'title', 'description', 'example', 'rdfType']
const schemaKeys = ['fields', 'missingValues', 'primaryKey', 'uniqueKeys', 'foreignKeys', ...described]
const fieldKeys = ['type', 'format', 'constraints', 'missingValues', ...described]
const constraintKeys = [
  'required',
  'unique',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'pattern',
  'enum',
]
const types: Readonly<Record<string, ColumnType | 'any'>> = {
  string: 'string',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  time: 'time',
  year: 'integer',
  any: 'any',
}

const keyword: Partial<Record<ConstraintKey, string>> = {
  min: 'minimum',
  max: 'maximum',
  above: 'exclusiveMinimum',
  below: 'exclusiveMaximum',
  set: 'enum',
  regex: 'pattern',
}

export const isTableSchema = (value: unknown): boolean =>
  isObject(value) && (Array.isArray(value.fields) || Array.isArray(value.resources))

const stringFormat = (read: MemberReader): Constraints['format'] => {
  const format = read.text('format') ?? 'default'
  if (format === 'default') return undefined
  if (format === 'email' || format === 'uri' || format === 'uuid') return format
  return read.fail('format', `format "${format}" is not supported for text; known: default, email, uri, uuid`)
}

const boundOf = (read: MemberReader, key: string, value: JsonObject): RangeBound | undefined => {
  const found = value[key]
  if (found === undefined) return undefined
  if (typeof found === 'number' || typeof found === 'string') return found
  return read.fail(key, 'expected a number, a date or a time')
}

const constraintsOf = (document: SchemaDocument, read: MemberReader): Constraints => {
  const typeName = read.text('type') ?? 'any'
  const found = types[typeName]
  if (found === undefined) return read.fail('type', `type "${typeName}" is not supported for a cell`)
  const type = found === 'any' ? undefined : found
  const format = type === 'string' ? stringFormat(read) : undefined
  if (type !== 'string' && (read.text('format') ?? 'default') !== 'default')
    return read.fail('format', `only the default format of ${typeName} is supported`)
  const value = read.object('constraints') ?? {}
  const path = read.at('constraints')
  refuseUnknown(document, value, path, constraintKeys)
  const inner = memberReader(document, value, path)
  const pattern = inner.text('pattern')
  return {
    type,
    format,
    min: boundOf(inner, 'minimum', value),
    max: boundOf(inner, 'maximum', value),
    above: boundOf(inner, 'exclusiveMinimum', value),
    below: boundOf(inner, 'exclusiveMaximum', value),
    minLength: inner.count('minLength'),
    maxLength: inner.count('maxLength'),
    regex: pattern === undefined ? undefined : { pattern, whole: true },
    set: inner.scalars('enum'),
    required: inner.flag('required'),
    unique: inner.flag('unique'),
  }
}

interface Found {
  readonly schema: JsonObject
  readonly path: SchemaPath
  /** Files by the names of resources. */
  readonly files: ReadonlyMap<string, string>
}

/** The table's own resource in a data package: the one with the data file's name, or the only one. */
const resourceOf = (document: SchemaDocument, value: JsonObject, dataFile: string): Found => {
  const top = memberReader(document, value, [])
  const resources = (value.resources as readonly unknown[]).filter(isObject)
  const files = new Map<string, string>()
  for (const { name, path } of resources)
    if (typeof name === 'string' && typeof path === 'string') files.set(name, path)
  const named = resources.filter(({ path }) => typeof path === 'string' && posix.basename(path) === basename(dataFile))
  const [chosen] = named.length > 0 ? named : resources.length === 1 ? resources : []
  if (named.length > 1 || chosen === undefined)
    return top.fail('resources', `${named.length || 'no'} resources have the path of ${basename(dataFile)}`)
  const index = (value.resources as readonly unknown[]).indexOf(chosen)
  if (!isObject(chosen.schema))
    throw document.error([{ path: ['resources', index], message: 'the resource has no schema of its own' }])
  return { schema: chosen.schema, path: ['resources', index, 'schema'], files }
}

const foreignKeys = (document: SchemaDocument, { schema, path, files }: Found): readonly Rule[] => {
  const list = schema.foreignKeys ?? []
  const top = memberReader(document, schema, path)
  if (!Array.isArray(list)) return top.fail('foreignKeys', 'expected a list')
  return list.map((key: unknown, i): Rule => {
    if (!isObject(key)) return top.fail('foreignKeys', 'expected a list of objects')
    const read = memberReader(document, key, [...path, 'foreignKeys', i])
    const reference = read.object('reference') ?? read.fail('reference', 'it is missing')
    const inner = memberReader(document, reference, read.at('reference'))
    const resource = inner.text('resource') ?? ''
    const file = resource === '' ? '' : files.get(resource)
    const columns = read.texts('fields') ?? read.fail('fields', 'it is missing')
    if (file === undefined) return inner.fail('resource', `the package has no resource "${resource}" with one path`)
    return {
      id: `foreign-keys[${i}]`,
      ...(columns.length === 1 && { column: columns[0]! }),
      test: {
        kind: 'foreign',
        columns,
        file,
        references: inner.texts('fields') ?? inner.fail('fields', 'it is missing'),
      },
      severity: 'error',
      path: read.path,
    }
  })
}

/** The schema in a Table Schema or data package; `dataFile` chooses the resource. Throws CONFIG_INVALID. */
export const fromTableSchema = (document: SchemaDocument, dataFile: string): TableSchema => {
  const value = document.value as JsonObject
  const found: Found = Array.isArray(value.fields)
    ? { schema: value, path: [], files: new Map() }
    : resourceOf(document, value, dataFile)
  const { schema, path } = found
  refuseUnknown(document, schema, path, schemaKeys)
  const top = memberReader(document, schema, path)
  if (!Array.isArray(schema.fields)) return top.fail('fields', 'expected a list')
  const missing = schema.missingValues === undefined ? [''] : missingOf(top, schema.missingValues)
  const columns: ColumnSchema[] = []
  const rules: Rule[] = []
  for (const [i, field] of schema.fields.entries()) {
    const at: SchemaPath = [...path, 'fields', i]
    if (!isObject(field)) throw document.error([{ path: at, message: 'a field is an object' }])
    refuseUnknown(document, field, at, fieldKeys)
    const read = memberReader(document, field, at)
    const name = read.text('name') ?? read.fail('name', 'it is missing')
    const constraints = constraintsOf(document, read)
    const { type } = constraints
    const owner = {
      column: name,
      type,
      prefix: name,
      severity: 'error',
      at: (key: ConstraintKey) =>
        key === 'type' || key === 'format' ? [...at, key] : [...at, 'constraints', keyword[key] ?? key],
    } as const
    const problems = constraintProblems(constraints, owner)
    if (problems.length > 0) throw document.error(problems)
    const nullLike = field.missingValues === undefined ? missing : missingOf(read, field.missingValues)
    columns.push({ name, ...(type && { type }), nullLike, optional: false, path: at })
    rules.push(...rulesOf(constraints, owner))
  }
  const primary = schema.primaryKey === undefined ? undefined : top.texts('primaryKey')
  const unique = schema.uniqueKeys ?? []
  if (!Array.isArray(unique) || !unique.every((key) => Array.isArray(key) && key.every((c) => typeof c === 'string')))
    return top.fail('uniqueKeys', 'expected a list of lists of column names')
  const keyed = (id: string, key: readonly string[], place: SchemaPath): Rule => ({
    id,
    test: { kind: 'unique', columns: key },
    severity: 'error',
    path: place,
  })
  return {
    columns,
    rules: [
      {
        id: 'table.columns',
        test: {
          kind: 'columns',
          expected: columns.map(({ name }) => name),
          optional: [],
          extra: 'refuse',
          ordered: false,
        },
        severity: 'error',
        path: top.at('fields'),
      },
      { id: 'table.rows', test: { kind: 'rows', min: 1 }, severity: 'error', path: top.at('fields') },
      ...(primary === undefined
        ? []
        : [
            keyed('primary-key', primary, top.at('primaryKey')),
            ...primary.map(
              (column): Rule => ({
                id: `primary-key.${column}.required`,
                column,
                test: { kind: 'required' },
                severity: 'error',
                path: top.at('primaryKey'),
              }),
            ),
          ]),
      ...unique.map((key: readonly string[], i) => keyed(`unique-keys[${i}]`, key, [...top.at('uniqueKeys'), i])),
      ...foreignKeys(document, found),
      ...rules,
    ],
  }
}

const missingOf = (read: MemberReader, value: unknown): readonly string[] => {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  return read.fail('missingValues', 'expected a list of text')
}
