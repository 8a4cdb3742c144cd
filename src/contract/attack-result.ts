import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { endpointUseSchema } from './endpoint.ts'
import { constraintsInfoSchema } from './features.ts'
import { figureSchema } from './figure.ts'
import { taskSchema } from './task.ts'
import { measureSchema, paramsSchema } from './threat.ts'

/**
 * Size of the perturbations of the rows that were right before the attack and wrong after it, in `norm` and in the
 * model's declared input units. All three are null where no row was broken.
 */
export const distanceSchema = z.strictObject({
  norm: measureSchema,
  median: z.number().nonnegative().nullable(),
  mean: z.number().nonnegative().nullable(),
  max: z.number().nonnegative().nullable(),
})

/** Rows that the attack sent through the model (a gradient's own forward pass counts) and rows it differentiated. */
export const queriesSchema = z.strictObject({
  forward: z.int().nonnegative(),
  gradient: z.int().nonnegative(),
})

/** What an evasion attack achieved, after re-prediction of what it returned (rule 4). */
export const evasionResultSchema = z.strictObject({
  rows: z.int().nonnegative(),
  cleanAccuracy: figureSchema.describe(
    'share of the rows predicted as labelled before the attack; of other models, that there was something to break in',
  ),
  robustAccuracy: figureSchema.describe(
    'share of the rows still predicted as labelled after the attack; of other models, that were not broken',
  ),
  distance: distanceSchema,
  queries: queriesSchema,
})

/** What `bartizan attack run NAME --json` prints. */
export const attackResultSchema = z.strictObject({
  attack: z.string(),
  norm: measureSchema.optional(),
  epsilon: z.number().nonnegative().optional().describe('budget, in the declared input units'),
  params: paramsSchema,
  seed: z.int().optional(),
  units: z.string().optional().describe('what budget and distances are in, where that is not the input unit'),
  constraints: constraintsInfoSchema.optional().describe('what changed rows had to keep to'),
  task: taskSchema.optional().describe('what the model predicts and when a row is broken; absent: classes'),
  ...evasionResultSchema.shape,
  seconds: z.number().nonnegative(),
  endpoint: endpointUseSchema.optional().describe('what was asked of a model behind an API'),
  answersThatDiffer: z.number().min(0).max(1).optional().describe('share of the rows asked twice'),
})

export type Distance = DeepReadonly<z.infer<typeof distanceSchema>>
export type Queries = DeepReadonly<z.infer<typeof queriesSchema>>
export type EvasionResult = DeepReadonly<z.infer<typeof evasionResultSchema>>
export type AttackResult = DeepReadonly<z.infer<typeof attackResultSchema>>
