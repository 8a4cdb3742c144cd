import { problemsOf } from '../../../base/yaml/problems.ts'
import {
  type ConstraintKey,
  type ConstraintOwner,
  type Constraints,
  constraintProblems,
  rulesOf,
} from './constraints.ts'
import type { SchemaDocument, SchemaProblem } from './document.ts'
import type { ColumnSchema, Rule, SchemaPath, TableSchema } from './model.ts'
import { durationSeconds } from './temporal.ts'
import { type YamlColumn, type YamlRule, type YamlSchema, yamlKeys, yamlSchema } from './yaml-schema.ts'
import type { Sections } from './yaml-sections.ts'

export const defaultNullLike: readonly string[] = ['']

const written: Partial<Record<ConstraintKey, string>> = {
  minLength: 'min-length',
  maxLength: 'max-length',
  multipleOf: 'multiple-of',
  maxMissing: 'max-missing',
  maxAge: 'max-age',
}

const constraintsOf = (rule: YamlRule | YamlColumn): Constraints => {
  const { format, min, max, above, below, set, regex, required, unique, monotone } = rule
  return {
    ...('type' in rule && { type: rule.type }),
    format,
    min,
    max,
    above,
    below,
    minLength: rule['min-length'],
    maxLength: rule['max-length'],
    set,
    regex: regex === undefined ? undefined : { pattern: regex, whole: true },
    multipleOf: rule['multiple-of'],
    required,
    maxMissing: rule['max-missing'],
    unique,
    monotone: monotone && {
      direction: monotone.endsWith('increasing') ? 'increasing' : 'decreasing',
      strict: monotone.startsWith('strictly'),
    },
    maxAge: rule['max-age'] === undefined ? undefined : durationSeconds(rule['max-age']),
  }
}

type Parts = { readonly rules: readonly Rule[]; readonly problems: readonly SchemaProblem[] }

const partsOf = (constraints: Constraints, owner: ConstraintOwner): Parts => ({
  rules: rulesOf(constraints, owner),
  problems: constraintProblems(constraints, owner),
})

const columnParts = (name: string, column: YamlColumn): readonly Parts[] => {
  const path: SchemaPath = ['columns', name]
  const owner = (rule: YamlRule | YamlColumn, prefix: string, from: SchemaPath): ConstraintOwner => ({
    column: name,
    type: column.type,
    prefix,
    where: rule.where,
    severity: rule.severity ?? 'error',
    message: rule.message,
    at: (key) => [...from, written[key] ?? key],
  })
  return [
    partsOf(constraintsOf(column), owner(column, name, path)),
    ...(column.rules ?? []).map((rule, i) =>
      partsOf(constraintsOf(rule), owner(rule, rule.id ?? `${name}.rules[${i}]`, [...path, 'rules', i])),
    ),
  ]
}

/** Rules about the table, not about the values of one column. */
const tableRules = (schema: YamlSchema): readonly Rule[] => {
  const severity = 'error'
  const entries = Object.entries(schema.columns ?? {})
  const primary = schema['primary-key']
  const keyed = (columns: readonly string[], id: string, path: SchemaPath): Rule => ({
    id,
    test: { kind: 'unique', columns },
    severity,
    path,
  })
  return [
    {
      id: 'table.columns',
      test: {
        kind: 'columns',
        expected: entries.map(([name]) => name),
        optional: entries.filter(([, column]) => column.optional).map(([name]) => name),
        extra: schema['extra-columns'] ?? 'refuse',
        ordered: schema['ordered-columns'] ?? false,
      },
      severity,
      path: ['columns'],
    },
    {
      id: 'table.rows',
      test: {
        kind: 'rows',
        min: schema.rows?.min ?? 1,
        ...(schema.rows?.max !== undefined && { max: schema.rows.max }),
      },
      severity,
      path: ['rows'],
    },
    ...(primary === undefined
      ? []
      : [
          keyed(primary, 'primary-key', ['primary-key']),
          ...primary.map(
            (column): Rule => ({
              id: `primary-key.${column}.required`,
              column,
              test: { kind: 'required' },
              severity,
              path: ['primary-key'],
            }),
          ),
        ]),
    ...(schema['unique-keys'] ?? []).map((columns, i) => keyed(columns, `unique-keys[${i}]`, ['unique-keys', i])),
    ...(schema['foreign-keys'] ?? []).map(
      ({ columns, file, references, where, message, severity: asked }, i): Rule => ({
        id: `foreign-keys[${i}]`,
        ...(columns.length === 1 && { column: columns[0]! }),
        test: { kind: 'foreign', columns, file, references },
        ...(where !== undefined && { where }),
        ...(message !== undefined && { message }),
        severity: asked ?? severity,
        path: ['foreign-keys', i],
      }),
    ),
    ...(schema.checks ?? []).map(
      ({ id, sql, where, message, severity: asked }, i): Rule => ({
        id,
        test: { kind: 'sql', sql },
        ...(where !== undefined && { where }),
        ...(message !== undefined && { message }),
        severity: asked ?? severity,
        path: ['checks', i, 'sql'],
      }),
    ),
  ]
}

const sectionsOf = ({ duplicates, leakage, labels, images, arrays, ...rest }: YamlSchema): Sections => ({
  ...(duplicates && { duplicates }),
  ...(leakage && { leakage }),
  ...(labels && { labels }),
  ...(images && { images }),
  ...(arrays && { arrays }),
  ...(rest['extra-arrays'] && { 'extra-arrays': rest['extra-arrays'] }),
})

/** The schema in a YAML document. Throws CONFIG_INVALID with every problem. */
export const fromYaml = (document: SchemaDocument): TableSchema => {
  const parsed = yamlSchema.safeParse(document.value)
  if (!parsed.success) throw document.error(problemsOf(parsed.error.issues, document.value, yamlKeys))
  const schema = parsed.data
  const entries = Object.entries(schema.columns ?? {})
  const parts = entries.flatMap(([name, column]) => columnParts(name, column))
  const problems = parts.flatMap((part) => part.problems)
  if (problems.length > 0) throw document.error(problems)
  return {
    columns: entries.map(
      ([name, column]): ColumnSchema => ({
        name,
        ...(column.type !== undefined && { type: column.type }),
        nullLike: column['null-like'] ?? schema['null-like'] ?? defaultNullLike,
        optional: column.optional ?? false,
        path: ['columns', name],
      }),
    ),
    rules: [...tableRules(schema), ...parts.flatMap((part) => part.rules)],
    sections: sectionsOf(schema),
  }
}
