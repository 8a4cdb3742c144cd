import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { sha256Schema } from './subject.ts'

/** Raised when a reader of an older result would misread a newer one. */
export const screeningSchemaVersion = 1

const count = z.int().nonnegative()
const share = z.number().min(0).max(1)
const file = z.strictObject({ path: z.string(), sha256: sha256Schema })

/** What clean data would have given, and what these rows did. */
export const nullComparisonSchema = z.strictObject({
  statistic: z.string(),
  measured: z.number(),
  median: z.number().describe('of the statistic where nothing is wrong'),
  q95: z.number(),
  q99: z.number(),
  p: share.describe('share of clean draws at least as extreme'),
})

export const screenVerdictSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  reference: z.string(),
  kind: z.enum(['poison', 'outliers']),
  verdict: z.enum(['flagged', 'nothing found', 'cannot tell']),
  reason: z.string(),
  flagged: count,
  null: z.array(nullComparisonSchema).describe('empty where the screen could not tell'),
})

export const screenedRowSchema = z.strictObject({
  row: count.describe('counted from 0, in file order'),
  label: count.optional(),
  score: share.describe(
    'largest, over the screens that flagged it, of the share of rows that the screen scores no higher',
  ),
  verdict: z
    .enum(['flagged', 'kept', 'removed'])
    .describe('flagged: nobody has decided; kept, removed: by the decisions file'),
  screens: z.array(z.strictObject({ id: z.string(), score: z.number() })).describe('that flagged the row'),
})

/** What `bartizan data screen` prints with --json. */
export const screeningSchema = z.strictObject({
  schemaVersion: z.literal(screeningSchemaVersion),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  verdict: z.enum(['flagged', 'nothing found', 'cannot tell']),
  falseDiscoveryRate: share.describe('that each screen controls over what it tests'),
  data: file,
  model: file.optional(),
  counts: z.strictObject({ in: count, passed: count, quarantined: count, flagged: count, kept: count, removed: count }),
  rows: z.array(screenedRowSchema).describe('every row that a screen flagged or a decision removed, ascending'),
  screens: z.array(screenVerdictSchema),
  decisions: file
    .extend({ by: z.string(), kept: count, removed: count })
    .optional()
    .describe('the review that was applied, and who decided'),
  outputs: z.strictObject({
    quarantine: file.optional(),
    passed: file.optional(),
    review: file.optional(),
    record: file.optional(),
  }),
  seed: count,
  seconds: z.number().nonnegative(),
})

export type Screening = DeepReadonly<z.infer<typeof screeningSchema>>
export type ScreenedRow = Screening['rows'][number]
