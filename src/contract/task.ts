import { z } from 'zod'

/** What a model's outputs are: scores of classes, numbers, or scores of labels that each hold or don't. */
export const taskKindSchema = z.enum(['classification', 'regression', 'multi-label'])

/** A row of a regression is broken when a prediction has moved from the clean one by more than the larger tolerance. */
const regressionTaskSchema = z.strictObject({
  kind: z.literal('regression'),
  tolerance: z.number().nonnegative().describe('absolute, in the unit of the prediction'),
  relative: z.number().nonnegative().describe('as a share of the clean prediction'),
  direction: z.enum(['up', 'down', 'either']),
  output: z.int().nonnegative().optional().describe('the output that counts, from 0; left out: any of them'),
})

/** A row of a multi-label model is broken when so many labels that were right are wrong. */
const multiLabelTaskSchema = z.strictObject({
  kind: z.literal('multi-label'),
  flips: z.union([z.int().positive(), z.literal('all')]),
  label: z.int().nonnegative().optional().describe('the label that counts, from 0; left out: any of them'),
})

export const taskSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('classification') }),
  regressionTaskSchema,
  multiLabelTaskSchema,
])

export type TaskKind = z.infer<typeof taskKindSchema>
export type RegressionTask = Readonly<z.infer<typeof regressionTaskSchema>>
export type MultiLabelTask = Readonly<z.infer<typeof multiLabelTaskSchema>>
export type Task = Readonly<z.infer<typeof taskSchema>>
