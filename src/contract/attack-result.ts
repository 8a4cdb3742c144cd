import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { endpointUseSchema } from './endpoint.ts'
import { constraintsInfoSchema } from './features.ts'
import { figureSchema } from './figure.ts'
import { fittedSchema } from './fitted.ts'
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
  quantiles: z
    .array(z.strictObject({ share: z.number().min(0).max(1), distance: z.number().nonnegative() }))
    .optional()
    .describe('of attacks that look for the smallest change: so large a share of those rows lies within each distance'),
})

/** What the broken rows had cost when they were first broken, of attacks that count their queries row by row. */
export const queriesToBreakSchema = z.strictObject({
  rows: z.int().positive().describe('rows that were broken'),
  median: z.number().positive(),
  ninety: z.number().positive().describe('nine in ten of them were broken by so many'),
  most: z.number().positive(),
})

/** Success against queries: the share of the rows that count, broken within so many queries a row. */
export const queryCurveSchema = z.array(z.strictObject({ queries: z.number().nonnegative(), success: figureSchema }))

const moveSchema = z.strictObject({
  degrees: z.number().describe('rotation about the middle, anticlockwise'),
  down: z.number().describe('pixels'),
  right: z.number().describe('pixels'),
})

/** How pictures were moved, each by the smallest move on the grid that breaks it. */
export const movesSchema = z.strictObject({
  rows: z.int().positive().describe('rows that a move broke'),
  worst: moveSchema.extend({ rows: z.int().positive().describe('rows that it was the smallest move for') }),
  largest: moveSchema.describe('the largest that a row took'),
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
  queriesToBreak: queriesToBreakSchema.optional(),
  moves: movesSchema.optional().describe('of attacks that turn and shift pictures'),
  fitted: fittedSchema.optional().describe('of attacks that make one change for all rows'),
  answeredNaN: z
    .int()
    .positive()
    .optional()
    .describe('changed rows that the model answered with NaN: they count as not broken'),
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
  queryCurve: queryCurveSchema.optional(),
  seconds: z.number().nonnegative(),
  endpoint: endpointUseSchema.optional().describe('what was asked of a model behind an API'),
  answersThatDiffer: z.number().min(0).max(1).optional().describe('share of the rows asked twice'),
})

export type Distance = DeepReadonly<z.infer<typeof distanceSchema>>
export type QueriesToBreak = DeepReadonly<z.infer<typeof queriesToBreakSchema>>
export type QueryCurve = DeepReadonly<z.infer<typeof queryCurveSchema>>
export type Moves = DeepReadonly<z.infer<typeof movesSchema>>
export type Queries = DeepReadonly<z.infer<typeof queriesSchema>>
export type EvasionResult = DeepReadonly<z.infer<typeof evasionResultSchema>>
export type AttackResult = DeepReadonly<z.infer<typeof attackResultSchema>>
