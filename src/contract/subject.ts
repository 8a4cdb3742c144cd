import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { figureSchema } from './figure.ts'
import { accessSchema, normSchema } from './threat.ts'

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/)

/** One input or output of a model: null stands for a dimension known only when it runs. */
const tensorInfoSchema = z.strictObject({
  name: z.string(),
  type: z.string().describe('ONNX element type: float32, int64, …'),
  shape: z.array(z.union([z.int().nonnegative(), z.string(), z.null()])),
})

/** What the last layer gives: scores before or after the softmax, or one number for two classes. */
export const outputKindSchema = z.enum(['logits', 'probabilities', 'binary-logit', 'binary-probability'])

/** The model that was assessed, as read from the file. Names and metadata come from the file and aren't trusted. */
export const modelInfoSchema = z.strictObject({
  path: z.string().describe('as written in bartizan.yaml'),
  sha256: sha256Schema,
  bytes: z.int().nonnegative().optional(),
  inputs: z.array(tensorInfoSchema),
  outputs: z.array(tensorInfoSchema),
  parameters: z.int().nonnegative(),
  opset: z.record(z.string(), z.int()).describe('operator-set version by domain'),
  producer: z.string(),
  outputKind: outputKindSchema,
  differentiable: z.boolean(),
  notDifferentiable: z.array(z.string()).optional().describe('operators without a gradient rule'),
  metadata: z.record(z.string(), z.string()).optional(),
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
  units: z.string().describe('what 1 means, e.g. "byte/255"'),
  shape: z.array(z.int().nonnegative()).describe('of one row'),
})

/** What the attacker may do. */
export const threatInfoSchema = z.strictObject({
  access: accessSchema,
  norms: z.array(z.strictObject({ norm: normSchema, epsilon: z.array(z.number().nonnegative()) })),
})

export const cleanInfoSchema = z.strictObject({
  accuracy: figureSchema,
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
