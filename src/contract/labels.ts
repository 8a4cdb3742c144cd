import { z } from 'zod'
import { loggedRecordSchema } from './data-record.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import { figureSchema } from './figure.ts'
import { sha256Schema } from './subject.ts'

/** Raised when a reader of an older result would misread a newer one. */
export const labelsResultSchemaVersion = 1

/** Which rows count as label errors; names and rules are cleanlab's. The first is the default. */
export const labelFilterSchema = z.enum([
  'prune-by-noise-rate',
  'prune-by-class',
  'both',
  'confident-learning',
  'predicted-neq-given',
  'low-normalized-margin',
  'low-self-confidence',
])

/** What ranks label errors. The first is the default. */
export const labelScoreSchema = z.enum(['self-confidence', 'normalized-margin', 'confidence-weighted-entropy'])

const count = z.int().nonnegative()
const file = z.strictObject({ path: z.string(), sha256: sha256Schema })
const label = z.union([count, z.string()]).describe('the name of a class where it has one, else its number')
const matrix = z.array(z.array(count)).describe('[given label][class]')

const labelIssueSchema = z.strictObject({
  row: count.describe('of the file, from 0'),
  given: label,
  suggested: label.describe('the likeliest other class'),
  score: z.number().min(0).max(1).describe('how good the given label is: 0 is surely wrong'),
})

const probabilitiesSchema = z.strictObject({
  from: z.enum(['file', 'cross-validation']),
  file: file.optional(),
  network: z.string().optional().describe('layers, or the file of the model whose graph was trained anew'),
  folds: count.optional(),
  recipe: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  agreement: figureSchema.describe('share of rows whose likeliest class is the given label'),
  confidence: z.number().describe('mean probability of the likeliest class: far above agreement is overconfident'),
})

const classSchema = z.strictObject({
  class: label,
  rows: count.describe('that carry the label'),
  wrong: count.describe('of them, held to be of another class'),
  missed: count.describe('rows of other labels that are held to be of this class'),
  noise: figureSchema.nullable().describe('wrong of rows; null for a class without rows'),
})

const overlapSchema = z.strictObject({
  a: label,
  b: label,
  rows: count.describe('issues between the two'),
  aToB: count.describe('labelled a, held to be b'),
  bToA: count,
  share: z.number().describe('of all rows'),
})

/** What `bartizan data labels` gives of rows with one label each. */
export const labelsResultSchema = z.strictObject({
  schemaVersion: z.literal(labelsResultSchemaVersion),
  kind: z.literal('labels'),
  data: file,
  labels: file.optional().describe('where they stand in a file of their own'),
  rows: count,
  classes: z.array(label),
  settings: z.strictObject({
    filter: labelFilterSchema,
    score: labelScoreSchema,
    adjust: z.boolean(),
    atMost: z.number().nullable().describe('largest noise rate that passes'),
    seed: count,
  }),
  probabilities: probabilitiesSchema,
  issues: z.array(labelIssueSchema).describe('all of them, the worst first'),
  agreement: z.null().describe('of annotators: there is one label a row'),
  annotators: z.null(),
  joint: z.strictObject({
    counts: matrix.describe(
      'rows by given label and held class: the suggested one of issues, the given one of all others; every other count is a sum of these',
    ),
    confident: matrix.describe('the confident joint: rows that reach the threshold of a class'),
    calibrated: matrix.describe('the confident joint scaled to all rows, in whole rows: how many were looked for'),
    thresholds: z.array(z.number()).describe('of each class; 2 for a class without rows'),
  }),
  health: z.strictObject({
    score: z.number().min(0).max(1).describe('1 less the noise rate'),
    issues: count,
    noiseRate: figureSchema.describe('issues of all rows'),
    estimated: z.number().describe('share off the diagonal of the calibrated joint'),
    classes: z.array(classSchema).describe('the noisiest first'),
  }),
  overlap: z.array(overlapSchema).describe('pairs of classes that are taken for one another, the largest first'),
  verdict: z.enum(['passed', 'failed', 'not judged']).describe('not judged without --at-most'),
  reasons: z.array(z.string()),
  notes: z.array(z.string()),
  outputs: z.strictObject({
    issues: file.optional(),
    probabilities: file.optional(),
    record: loggedRecordSchema.optional(),
  }),
})

export type LabelFilter = z.infer<typeof labelFilterSchema>
export type LabelScore = z.infer<typeof labelScoreSchema>
export type LabelsResult = DeepReadonly<z.infer<typeof labelsResultSchema>>
