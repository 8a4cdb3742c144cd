import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { sha256Schema } from './subject.ts'

/** One check of a table: what was measured on how many values, and what was asked. */
export const checkResultSchema = z.strictObject({
  /** Unique in one run, such as `age.range`. */
  id: z.string().min(1),
  /** The column looked at, where the check is about one. */
  column: z.string().optional(),
  /** `inconclusive` where the check could not run or looked at too little: never a pass. */
  verdict: z.enum(['passed', 'failed', 'inconclusive']),
  /** A failed warning is reported and doesn't fail the run. Left out: an error. */
  severity: z.enum(['error', 'warning']).optional(),
  measured: z.union([z.string(), z.number(), z.null()]),
  required: z.string(),
  /** Values (rows, for a rule of the table) that the check looked at. */
  n: z.number().int().nonnegative(),
  /** Size of the effect in the unit that `message` names, for comparisons. */
  effect: z.number().optional(),
  message: z.string(),
})
export type CheckResult = DeepReadonly<z.infer<typeof checkResultSchema>>

/** Raised when a reader of an older result would misread a newer one. */
export const validationSchemaVersion = 1

const inputFileSchema = z.strictObject({ path: z.string(), sha256: sha256Schema })

const count = z.int().nonnegative()

/** A row that fails a check, with the values that explain it as text, cut at 200 characters and masked if personal. */
export const failingRowSchema = z.strictObject({
  row: count.describe('counted from 0, in file order'),
  part: z.string().optional().describe('of a merged result: path of the part that the row is counted in'),
  values: z.record(z.string(), z.string().nullable()),
})

const counts = z.array(count)

/** How a column lies in the reference and in the data: the counts that its check of the distribution rests on. */
export const distributionSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      column: z.string(),
      check: z.string().describe('id of the check'),
      kind: z.enum(['numbers', 'lengths']).describe('values of the column, or the lengths of its texts'),
      edges: z
        .array(z.number())
        .describe('a bin holds what is above its lower and up to its upper edge; the first and the last are open'),
      reference: counts.describe('one a bin'),
      current: counts,
    }),
    z.strictObject({
      column: z.string(),
      check: z.string(),
      kind: z.literal('categories'),
      names: z.array(z.string()).describe('the most frequent first, cut at 40 characters and masked if personal'),
      reference: counts.describe('one a name'),
      current: counts,
      others: z.strictObject({ names: count, reference: count, current: count }).describe('all other categories'),
    }),
  ])
  .refine(
    (found) => {
      const bars = found.kind === 'categories' ? found.names.length : found.edges.length + 1
      return found.reference.length === bars && found.current.length === bars
    },
    { path: ['reference'], error: 'one count a bin in both tables' },
  )
export type Distribution = DeepReadonly<z.infer<typeof distributionSchema>>

/** Rows by label, as the schema's `labels` asks. */
export const labelDistributionSchema = z.strictObject({
  rows: count,
  missing: count.describe('rows without a label'),
  classes: z
    .array(
      z.strictObject({
        name: z.string().describe('masked if personal'),
        count,
        reference: count.optional().describe('rows of the reference, where the schema names one'),
      }),
    )
    .describe('the most frequent first; declared classes without rows too'),
})

/** What `bartizan data validate` prints with --json. */
export const validationSchema = z
  .strictObject({
    schemaVersion: z.literal(validationSchemaVersion),
    tool: z.strictObject({ name: z.string(), version: z.string() }),
    verdict: z.enum(['passed', 'failed', 'inconclusive']),
    kind: z
      .enum(['table', 'images', 'arrays'])
      .optional()
      .describe('what was validated; a row is a row of the table, an image, or a row of the arrays'),
    rows: z.strictObject({
      in: count,
      passed: count,
      quarantined: count.describe('rows that fail a check that is an error'),
    }),
    checks: z.array(checkResultSchema),
    examples: z.array(
      z.strictObject({
        check: z.string().describe('id of a failed check'),
        rows: z.array(failingRowSchema).max(5),
        masked: z.boolean().describe('whether personal data were looked for in the values'),
      }),
    ),
    distributions: z
      .array(distributionSchema)
      .optional()
      .describe('with a reference; a column that can be compared each'),
    labels: labelDistributionSchema.optional().describe('where the schema asks for labels'),
    dataset: inputFileSchema.describe(
      'of a merged result: SHA-256 of a line "<sha256>  <path>\\n" for each part, in order',
    ),
    parts: z
      .array(inputFileSchema.extend({ rows: count.describe('lines that are no rows among them') }))
      .min(1)
      .optional()
      .describe('of a merged result: the files that it is about, in the order of their rows'),
    schema: inputFileSchema,
    others: z
      .array(inputFileSchema)
      .optional()
      .describe('other splits and references that the schema names; a folder by the digests of its files'),
    reference: inputFileSchema.optional(),
    outputs: z
      .strictObject({
        quarantine: inputFileSchema.optional(),
        passed: inputFileSchema.optional(),
        state: inputFileSchema.optional().describe('to be merged with the states of the other parts'),
        attestation: inputFileSchema.optional(),
        record: inputFileSchema
          .optional()
          .describe('says that the rows came from the data, and which check took how many'),
      })
      .describe('files written'),
    timing: z
      .strictObject({ now: z.string(), seconds: z.number().nonnegative() })
      .describe('all that differs between two runs'),
  })
  .refine(({ rows }) => rows.in === rows.passed + rows.quarantined, {
    path: ['rows'],
    error: 'rows in must be rows passed and rows quarantined',
  })

export type FailingRow = DeepReadonly<z.infer<typeof failingRowSchema>>
export type Validation = DeepReadonly<z.infer<typeof validationSchema>>
