import { z } from 'zod'
import { loggedRecordSchema } from './data-record.ts'
import type { DeepReadonly } from './deep-readonly.ts'

const count = z.int().nonnegative()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const fileSchema = z.strictObject({ path: z.string(), sha256 })

/** Something that was found. It says where, never what: the value itself is not in it. */
export const sanitisedEntitySchema = z.strictObject({
  row: count.nullable().describe('data row, line of a text or image of a folder, from 0; null is the header'),
  column: z.string().nullable().describe('column, JSON path or image file; null in a plain text'),
  start: count.describe('first UTF-16 unit in the cell as it came; bytes in an image'),
  end: count,
  kind: z.string(),
  score: z.number().min(0).max(1),
  rule: z.string(),
  action: z.string(),
})

const suppressionReasonSchema = z.enum([
  'failed-check',
  'sample-number',
  'stop-word',
  'context',
  'opaque',
  'below-score',
  'overlap',
])

/** What one rule did. */
export const sanitisedRuleSchema = z.strictObject({
  rule: z.string(),
  kind: z.string(),
  action: z.string(),
  rows: count,
  cells: count,
})

/** What `bartizan data sanitize` prints with --json. */
export const sanitiseResultSchema = z.strictObject({
  in: fileSchema,
  out: fileSchema.nullable().describe('null with --dry-run'),
  format: z.enum(['csv', 'tsv', 'jsonl', 'parquet', 'text', 'image', 'image-folder']),
  policy: z.strictObject({
    sha256: sha256.describe('of the canonical JSON of everything that decided what was done'),
    rules: fileSchema.nullable().describe('the rules file'),
    key: z.string().nullable().describe('names the key file and does not give it away'),
    restore: z.boolean(),
  }),
  rows: z.strictObject({ in: count, out: count, dropped: count, changed: count }),
  cells: z.strictObject({ in: count, changed: count }),
  rules: z.array(sanitisedRuleSchema),
  entities: z.array(sanitisedEntitySchema).describe('the first --max-entities'),
  entitiesTotal: count,
  suppressed: z
    .strictObject({
      total: count,
      counts: z.array(z.strictObject({ kind: z.string(), rule: z.string(), reason: suppressionReasonSchema, count })),
      examples: z
        .array(
          z.strictObject({
            row: count,
            column: z.string().nullable(),
            start: count,
            end: count,
            kind: z.string(),
            rule: z.string(),
            reason: suppressionReasonSchema,
            score: z.number().nullable().describe('null where it was turned down before it had one'),
            evidence: z.string(),
            masked: z.string(),
          }),
        )
        .describe('the first --max-entities'),
    })
    .optional()
    .describe('with --explain: candidates for personal data that are none, and why'),
  absentColumns: z.array(z.string()).optional().describe('columns that the rules name and the data lack'),
  verdict: z.enum(['unchanged', 'sanitised', 'would change']),
  record: loggedRecordSchema.optional().describe('the signed record of it, where a file or folder was written'),
})

export type SanitisedEntity = DeepReadonly<z.infer<typeof sanitisedEntitySchema>>
export type SanitisedRule = DeepReadonly<z.infer<typeof sanitisedRuleSchema>>
export type SanitiseResult = DeepReadonly<z.infer<typeof sanitiseResultSchema>>
