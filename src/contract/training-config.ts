import { z } from 'zod'
import { dataConfigSchema } from './data-config.ts'
import { paramsSchema } from './threat.ts'

/** The rows that a model learned from and the recipe, for probes that train copies of it. */
export const trainingConfigSchema = z.strictObject({
  data: dataConfigSchema.describe('labelled rows; those that the model is judged on stay in data'),
  rows: z.int().positive().optional().describe('only so many of them, drawn by the seed, for each copy'),
  params: paramsSchema
    .default({})
    .describe('epochs, batch, learning-rate and what else bartizan train takes with --set'),
})
