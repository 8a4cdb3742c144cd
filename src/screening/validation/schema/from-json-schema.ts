import { type ConstraintKey, type Constraints, constraintProblems, rulesOf } from './constraints.ts'
import type { SchemaDocument } from './document.ts'
import { defaultNullLike } from './from-yaml.ts'
import { isObject, isScalar, type JsonObject, type MemberReader, memberReader, refuseUnknown } from './json-value.ts'
import type { ColumnSchema, ColumnType, Rule, SchemaPath, TableSchema } from './model.ts'
import type { TextFormat } from './text-format.ts'

// A subset of JSON Schema 2020-12: the schema of one row. What a keyword outside of it would have checked is not
// checked, so it is an error.

const annotations = [
  '$schema',
  '$id',
  '$comment',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
]
const tableKeywords = ['type', 'properties', 'required', 'additionalProperties', ...annotations]
const valueKeywords = [
  'type',
  'format',
  'enum',
  'const',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  ...annotations,
]

const unsupported = 'unsupported keyword'

const formats: Readonly<Record<string, TextFormat | 'type'>> = {
  date: 'type',
  'date-time': 'type',
  time: 'type',
  email: 'email',
  uri: 'uri',
  uuid: 'uuid',
  ipv4: 'ipv4',
  ipv6: 'ipv6',
  hostname: 'hostname',
}
const temporal: Readonly<Record<string, ColumnType>> = { date: 'date', 'date-time': 'datetime', time: 'time' }

const keyword: Partial<Record<ConstraintKey, string>> = {
  min: 'minimum',
  max: 'maximum',
  above: 'exclusiveMinimum',
  below: 'exclusiveMaximum',
  set: 'enum',
  regex: 'pattern',
}

/** Whether a document is a JSON Schema rather than another kind of schema. */
export const isJsonSchema = (value: unknown): boolean =>
  isObject(value) && (isObject(value.properties) || typeof value.$schema === 'string')

/** Type and whether null is one of the values: ["string", "null"]. */
const typeOf = (read: MemberReader): { readonly type?: ColumnType; readonly nullable: boolean } => {
  const given = read.texts('type')
  if (given === undefined) return { nullable: false }
  const types = given.filter((type) => type !== 'null')
  const [type] = types
  if (types.length !== 1) return read.fail('type', `one type, perhaps with "null", is supported`)
  if (type === 'string' || type === 'integer' || type === 'number' || type === 'boolean')
    return { type, nullable: types.length < given.length }
  return read.fail('type', `type "${type}" is not supported: a cell is text, a number, true or false`)
}

const constraintsOf = (read: MemberReader, isRequired: boolean, value: JsonObject): Constraints => {
  const { type, nullable } = typeOf(read)
  const format = read.text('format')
  if (format !== undefined && formats[format] === undefined)
    return read.fail('format', `format "${format}" is not supported; known: ${Object.keys(formats).join(', ')}`)
  const textual = format === undefined ? undefined : formats[format]
  const pattern = read.text('pattern')
  const constant = value.const
  if (constant !== undefined && !isScalar(constant)) return read.fail('const', 'expected text, a number, true or false')
  if (constant !== undefined && value.enum !== undefined) return read.fail('const', 'give enum or const, not both')
  const bounds = { type: format === undefined ? type : (temporal[format] ?? type) }
  return {
    ...bounds,
    format: textual === 'type' ? undefined : textual,
    min: read.number('minimum'),
    max: read.number('maximum'),
    above: read.number('exclusiveMinimum'),
    below: read.number('exclusiveMaximum'),
    multipleOf: read.number('multipleOf'),
    minLength: read.count('minLength'),
    maxLength: read.count('maxLength'),
    // The standard's pattern matches any part of the text.
    regex: pattern === undefined ? undefined : { pattern, whole: false },
    set: constant === undefined ? read.scalars('enum') : [constant],
    required: isRequired && !nullable,
  }
}

/** The schema in a JSON Schema document about the object that one row is. Throws CONFIG_INVALID. */
export const fromJsonSchema = (document: SchemaDocument): TableSchema => {
  if (!isObject(document.value)) throw document.error([{ path: [], message: 'a JSON Schema is an object' }])
  const dialect = document.value.$schema
  const top = memberReader(document, document.value, [])
  if (dialect !== undefined && !/^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/.test(String(dialect)))
    return top.fail('$schema', 'only draft 2020-12 is supported')
  refuseUnknown(document, document.value, [], tableKeywords, unsupported)
  if ((top.text('type') ?? 'object') !== 'object') return top.fail('type', 'a row is an object')
  const properties = top.object('properties')
  if (properties === undefined) return top.fail('properties', 'a schema of rows lists their properties')
  const required = new Set(document.value.required === undefined ? [] : top.texts('required'))
  const extra = top.flag('additionalProperties') === false ? 'refuse' : 'allow'
  const columns: ColumnSchema[] = []
  const rules: Rule[] = []
  for (const [name, value] of Object.entries(properties)) {
    const path: SchemaPath = ['properties', name]
    if (!isObject(value)) return top.fail('properties', `"${name}" must be an object`)
    refuseUnknown(document, value, path, valueKeywords, unsupported)
    const read = memberReader(document, value, path)
    const constraints = constraintsOf(read, required.has(name), value)
    const { type } = constraints
    const owner = {
      column: name,
      type,
      prefix: name,
      severity: 'error',
      at: (key: ConstraintKey) => [...path, keyword[key] ?? key],
    } as const
    const problems = constraintProblems(constraints, owner)
    if (problems.length > 0) throw document.error(problems)
    columns.push({ name, ...(type && { type }), nullLike: defaultNullLike, optional: !required.has(name), path })
    rules.push(...rulesOf(constraints, owner))
  }
  const unlisted = [...required].find((name) => properties[name] === undefined)
  if (unlisted !== undefined) return top.fail('required', `"${unlisted}" is required and not among the properties`)
  const optional = columns.filter((column) => column.optional).map(({ name }) => name)
  return {
    columns,
    rules: [
      {
        id: 'table.columns',
        test: { kind: 'columns', expected: columns.map(({ name }) => name), optional, extra, ordered: false },
        severity: 'error',
        path: ['properties'],
      },
      { id: 'table.rows', test: { kind: 'rows', min: 1 }, severity: 'error', path: [] },
      ...rules,
    ],
  }
}
