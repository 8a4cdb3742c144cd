import { z } from 'zod'
import { timeOrderSchema } from './comparison.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import { sha256Schema } from './subject.ts'
import { checkResultSchema } from './validation.ts'

/** Raised when a reader of an older state would misread a newer one. */
export const validationStateVersion = 1

const count = z.int().nonnegative()
const file = z.strictObject({ path: z.string(), sha256: sha256Schema })

/** A file of rows that a state is about. */
export const validatedPartSchema = z.strictObject({
  path: z.string(),
  sha256: sha256Schema,
  rows: count.describe('rows that could be read'),
  unreadable: count.describe('lines of a text table that are no rows'),
})
export type ValidatedPart = DeepReadonly<z.infer<typeof validatedPartSchema>>

/** Labels by their text, as counted in the parts. */
const labelCountsSchema = z.strictObject({
  missing: count,
  counts: z.array(z.strictObject({ name: z.string(), count })),
})

/** Rows that are in another split too; those rows of the state have the checks as reasons. */
const leakedRowsSchema = z.strictObject({
  rows: count,
  testRows: count,
  trainRows: count,
  repeatedInTrain: count,
  first: z.strictObject({ part: count, row: count, train: count }).optional(),
  time: timeOrderSchema.optional(),
  same: z.array(checkResultSchema).describe('checks of the other split by itself'),
})

/** By these sums a column is known not to be running text in the whole. */
const textSumsSchema = z.strictObject({
  column: z.string(),
  n: count.describe('cells that are not missing'),
  characters: count,
  distinct: count.describe(
    'an estimate; in merged states the sum of those of the parts, which is at least that of the whole',
  ),
  numbers: count,
  times: count,
})

/** A check that a part had and that can't be told of the whole from its parts. */
const openCheckSchema = z.strictObject({
  id: z.string(),
  column: z.string().optional(),
  severity: z.enum(['error', 'warning']).optional(),
  required: z.string(),
})

/**
 * What a part of a data set keeps of its validation, so that the parts can be merged into the result of the whole. It
 * stands in the metadata of a Parquet file whose rows are those that the whole may find at fault: the rows that fail
 * something in their part, and those with keys. It holds digests of keys, the values of ordered columns, names of labels,
 * and masked examples.
 */
export const validationStateSchema = z.strictObject({
  kind: z.literal('bartizan-validation-state'),
  stateVersion: z.literal(validationStateVersion),
  sha256: sha256Schema.describe('of the state file with zeros in this place'),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  schema: file,
  now: z.iso.datetime().describe('time that the parts were judged by; of several the newest'),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })).min(1),
  others: z.array(file).describe('files that the rules look into, by their absolute names in the schema'),
  parts: z.array(validatedPartSchema).min(1).describe('in the order of the rows'),
  counts: z.array(z.strictObject({ id: z.string(), looked: count, broken: count })).describe('one a test of rows'),
  aggregates: z
    .array(z.strictObject({ id: z.string(), values: z.array(z.number().nullable()) }))
    .describe('one a test of the table'),
  examples: z.array(
    z.strictObject({
      check: z.string(),
      rows: z
        .array(z.strictObject({ part: count, row: count, values: z.record(z.string(), z.string().nullable()) }))
        .max(5),
    }),
  ),
  labels: z
    .strictObject({
      type: z.string(),
      current: labelCountsSchema,
      reference: labelCountsSchema.optional(),
    })
    .optional(),
  leakage: z.array(leakedRowsSchema).optional().describe('one for each other split of the schema'),
  texts: z
    .array(textSumsSchema)
    .optional()
    .describe('where texts that nearly repeat are looked for in columns not named'),
  open: z.array(openCheckSchema),
})
export type ValidationState = DeepReadonly<z.infer<typeof validationStateSchema>>
