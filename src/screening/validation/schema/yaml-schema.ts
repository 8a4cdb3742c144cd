import { z } from 'zod'
import { knownKeys } from '../../../base/yaml/known-keys.ts'
import { columnTypes } from './model.ts'
import { durationSeconds } from './temporal.ts'
import { textFormatNames } from './text-format.ts'
import { yamlSections } from './yaml-sections.ts'

const isBound = (value: unknown): value is number | string =>
  (typeof value === 'number' && Number.isFinite(value)) || (typeof value === 'string' && value !== '')
const bound = z.custom<number | string>(isBound, { error: 'expected a number, or a date or time in ISO 8601' })
const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'boolean' || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
const scalar = z.custom<string | number | boolean>(isScalar, { error: 'expected text, a number, true or false' })
const duration = z
  .string()
  .refine((text) => durationSeconds(text) !== undefined, { error: 'expected a time such as 90s, 30m, 12h or 7d' })
const count = z.int().nonnegative()
const name = z.string().min(1)
const names = z.array(name).min(1)
const severity = z.enum(['error', 'warning'])

const constraints = {
  format: z.enum(textFormatNames).optional(),
  min: bound.optional(),
  max: bound.optional(),
  above: bound.optional(),
  below: bound.optional(),
  'min-length': count.optional(),
  'max-length': count.optional(),
  set: z.array(scalar).min(1).optional(),
  regex: z.string().min(1).optional(),
  'multiple-of': z.number().positive().optional(),
  required: z.boolean().optional(),
  'max-missing': z.number().min(0).max(1).optional(),
  unique: z.boolean().optional(),
  monotone: z.enum(['increasing', 'decreasing', 'strictly increasing', 'strictly decreasing']).optional(),
  'max-age': duration.optional(),
}

const about = {
  where: name.optional(),
  severity: severity.optional(),
  message: name.optional(),
}

const yamlRuleSchema = z.strictObject({ id: name.optional(), ...about, ...constraints })

const yamlColumnSchema = z.strictObject({
  type: z.enum(columnTypes).optional(),
  description: z.string().optional(),
  optional: z.boolean().optional(),
  'null-like': z.array(z.string()).optional(),
  ...about,
  ...constraints,
  rules: z.array(yamlRuleSchema).optional(),
})

const yamlForeignKeySchema = z.strictObject({
  columns: names,
  file: z.string().min(1),
  references: names,
  ...about,
})

const yamlCheckSchema = z.strictObject({ id: name, sql: name, ...about })

/** The schema that a person writes or reviews. */
export const yamlSchema = z.strictObject({
  version: z.literal(1).optional(),
  description: z.string().optional(),
  'null-like': z.array(z.string()).optional(),
  rows: z.strictObject({ min: count.optional(), max: count.optional() }).optional(),
  'extra-columns': z.enum(['refuse', 'allow']).optional(),
  'ordered-columns': z.boolean().optional(),
  columns: z.record(name, yamlColumnSchema).optional(),
  'primary-key': names.optional(),
  'unique-keys': z.array(names).optional(),
  'foreign-keys': z.array(yamlForeignKeySchema).optional(),
  checks: z.array(yamlCheckSchema).optional(),
  ...yamlSections,
})

export type YamlSchema = z.infer<typeof yamlSchema>
export type YamlColumn = z.infer<typeof yamlColumnSchema>
export type YamlRule = z.infer<typeof yamlRuleSchema>

/** The keys of a schema file, by path. */
export const yamlKeys = knownKeys(yamlSchema)
