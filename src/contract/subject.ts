import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { endpointInfoSchema } from './endpoint.ts'
import { constraintsInfoSchema } from './features.ts'
import { figureSchema } from './figure.ts'
import { accessSchema, measureSchema } from './threat.ts'

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/)

/** One input or output of a model: null stands for a dimension known only when it runs. */
const tensorInfoSchema = z.strictObject({
  name: z.string(),
  type: z.string().describe('ONNX element type: float32, int64, …'),
  shape: z.array(z.union([z.int().nonnegative(), z.string(), z.null()])),
})

/** What the last layer gives: scores before or after the softmax, one number for two classes, numbers, scores of labels, a class alone. */
export const outputKindSchema = z.enum([
  'logits',
  'probabilities',
  'binary-logit',
  'binary-probability',
  'numbers',
  'label-logits',
  'label-probabilities',
  'predicted-class',
])

/**
 * The model that was assessed, as read from the file, or as an endpoint tells of it. Names and metadata come from there
 * and aren't trusted.
 */
export const modelInfoSchema = z.strictObject({
  path: z.string().describe('as written in bartizan.yaml'),
  sha256: sha256Schema.describe('of the file; of the description of an endpoint, whose file nobody here has seen'),
  bytes: z.int().nonnegative().optional(),
  inputs: z.array(tensorInfoSchema),
  outputs: z.array(tensorInfoSchema),
  parameters: z.int().nonnegative().optional().describe('absent for an endpoint, as are the next two'),
  opset: z.record(z.string(), z.int()).optional().describe('operator-set version by domain'),
  producer: z.string().optional(),
  outputKind: outputKindSchema,
  differentiable: z.boolean(),
  notDifferentiable: z.array(z.string()).optional().describe('operators without a gradient rule'),
  metadata: z.record(z.string(), z.string()).optional(),
  endpoint: endpointInfoSchema.optional(),
})

/** The rows that were used: `from` is the first, `to` one past the last. */
export const dataInfoSchema = z.strictObject({
  path: z.string(),
  sha256: sha256Schema,
  labels: z.strictObject({ path: z.string(), sha256: sha256Schema }).optional(),
  rows: z.int().nonnegative(),
  from: z.int().nonnegative(),
  to: z.int().nonnegative(),
  classes: z.int().nonnegative(),
  classNames: z.array(z.string()).optional(),
})

/** The declared input space: every budget and distance is in these units (rule 1). */
export const inputInfoSchema = z.strictObject({
  range: z.tuple([z.number(), z.number()]),
  levels: z.int().min(2).optional().describe('numbers that a stored value can be; changed rows were rounded to them'),
  units: z.string().describe('what 1 means, e.g. "byte/255"'),
  shape: z.array(z.int().nonnegative()).describe('of one row'),
  budgetRange: z
    .tuple([z.number(), z.number()])
    .optional()
    .describe("lowest and highest value in the units of budgets, where those are not the input's own"),
  constraints: constraintsInfoSchema.optional().describe('what changed rows had to keep to'),
})

/** What the attacker may do. */
export const threatInfoSchema = z.strictObject({
  access: accessSchema,
  norms: z.array(z.strictObject({ norm: measureSchema, epsilon: z.array(z.number().nonnegative()) })),
})

export const cleanInfoSchema = z.strictObject({
  accuracy: figureSchema.describe(
    'share of the rows predicted right: their class, all of their labels, or every number within the tolerance',
  ),
  error: z
    .strictObject({
      absolute: figureSchema.describe('mean absolute error over rows and outputs'),
      squared: figureSchema.describe('mean squared error'),
      declared: z.number().nonnegative().optional(),
    })
    .optional()
    .describe('of a regression'),
  labels: z
    .array(z.strictObject({ name: z.string(), accuracy: figureSchema }))
    .optional()
    .describe('share of the rows on which each label is right, of a multi-label model'),
  declared: z.number().min(0).max(1).optional(),
  tolerance: z.number().min(0).max(1).optional(),
})

export type TensorInfo = DeepReadonly<z.infer<typeof tensorInfoSchema>>
export type OutputKind = z.infer<typeof outputKindSchema>
export type ModelInfo = DeepReadonly<z.infer<typeof modelInfoSchema>>
export type DataInfo = DeepReadonly<z.infer<typeof dataInfoSchema>>
export type InputInfo = DeepReadonly<z.infer<typeof inputInfoSchema>>
export type ThreatInfo = DeepReadonly<z.infer<typeof threatInfoSchema>>
export type CleanInfo = DeepReadonly<z.infer<typeof cleanInfoSchema>>
