import { z } from 'zod'
import type { DeepReadonly } from '../deep-readonly.ts'
import { figureSchema } from '../figure.ts'

/** How a trigger changes an image: `patch` puts values where its mask is, `blend` mixes a whole pattern in. */
export const triggerKindSchema = z.enum(['patch', 'blend'])

/** What was rebuilt for one class: the smallest change that turns rows of the other classes into it. */
export const reversedTriggerSchema = z.strictObject({
  class: z.int().nonnegative(),
  kind: triggerKindSchema,
  l1: z.number().nonnegative().describe('sum of the mask: changed pixels, partly changed ones in part'),
  l2: z
    .number()
    .nonnegative()
    .optional()
    .describe('Euclidean size as a share of the input range: what blended patterns are compared by'),
  success: figureSchema.describe('share of rows of other classes that it turns into the class'),
  anomalyIndex: z
    .number()
    .nonnegative()
    .nullable()
    .describe('distance from the median of the classes in scaled median deviations; null: it can not be told'),
  picture: z.string().optional().describe('name of its picture in the HTML report'),
})

/** What STRIP sees at inference: blends of a row with clean ones, whose mean entropy is low where a trigger decides. */
export const stripSchema = z.strictObject({
  copies: z.int().positive().describe('blends of a row'),
  rate: z.number().min(0).max(1).describe('share of clean rows that may be rejected'),
  threshold: z.number().describe('bits; rows below are suspicious'),
  clean: figureSchema.describe('share of other clean rows that is rejected'),
  triggered: figureSchema.describe('share of the same rows that is rejected with the rebuilt trigger on them'),
})

/** Result of a probe of the class backdoor. */
export const backdoorResultSchema = z.strictObject({
  rows: z.int().nonnegative().describe('clean rows that triggers were looked for on'),
  verdict: z.enum(['backdoored', 'clean', 'cannot tell']),
  target: z.int().nonnegative().nullable().describe('the class that the trigger leads to'),
  anomalyIndex: z.number().nonnegative().nullable().describe('of the class that stands out most'),
  trigger: reversedTriggerSchema.nullable().describe('of the target'),
  classes: z.array(reversedTriggerSchema),
  reason: z.string().describe('how the verdict follows from the figures'),
  strip: stripSchema.optional().describe('of a model with a backdoor'),
})

export type TriggerKind = z.infer<typeof triggerKindSchema>
export type ReversedTrigger = DeepReadonly<z.infer<typeof reversedTriggerSchema>>
export type BackdoorResult = DeepReadonly<z.infer<typeof backdoorResultSchema>>
