import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'

/** A measured number with its 95 % interval and the number of observations that it rests on (rule 2). */
export const figureSchema = z
  .strictObject({
    value: z.number().describe('the estimate'),
    low: z.number().describe('lower end of the 95 % interval'),
    high: z.number().describe('upper end of the 95 % interval'),
    n: z.int().nonnegative().describe('observations (rows) behind the estimate'),
  })
  .refine(({ value, low, high }) => low <= value && value <= high, { error: 'the value must lie in its own interval' })

export type Figure = DeepReadonly<z.infer<typeof figureSchema>>
