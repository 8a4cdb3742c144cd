import { z } from 'zod'
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
  verdict: z.enum(['unchanged', 'sanitised', 'would change']),
})

export type SanitisedEntity = DeepReadonly<z.infer<typeof sanitisedEntitySchema>>
export type SanitisedRule = DeepReadonly<z.infer<typeof sanitisedRuleSchema>>
export type SanitiseResult = DeepReadonly<z.infer<typeof sanitiseResultSchema>>
