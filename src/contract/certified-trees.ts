import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { figureSchema } from './figure.ts'
import { normSchema } from './threat.ts'

/**
 * Distances within which the class of a row can't change, by proof over the regions of an ensemble of trees: a lower
 * bound of what any attack can find, in the declared input units. A row that is predicted wrong has distance 0.
 */
export const certifiedTreesSchema = z.strictObject({
  norm: normSchema,
  rows: z.int().positive().describe('rows that were certified, from the first'),
  median: z.number().nonnegative().describe('over all of these rows; at most the largest change there is'),
  exact: z.int().nonnegative().describe('rows whose distance is known to be reached by a point of another class'),
  points: z
    .array(z.strictObject({ epsilon: z.number().nonnegative(), accuracy: figureSchema }))
    .describe('share of the rows that are right and that no change within the budget can turn'),
})

export type CertifiedTrees = DeepReadonly<z.infer<typeof certifiedTreesSchema>>
