import { z } from 'zod'
import type { DeepReadonly } from '../deep-readonly.ts'
import { figureSchema } from '../figure.ts'
import { paramsSchema } from '../threat.ts'

const byName = z.string().min(1)

/** What is simulated: attacks within a budget on the rows of `training`, and what screens make of it. */
export const poisoningConfigSchema = z.strictObject({
  attacks: z
    .array(
      z.union([
        byName.transform((attack) => ({ attack, params: {} })),
        z.strictObject({ attack: byName, params: paramsSchema.default({}) }),
      ]),
    )
    .min(1)
    .optional()
    .describe('default: those for rows of this kind that need no gradients'),
  fractions: z
    .array(z.number().gt(0).max(1))
    .min(1)
    .default([0.01, 0.05, 0.1])
    .transform((list) => [...new Set(list)].sort((a, b) => a - b))
    .describe('shares of the training rows that the attacker may poison; nothing poisoned is measured besides'),
  target: z.int().nonnegative().default(0).describe('class that the poison leads to'),
  screens: z
    .array(
      z.union([
        byName.transform((screen) => ({ screen, params: {} })),
        z.strictObject({ screen: byName, params: paramsSchema.default({}) }),
      ]),
    )
    .optional()
    .describe('default: those that train nothing; []: none'),
  'false-discovery-rate': z.number().gt(0).lt(1).default(0.05).describe('that each screen controls'),
  rows: z.int().positive().optional().describe('training rows of a copy, drawn by the seed; default 5000 at most'),
  epochs: z.int().positive().optional().describe('of a copy, in place of those of training.params'),
})

/** What a screen did to the poisoned training set, and what a model then learned from what it left. */
export const screenedPointSchema = z.strictObject({
  screen: z.string(),
  verdict: z.enum(['flagged', 'nothing found', 'cannot tell']),
  flagged: z.int().nonnegative().describe('rows'),
  precision: figureSchema
    .nullable()
    .describe('share of the flagged rows that are poisoned; null where none is flagged'),
  recall: figureSchema.nullable().describe('share of the poisoned rows that are flagged; null where none is poisoned'),
  reason: z.string().optional().describe('why the screen could not tell, or what it compared'),
  accuracy: figureSchema
    .nullable()
    .describe('on clean rows, of the model trained on what is left; null where too little is'),
  success: figureSchema.nullable().describe('of the attack on that model; null where it has no aim but accuracy'),
})

/** A model trained with a share of its rows poisoned. */
export const poisonedPointSchema = z.strictObject({
  fraction: z.number().min(0).max(1).describe('poisoned rows as a share of the training rows'),
  poisoned: z.int().nonnegative().describe('rows'),
  accuracy: figureSchema.describe('on clean rows'),
  success: figureSchema.nullable().describe('share of the rows that the attack is about which go where it wants'),
  screens: z.array(screenedPointSchema),
})

/** Result of a probe of the class poisoning: how accuracy and the attack's success grow with the poisoned share. */
export const poisoningResultSchema = z.strictObject({
  rows: z.int().nonnegative().describe('rows that each model is judged on'),
  trainingRows: z.int().nonnegative(),
  target: z.int().nonnegative().optional().describe('class that the attack leads to'),
  budget: z.number().min(0).max(1).describe('largest share that the attacker may poison'),
  notes: z.array(z.string()).optional().describe('how copies were trained and poisoned, in whole sentences'),
  points: z.array(poisonedPointSchema).min(1).describe('the first at 0: nothing poisoned'),
})

export type PoisoningConfig = DeepReadonly<z.infer<typeof poisoningConfigSchema>>
export type ScreenedPoint = DeepReadonly<z.infer<typeof screenedPointSchema>>
export type PoisonedPoint = DeepReadonly<z.infer<typeof poisonedPointSchema>>
export type PoisoningResult = DeepReadonly<z.infer<typeof poisoningResultSchema>>
