import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { checkResultSchema } from './validation.ts'

/** Raised when a reader of an older result would misread a newer one. */
export const comparisonSchemaVersion = 1

const count = z.int().nonnegative()

const momentsSchema = z.strictObject({
  n: count.describe('numbers that were looked at'),
  mean: z.number(),
  deviation: z.number().nonnegative(),
  min: z.number(),
  max: z.number(),
})

/** Rows of one split that are no newer than the newest of the other. */
export const timeOrderSchema = z.strictObject({
  column: z.string(),
  newestInTrain: z.string().optional(),
  early: count,
  n: count,
  unreadable: count,
})

/** What the verdict on numbers (or lengths of texts) rests on; every value can be done again from the bins and samples. */
const numbersSchema = z.strictObject({
  distance: z.number().describe('Kolmogorov-Smirnov, 0 to 1'),
  distanceAt: z.number().describe('the value at which it is reached'),
  p: z.number(),
  method: z.enum(['exact', 'asymptotic']),
  wasserstein: z.number().describe("in the column's units"),
  scaledWasserstein: z.number().nullable().describe('in standard deviations of the reference; null where it has none'),
  stability: z.number().describe('population stability index over the bins, in nats'),
  edges: z.array(z.number()).describe('upper ends of all bins but the last: quantiles of the reference'),
  bins: z.strictObject({ reference: z.array(count), current: z.array(count) }),
  reference: momentsSchema,
  current: momentsSchema,
})

const categoriesSchema = z.strictObject({
  variation: z.number().describe('total variation, 0 to 1'),
  p: z.number(),
  method: z.enum(['chi-squared', 'permutation']),
  cramersV: z.number(),
  divergence: z.number().describe('Jensen-Shannon, in bits'),
  names: z.array(z.string()).describe('most frequent first'),
  counts: z.strictObject({ reference: z.array(count), current: z.array(count) }),
})

const sideSchema = z.strictObject({
  type: z.string(),
  rows: count,
  missing: count,
  notNumbers: count,
  distinct: count.describe('an estimate from the 1,000s on'),
})

export const comparedColumnSchema = z.strictObject({
  column: z.string(),
  kind: z.enum(['numeric', 'categorical', 'text', 'time']),
  reference: sideSchema,
  current: sideSchema,
  numbers: numbersSchema.optional(),
  categories: categoriesSchema.optional(),
})

const rowGroupsSchema = z.strictObject({
  groups: count,
  rows: count,
  redundant: count,
  examples: z.array(z.strictObject({ count, rows: z.array(count), labels: z.array(z.string()).optional() })),
})

const nearSchema = z.strictObject({
  column: z.string().optional(),
  compared: count,
  cut: z.boolean(),
  groups: count,
  redundant: count,
  pairs: z.array(z.strictObject({ row: count, other: count, similarity: z.number() })),
})

export const duplicatesSchema = z.strictObject({
  exact: rowGroupsSchema,
  conflicting: rowGroupsSchema.optional(),
  near: z.array(nearSchema),
})

export const leakageSchema = z.strictObject({
  overlap: z.strictObject({
    rows: count,
    testRows: count,
    trainRows: count,
    repeatedInTrain: count,
    examples: z.array(z.strictObject({ test: count, train: count })),
  }),
  near: z.array(nearSchema),
  single: z.array(
    z.strictObject({
      column: z.string(),
      accuracy: z.number(),
      baseline: z.number(),
      skill: z.number(),
      n: count,
      unique: z.boolean(),
    }),
  ),
  time: timeOrderSchema.optional(),
})

/** What `bartizan data compare` prints with --json. */
export const comparisonSchema = z.strictObject({
  schemaVersion: z.literal(comparisonSchemaVersion),
  reference: z.string(),
  current: z.string(),
  rows: z.strictObject({ reference: count, current: count }),
  falseDiscoveryRate: z.number(),
  verdict: z.enum(['passed', 'failed', 'inconclusive']),
  checks: z.array(checkResultSchema),
  columns: z.array(comparedColumnSchema),
  duplicates: duplicatesSchema.optional().describe('of the current table, where they were asked for'),
  leakage: leakageSchema.optional().describe('between the tables, where it was asked for'),
})

export type ComparisonResult = DeepReadonly<z.infer<typeof comparisonSchema>>
export type ComparedColumn = DeepReadonly<z.infer<typeof comparedColumnSchema>>
