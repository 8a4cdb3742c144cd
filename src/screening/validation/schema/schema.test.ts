import { describe, expect, it } from 'vitest'
import { isBartizanError } from '../../../base/errors.ts'
import { parseSchema } from './load-schema.ts'

const refusal = (text: string, file = 'schema.yaml'): string => {
  try {
    parseSchema(text, file, 'data.csv')
  } catch (error) {
    if (isBartizanError(error, 'CONFIG_INVALID')) return error.message
    throw error
  }
  throw new Error('it was accepted')
}

const testsOf = (text: string, dataFile = 'data.csv') =>
  Object.fromEntries(parseSchema(text, 'schema', dataFile).rules.map(({ id, test }) => [id, test]))

describe('a mistake in a YAML schema', () => {
  it.each([
    ['columns: {a: {typ: integer}}', '1:15: unknown key "typ" in columns.a; did you mean "type"?'],
    ['columns: {a: {type: int}}', 'expected one of string, integer'],
    ['colums: {}', '1:1: unknown key "colums"; did you mean "columns"?'],
    ['columns: {a: {zebra: 1}}', 'unknown key "zebra" in columns.a; known keys: type, '],
    ['columns: {a: {rules: [{mni: 1}]}}', 'unknown key "mni" in columns.a.rules[0]; did you mean "min"?'],
    ['columns: {a: {type: integer, min: [1, 2]}}', 'columns.a.min: expected a number, or a date'],
    ['columns: {a: {set: x}}', 'columns.a.set: expected a list, found "x"'],
    ['columns: {a: {set: []}}', 'must not be empty'],
    ['columns: {a: {min: 1}}', 'a column without a type'],
    ['columns: {a: {type: string, min: 1}}', "can't be compared"],
    ["columns: {a: {type: date, max: '2023-02-30'}}", "can't be compared"],
    ['columns: {a: {type: integer, min: 5, max: 4}}', 'no value lies between 5 and 4'],
    ['columns: {a: {type: integer, above: 5, max: 5}}', 'no value lies between'],
    ['columns: {a: {min-length: 5, max-length: 4}}', 'no text has'],
    ['columns: {a: {type: integer, regex: x}}', 'it is about text'],
    ['columns: {a: {type: integer, set: [a]}}', '"a" can\'t be a value'],
    ['columns: {a: {monotone: increasing}}', 'give it a type'],
    ['columns: {a: {type: integer, max-age: 1d}}', 'it is about dates'],
    ['columns: {a: {type: date, max-age: soon}}', 'expected a time such as'],
    ['columns: {a: {max-missing: 5}}', 'must be at most 1, found 5'],
    ['columns: {a: {max-missing: 0.5, where: a = 1}}', 'it goes without where'],
    ['columns: {a: {severity: fatal}}', 'expected one of error, warning'],
    ['columns: {a: {}, A: {}}', 'stands twice'],
    ['columns: {}', 'at least one column'],
    ['columns: {"bz:a": {}}', 'are taken'],
    ['columns: {abc: {}}\nprimary-key: [abd]', '2:14: the schema has no column "abd"; did you mean "abc"?'],
    ['columns: {a: {}}\nforeign-keys: [{columns: [a], file: f.csv, references: [x, y]}]', 'as many columns'],
    ['columns: {a: {}}\nchecks: [{id: a, sql: x}, {id: a, sql: y}]', 'the id "a" is used twice'],
    ['columns: {a: {}}\nversion: 2', 'version'],
    ['columns: {a: [', '1:'],
    ['', 'expected a mapping'],
  ])('%s', (text, message) => {
    expect(refusal(text)).toContain(message)
    expect(refusal(text)).toContain('schema.yaml:')
  })

  it('does not hide another', () => {
    const text = 'columns:\n  a: {typ: x}\n  b: {min: 1, requird: true}\n'
    const [head, ...lines] = refusal(text).split('\n')
    expect(head).toBe('2 problems in schema.yaml')
    expect(lines).toEqual([expect.stringContaining('schema.yaml:2:7: '), expect.stringContaining('schema.yaml:3:15: ')])
  })

  it('is found in a nest of aliases without running out of memory', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}]`)
    expect(refusal(`l0: &l0 [x]\n${levels.join('\n')}\n`)).toContain('schema.yaml:1:1')
  })
})

describe('JSON Schema', () => {
  it('is read as the same rules', () => {
    const text = JSON.stringify({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      required: ['id', 'mail'],
      additionalProperties: false,
      properties: {
        id: { type: 'integer', minimum: 1, exclusiveMaximum: 9, multipleOf: 2 },
        mail: { type: ['string', 'null'], format: 'email', pattern: 'x', minLength: 3, maxLength: 9 },
        when: { type: 'string', format: 'date-time' },
        kind: { enum: ['a', 'b'] },
        one: { const: 1 },
      },
    })
    expect(testsOf(text)).toEqual({
      'table.columns': {
        kind: 'columns',
        expected: ['id', 'mail', 'when', 'kind', 'one'],
        optional: ['when', 'kind', 'one'],
        extra: 'refuse',
        ordered: false,
      },
      'table.rows': { kind: 'rows', min: 1 },
      'id.type': { kind: 'type', type: 'integer' },
      'id.required': { kind: 'required' },
      'id.range': { kind: 'range', min: 1, below: 9 },
      'id.multiple': { kind: 'multiple', of: 2 },
      'mail.type': { kind: 'type', type: 'string' },
      'mail.format': { kind: 'format', format: 'email' },
      'mail.length': { kind: 'length', min: 3, max: 9 },
      'mail.regex': { kind: 'regex', pattern: 'x', whole: false },
      'when.type': { kind: 'type', type: 'datetime' },
      'kind.set': { kind: 'set', values: ['a', 'b'] },
      'one.set': { kind: 'set', values: [1] },
    })
  })

  it.each([
    [{ properties: { a: { anyOf: [] } } }, 'unsupported keyword "anyOf" in properties.a'],
    [{ properties: { a: { type: 'string', contentEncoding: 'base64' } } }, 'unsupported keyword "contentEncoding"'],
    [{ properties: { a: {} }, patternProperties: {} }, 'unsupported keyword "patternProperties"'],
    [{ properties: { a: { type: 'object' } } }, 'type "object" is not supported'],
    [{ properties: { a: { type: ['string', 'integer'] } } }, 'one type'],
    [{ properties: { a: { type: 'string', format: 'iri' } } }, 'format "iri" is not supported'],
    [{ properties: { a: {} }, required: ['b'] }, '"b" is required and not among'],
    [{ $schema: 'http://json-schema.org/draft-07/schema#', properties: { a: {} } }, 'only draft 2020-12'],
    [{ properties: { a: { type: 'string', minimum: 1 } } }, "can't be compared"],
    [{ properties: { a: true } }, 'must be an object'],
    [{ properties: { a: { enum: 'x' } } }, 'expected a list'],
  ])('%j is refused', (schema, message) => {
    expect(refusal(JSON.stringify(schema, null, 1), 's.json')).toContain(message)
  })
})

describe('Table Schema', () => {
  const schema = {
    fields: [
      { name: 'id', type: 'integer', constraints: { required: true, unique: true, minimum: 1, exclusiveMaximum: 9 } },
      {
        name: 'mail',
        type: 'string',
        format: 'email',
        missingValues: ['-'],
        constraints: { pattern: 'x.*', maxLength: 9 },
      },
      { name: 'on', type: 'date', constraints: { minimum: '2024-01-01' } },
      { name: 'land', constraints: { enum: ['DE'] } },
    ],
    missingValues: ['', 'NA'],
    primaryKey: 'id',
    uniqueKeys: [['mail', 'on']],
  }

  it('is read as the same rules', () => {
    expect(testsOf(JSON.stringify(schema))).toMatchObject({
      'primary-key': { kind: 'unique', columns: ['id'] },
      'unique-keys[0]': { kind: 'unique', columns: ['mail', 'on'] },
      'id.unique': { kind: 'unique', columns: ['id'] },
      'id.range': { kind: 'range', min: 1, below: 9 },
      'mail.format': { kind: 'format', format: 'email' },
      'mail.regex': { kind: 'regex', pattern: 'x.*', whole: true },
      'on.range': { kind: 'range', min: '2024-01-01' },
      'land.set': { kind: 'set', values: ['DE'] },
    })
    expect(parseSchema(JSON.stringify(schema), 's', 'd').columns.map(({ nullLike }) => nullLike)).toEqual([
      ['', 'NA'],
      ['-'],
      ['', 'NA'],
      ['', 'NA'],
    ])
  })

  it('is taken from the resource of the data file in a package, with its foreign keys', () => {
    const own = { ...schema, foreignKeys: [{ fields: ['land'], reference: { resource: 'lands', fields: ['code'] } }] }
    const text = JSON.stringify({
      name: 'p',
      resources: [
        { name: 'lands', path: 'lands.csv', schema: { fields: [{ name: 'code' }] } },
        { name: 'people', path: 'data/people.csv', schema: own },
      ],
    })
    expect(testsOf(text, '/x/people.csv')['foreign-keys[0]']).toEqual({
      kind: 'foreign',
      columns: ['land'],
      file: 'lands.csv',
      references: ['code'],
    })
    expect(() => testsOf(text, 'other.csv')).toThrow(/no resources have the path of other.csv/)
  })

  it.each([
    [{ fields: [{ name: 'a', type: 'geopoint' }] }, 'type "geopoint" is not supported'],
    [{ fields: [{ name: 'a', type: 'date', format: '%d/%m/%Y' }] }, 'only the default format'],
    [{ fields: [{ name: 'a', type: 'integer', groupChar: ',' }] }, 'unknown key "groupChar"'],
    [{ fields: [{ name: 'a', constraints: { minimun: 1 } }] }, 'did you mean "minimum"?'],
    [{ fields: [{ type: 'string' }] }, 'fields[0].name: it is missing'],
    [{ fields: [{ name: 'a' }, { name: 'a' }] }, 'stands twice'],
  ])('%j is refused', (value, message) => {
    expect(refusal(JSON.stringify(value, null, 1), 'datapackage.json')).toContain(message)
  })
})
