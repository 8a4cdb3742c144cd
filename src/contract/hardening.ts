import { z } from 'zod'
import { triggerKindSchema } from './classes/backdoor.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import { figureSchema } from './figure.ts'
import { evasionProbeSchema } from './probe.ts'
import { curveSchema, evidenceInfoSchema } from './report.ts'
import { inputInfoSchema, sha256Schema } from './subject.ts'
import { normSchema, paramsSchema } from './threat.ts'

/** Raised when a reader of an older result would misread a newer one. */
export const hardeningSchemaVersion = 1

/** What a method is to make better; the verdict is about that, and about what it cost. */
export const aimSchema = z.enum(['robustness', 'accuracy', 'calibration', 'size', 'detection', 'backdoor', 'poisoning'])

const share = z.number().min(0).max(1)

const fileSchema = z.strictObject({ path: z.string(), sha256: sha256Schema })

const assessedModelSchema = z.strictObject({
  ...fileSchema.shape,
  architecture: z.string().optional().describe('of a network that training began from nothing'),
})

/** Rows of a file, and the digest of those that were used as the model gets them. */
const rowsInfoSchema = z.strictObject({
  ...fileSchema.shape,
  labels: fileSchema.optional(),
  rows: z.int().nonnegative(),
  contentSha256: sha256Schema,
})

const hardeningDataSchema = z.strictObject({
  classes: z.int().positive(),
  training: rowsInfoSchema,
  validation: z.strictObject({ rows: z.int().nonnegative() }).describe('choose the best epoch; from the same file'),
  assessment: rowsInfoSchema.describe('never trained on'),
  heldOut: z.boolean().describe('whether the rows of the assessment were kept apart from those given for training'),
  attacked: z.int().nonnegative().describe('rows of the assessment that were attacked'),
})

/** How far the probabilities can be believed; errors from 0 (perfect) on. */
export const calibrationSummarySchema = z.strictObject({
  confidence: figureSchema.describe('mean probability of the predicted class'),
  expectedError: figureSchema.describe('expected calibration error, 15 bins of equal width'),
  brier: figureSchema,
  logLoss: figureSchema.describe('mean -log p of the label, in nats'),
})

/** The worst case over attacks: a row is robust that was right and that no attack within the budget broke. */
export const worstCaseSchema = z.strictObject({
  epsilon: z.number().nonnegative(),
  accuracy: figureSchema,
  probe: z.string().describe('id of the strongest single attack'),
})

export const robustnessSchema = z.strictObject({
  norm: normSchema,
  worst: z.array(worstCaseSchema),
  probes: z.array(evasionProbeSchema),
  curve: curveSchema.optional(),
})

/** Accuracy that holds by proof, of the smoothed classifier that the file's metadata describe; L2 radii in input units. */
export const certifiedSchema = z.strictObject({
  sigma: z.number().positive(),
  n: z.int().positive().describe('noisy copies of a row'),
  alpha: share.describe('probability that a certificate is wrong'),
  abstained: figureSchema,
  points: z.array(z.strictObject({ radius: z.number().nonnegative(), accuracy: figureSchema })),
})

/**
 * What a vote of models that learned from parts of the rows withstands by proof: so many rows added, removed or labelled
 * anew, or so many whole sources changed in any way.
 */
export const voteCertificateSchema = z.strictObject({
  partitions: z.int().positive().describe('base models that vote'),
  unit: z.enum(['rows', 'sources']),
  median: z.int().min(-1).describe('changes that half of the rows of the assessment withstand, -1: answered wrongly'),
  points: z
    .array(z.strictObject({ changes: z.int().nonnegative(), accuracy: figureSchema }))
    .describe('share of the rows that are answered rightly whatever so many changes are'),
  withstands: z.array(z.int().min(-1)).describe('of each row of the assessment, in their order; -1: answered wrongly'),
})

/**
 * Model and detector together: a row counts that is right when clean and, after the attack, right or flagged. `plain`
 * doesn't know of the detector; `adaptive` goes for both, and is absent, with a reason, where it can't be run.
 */
export const detectionSummarySchema = z.strictObject({
  detector: z.string(),
  threshold: z.number(),
  falsePositiveRate: figureSchema.describe('share of the clean rows that are flagged'),
  acceptedAccuracy: figureSchema.describe('share of the clean rows that are right and not flagged'),
  points: z.array(
    z.strictObject({
      epsilon: z.number().nonnegative(),
      auc: figureSchema.describe('clean rows against those of the plain attack'),
      undefended: figureSchema.describe('of the model alone'),
      plain: figureSchema,
      adaptive: figureSchema.optional(),
      reason: z.string().optional(),
    }),
  ),
})

/** The trigger that was rebuilt in the model of before, on either model. */
export const triggeredSchema = z.strictObject({
  class: z.int().nonnegative(),
  kind: triggerKindSchema,
  success: figureSchema.describe('share of rows of other classes that it turns into the class'),
})

/** One model, measured on the rows of the assessment. */
export const modelMeasurementSchema = z.strictObject({
  clean: figureSchema,
  calibration: calibrationSummarySchema,
  size: z.strictObject({ bytes: z.int().nonnegative(), parameters: z.int().nonnegative() }),
  robustness: robustnessSchema.optional().describe('absent where no budget was given'),
  certified: certifiedSchema.optional(),
  vote: voteCertificateSchema.optional().describe('of files that partition-aggregation made'),
  detection: detectionSummarySchema.optional(),
  backdoor: triggeredSchema.optional().describe('where a backdoor was found and repaired'),
})

export const epochSchema = z.strictObject({
  epoch: z.int().positive(),
  loss: z.number().describe('mean over the rows as they were trained on'),
  accuracy: share.describe('on the same'),
  rate: z.number().nonnegative().describe('learning rate of the last step'),
  validation: z.strictObject({ accuracy: share, robustAccuracy: share.optional() }).optional(),
  best: z.boolean().describe('whether it is the best one so far'),
})

const latencySchema = z.strictObject({
  rows: z.int().positive(),
  median: z.number().nonnegative(),
  p95: z.number().nonnegative(),
  calls: z.int().positive(),
})

/** Milliseconds of a call, with one row and with many. */
export const latenciesSchema = z.strictObject({ single: latencySchema.optional(), batch: latencySchema })

/** Everything that differs between two runs on the same input. */
export const hardeningTimingSchema = z.strictObject({
  startedAt: z.string(),
  seconds: z.number().nonnegative(),
  hardening: z.number().nonnegative().describe('seconds that the method itself took'),
  latency: z.strictObject({ before: latenciesSchema, after: latenciesSchema }),
})

export const hardeningVerdictSchema = z.enum(['improved', 'unchanged', 'worse', 'failed'])

/** What `bartizan train` and `bartizan harden` print with --json. */
export const hardeningSchema = z.strictObject({
  schemaVersion: z.literal(hardeningSchemaVersion),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  method: z.string(),
  about: z.strictObject({ title: z.string(), reference: z.string(), holds: z.string() }),
  aim: aimSchema,
  params: paramsSchema,
  seed: z.int(),
  model: z.strictObject({ before: assessedModelSchema, after: assessedModelSchema }),
  data: hardeningDataSchema,
  input: inputInfoSchema,
  threat: z
    .strictObject({ norm: normSchema, epsilons: z.array(z.number().nonnegative()), battery: z.string() })
    .describe('no budgets: nothing was attacked'),
  maxCleanDrop: share.describe('largest fall of the clean accuracy that counts as no harm'),
  before: modelMeasurementSchema,
  after: modelMeasurementSchema,
  verdict: hardeningVerdictSchema,
  exitCode: z.union([z.literal(0), z.literal(1)]),
  reasons: z.array(z.string()).min(1),
  epochs: z.array(epochSchema),
  stopped: z
    .strictObject({
      reason: z.enum(['finished', 'early stopping', 'diverged', 'catastrophic overfitting']),
      detail: z.string(),
    })
    .optional()
    .describe('absent for methods that do not train'),
  notes: z.array(z.string()),
  evidence: evidenceInfoSchema,
  timing: hardeningTimingSchema,
})

export type Aim = z.infer<typeof aimSchema>
export type CalibrationSummary = DeepReadonly<z.infer<typeof calibrationSummarySchema>>
export type WorstCase = DeepReadonly<z.infer<typeof worstCaseSchema>>
export type Robustness = DeepReadonly<z.infer<typeof robustnessSchema>>
export type Certified = DeepReadonly<z.infer<typeof certifiedSchema>>
export type VoteCertificate = DeepReadonly<z.infer<typeof voteCertificateSchema>>
export type DetectionSummary = DeepReadonly<z.infer<typeof detectionSummarySchema>>
export type ModelMeasurement = DeepReadonly<z.infer<typeof modelMeasurementSchema>>
export type Latencies = DeepReadonly<z.infer<typeof latenciesSchema>>
export type HardeningVerdict = z.infer<typeof hardeningVerdictSchema>
export type Hardening = DeepReadonly<z.infer<typeof hardeningSchema>>
