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
  success: figureSchema.describe('share of rows of other classes that it turns into the class'),
  anomalyIndex: z
    .number()
    .nonnegative()
    .nullable()
    .describe('distance from the median of the classes in scaled median deviations; null: it can not be told'),
  picture: z.string().optional().describe('name of its picture in the HTML report'),
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
})

export type TriggerKind = z.infer<typeof triggerKindSchema>
export type ReversedTrigger = DeepReadonly<z.infer<typeof reversedTriggerSchema>>
export type BackdoorResult = DeepReadonly<z.infer<typeof backdoorResultSchema>>
