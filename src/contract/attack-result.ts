import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { figureSchema } from './figure.ts'
import { normSchema, paramsSchema } from './threat.ts'

/**
 * Size of the perturbations of the rows that were right before the attack and wrong after it, in `norm` and in the
 * model's declared input units. All three are null where no row was broken.
 */
export const distanceSchema = z.strictObject({
  norm: normSchema,
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
  cleanAccuracy: figureSchema.describe('share of the rows predicted as labelled before the attack'),
  robustAccuracy: figureSchema.describe('share of the rows still predicted as labelled after the attack'),
  distance: distanceSchema,
  queries: queriesSchema,
})

/** What `bartizan attack run NAME --json` prints. */
export const attackResultSchema = z.strictObject({
  attack: z.string(),
  norm: normSchema.optional(),
  epsilon: z.number().nonnegative().optional().describe('budget, in the declared input units'),
  params: paramsSchema,
  seed: z.int().optional(),
  ...evasionResultSchema.shape,
  seconds: z.number().nonnegative(),
})

export type Distance = DeepReadonly<z.infer<typeof distanceSchema>>
export type Queries = DeepReadonly<z.infer<typeof queriesSchema>>
export type EvasionResult = DeepReadonly<z.infer<typeof evasionResultSchema>>
export type AttackResult = DeepReadonly<z.infer<typeof attackResultSchema>>
