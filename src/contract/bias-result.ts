import { z } from 'zod'
import { loggedRecordSchema } from './data-record.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import { figureSchema } from './figure.ts'
import { sha256Schema } from './subject.ts'

/** Raised when a reader of an older result would misread a newer one. */
export const biasSchemaVersion = 1

const count = z.int().nonnegative()
const share = z.number().min(0).max(1)

export const biasVerdictSchema = z.enum(['passed', 'failed', 'inconclusive'])

/** Rates of a group; absent where no row can show it (no label, no prediction, or nobody of that label). */
export const biasRateSchema = z.enum([
  'baseRate',
  'selectionRate',
  'truePositiveRate',
  'falsePositiveRate',
  'falseNegativeRate',
  'positivePredictiveValue',
  'negativePredictiveValue',
  'accuracy',
])

export const biasMetricSchema = z.enum([
  'statistical-parity',
  'demographic-parity',
  'equal-opportunity',
  'equalized-odds',
  'equalized-odds-mean',
  'average-odds',
  'predictive-parity',
  'false-positive-rate',
  'false-negative-rate',
  'accuracy',
])

const ratesSchema = z.partialRecord(biasRateSchema, figureSchema)

const calibrationSchema = z.strictObject({
  expectedError: figureSchema.describe('expected calibration error, 15 bins of equal width'),
  meanScore: z.number(),
  positiveRate: figureSchema.describe('share of positives among the rows that have a score'),
})

const groupSchema = z.strictObject({
  id: z.string(),
  values: z.record(z.string(), z.string().nullable()).describe('null: missing'),
  rows: count,
  share: figureSchema.describe('of all rows'),
  reference: share.optional().describe('share that the reference distribution gives it'),
  tooSmall: z.boolean().describe('fewer rows than minGroup: nothing is concluded about it'),
  rates: ratesSchema,
  calibration: calibrationSchema.optional(),
})

/** Null where it is not defined: fewer than two groups with enough rows, or a ratio to 0. */
const gapFiguresSchema = z.strictObject({
  betweenGroups: figureSchema.nullable(),
  toOverall: figureSchema.nullable(),
})

/**
 * The worst disparity of one rate (or of two, for the odds) over the groups. The intervals hold for all pairs of
 * groups at once (Bonferroni). `difference` runs from 0 (none) to 1, `ratio` from 0 to 1 (none).
 */
const gapSchema = z.strictObject({
  metric: biasMetricSchema,
  on: z.enum(['labels', 'predictions']),
  difference: gapFiguresSchema,
  ratio: gapFiguresSchema,
  highest: z.string().optional().describe('id of the group with the highest rate'),
  lowest: z.string().optional(),
  compared: count.describe('groups with at least minGroup rows that can show the rate'),
  tooSmall: z.array(z.string()).describe('ids of the others'),
  judged: z.boolean(),
  verdict: biasVerdictSchema.describe('of difference.betweenGroups against maxGap'),
  reason: z.string(),
})

/** How far the groups' shares are from the reference distribution. */
const representationSchema = z.strictObject({
  gap: figureSchema.describe('largest |share - reference| of a group'),
  group: z.string(),
  totalVariation: share.describe('half the sum of |share - reference|'),
  verdict: biasVerdictSchema,
  reason: z.string(),
})

/** A ratio; `high` is null where nothing bounds it. */
const openRatioSchema = z.strictObject({ value: z.number(), low: z.number(), high: z.number().nullable(), n: count })

/** One group against the reference group: signed differences, ratios, each with an interval of its own. */
const comparisonSchema = z.strictObject({
  group: z.string(),
  against: z.string(),
  rates: z.partialRecord(
    biasRateSchema,
    z.strictObject({ difference: figureSchema, ratio: openRatioSchema.nullable() }),
  ),
  averageOddsDifference: figureSchema.nullable(),
  tooSmall: z.boolean(),
})

const differentialFairnessSchema = z.strictObject({
  labels: figureSchema.optional().describe('smoothed empirical differential fairness, in nats, concentration 1'),
  predictions: figureSchema.optional(),
  biasAmplification: figureSchema.optional().describe('that of the predictions less that of the labels'),
})

const groupingSchema = z.strictObject({
  columns: z.array(z.string()).min(1),
  groups: z.array(groupSchema),
  absent: z.array(z.string()).describe('combinations of values that no row has, the first 100'),
  representation: representationSchema.optional(),
  gaps: z.array(gapSchema),
  comparisons: z.array(comparisonSchema),
  differentialFairness: differentialFairnessSchema,
  betweenGroupEntropy: figureSchema.optional().describe('generalised entropy index between the groups, alpha 2'),
})

const consistencySchema = z.strictObject({
  labels: figureSchema.optional(),
  predictions: figureSchema.optional(),
  neighbours: z.int().positive(),
  columns: z.array(z.string()),
  rows: count.describe('rows that were compared with one another'),
})

/** Inequality of the benefit prediction - label + 1 over persons. */
const individualSchema = z.strictObject({
  generalizedEntropy: figureSchema.optional().describe('alpha 2'),
  theil: figureSchema.optional(),
  consistency: consistencySchema.optional(),
})

const proxySchema = z.strictObject({
  column: z.string(),
  attribute: z.string(),
  values: count.describe('different values, or bins, that were told apart'),
  n: count,
  cramersV: share.describe('bias-corrected'),
  correlationRatio: share.nullable().describe('of a column of numbers'),
  balancedAccuracy: figureSchema.describe('of guessing the attribute from this column alone, out of fold'),
  chance: share,
  skill: z.number().describe('(balancedAccuracy - chance) / (1 - chance)'),
  pValue: share,
  adjustedPValue: share.describe('Benjamini and Hochberg, over all columns and attributes'),
  flagged: z.boolean(),
})

const fileSchema = z.strictObject({ path: z.string(), sha256: sha256Schema })

const transformSchema = z.strictObject({
  rule: z.enum(['reweighing', 'uniform-resampling', 'preferential-resampling']),
  reference: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
  input: fileSchema,
  output: fileSchema,
  rowsIn: count,
  rowsOut: count,
  changed: count.describe('rows whose weight is not 1, or that were left out or repeated'),
  cells: z.array(
    z.strictObject({
      group: z.string(),
      positive: z.boolean(),
      observed: count,
      expected: z.number().nonnegative(),
      weight: z.number().nonnegative().optional(),
      rowsOut: count,
    }),
  ),
  gapAfter: z.number().nullable().describe('statistical parity difference of the output'),
  notes: z.array(z.string()),
  record: loggedRecordSchema.optional().describe('the signed record of it'),
})

/** What `bartizan data bias` prints with --json. */
export const biasResultSchema = z.strictObject({
  schemaVersion: z.literal(biasSchemaVersion),
  data: z.strictObject({ ...fileSchema.shape, format: z.enum(['csv', 'tsv', 'jsonl', 'parquet']) }),
  rows: z.strictObject({
    read: count,
    labelled: count,
    predicted: count,
    scored: count,
    missing: z.record(z.string(), count).describe('rows without a value, by protected column'),
  }),
  settings: z.strictObject({
    protected: z.array(z.string()).min(1),
    bins: z.record(z.string(), z.array(z.number())),
    label: z.string().optional(),
    positive: z.array(z.string()),
    predictions: z.string().optional(),
    scores: z.string().optional(),
    threshold: z.number().optional().describe('scores from it on are positive predictions'),
    reference: fileSchema.optional(),
    privileged: z.record(z.string(), z.string()),
    maxGap: share,
    minGroup: z.int().positive(),
    ignored: z.array(z.string()),
    judged: z.array(biasMetricSchema),
    proxyThreshold: share,
    seed: z.int(),
  }),
  overall: ratesSchema,
  groupings: z.array(groupingSchema),
  individual: individualSchema,
  proxies: z.array(proxySchema),
  transforms: z.array(transformSchema),
  verdict: biasVerdictSchema,
  reasons: z.array(z.string()).min(1),
  notes: z.array(z.string()),
})

export type BiasVerdict = z.infer<typeof biasVerdictSchema>
export type BiasRate = z.infer<typeof biasRateSchema>
export type BiasMetric = z.infer<typeof biasMetricSchema>
export type BiasGap = DeepReadonly<z.infer<typeof gapSchema>>
export type BiasGroup = DeepReadonly<z.infer<typeof groupSchema>>
export type BiasGrouping = DeepReadonly<z.infer<typeof groupingSchema>>
export type BiasComparison = DeepReadonly<z.infer<typeof comparisonSchema>>
export type BiasRepresentation = DeepReadonly<z.infer<typeof representationSchema>>
export type BiasIndividual = DeepReadonly<z.infer<typeof individualSchema>>
export type BiasConsistency = DeepReadonly<z.infer<typeof consistencySchema>>
export type BiasProxy = DeepReadonly<z.infer<typeof proxySchema>>
export type BiasTransform = DeepReadonly<z.infer<typeof transformSchema>>
export type BiasResult = DeepReadonly<z.infer<typeof biasResultSchema>>
