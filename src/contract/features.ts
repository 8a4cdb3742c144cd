import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'

const greaterThanZero = z.number().gt(0)

const featureSchema = z
  .strictObject({
    change: z
      .enum(['any', 'none', 'up', 'down'])
      .default('any')
      .describe('which way an attacker may move it from its clean value'),
    range: z
      .tuple([z.number(), z.number()])
      .refine(([low, high]) => low <= high, { error: 'the range is empty: the lower end is above the upper end' })
      .optional()
      .describe('lowest and highest value'),
    step: greaterThanZero.optional().describe('values are whole multiples of it; 1: whole numbers'),
    values: z.array(z.number()).min(1).optional().describe('the codes of a category: no other value is allowed'),
    scale: greaterThanZero.optional().describe('a change of so much counts as 1; instead of features.scale'),
    cost: greaterThanZero.optional().describe('changes count so many times: the weight in a budget'),
  })
  .refine(({ step, values }) => step === undefined || values === undefined, {
    path: ['step'],
    error: 'give step or values, not both',
  })

const relationSchema = z
  .strictObject({
    terms: z
      .record(z.string(), z.number())
      .refine((terms) => Object.values(terms).some((factor) => factor !== 0), { error: 'names no column' })
      .describe('factor of each column in the sum'),
    'at-least': z.number().optional(),
    'at-most': z.number().optional(),
    equals: z.number().optional(),
  })
  .superRefine((relation, context) => {
    const bounds = [relation['at-least'], relation['at-most'], relation.equals]
    const say = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    if (bounds.every((bound) => bound === undefined)) say('terms', 'give at-least, at-most or equals')
    if (relation.equals !== undefined && (bounds[0] !== undefined || bounds[1] !== undefined))
      say('equals', 'give equals, or at-least and at-most')
    if ((bounds[0] ?? Number.NEGATIVE_INFINITY) > (bounds[1] ?? Number.POSITIVE_INFINITY))
      say('at-most', 'the relation is empty: at-most is below at-least')
  })

/** `features` of bartizan.yaml: what the columns of a table must keep to, whatever an attacker does. */
export const featuresSchema = z.strictObject({
  scale: z
    .enum(['none', 'range', 'deviation'])
    .default('none')
    .describe('what a change of 1 means in each column: 1, its range, or its standard deviation over these rows'),
  columns: z.record(z.string(), featureSchema).default({}).describe('by column name; of arrays by index, from 0'),
  'one-hot': z
    .array(z.array(z.string()).min(2))
    .default([])
    .describe('groups of columns of which exactly one is 1 and the others are 0'),
  relations: z.array(relationSchema).default([]).describe('sums of columns that must hold'),
})

/** What the report says of the constraints. */
export const constraintsInfoSchema = z.strictObject({
  rules: z.array(z.string()).describe('every constraint, in words'),
  outside: z.int().nonnegative().describe('clean rows that break them: they were not attacked and do not count'),
})

export type Features = DeepReadonly<z.output<typeof featuresSchema>>
export type FeatureConfig = Features['columns'][string]
export type RelationConfig = Features['relations'][number]
export type ConstraintsInfo = DeepReadonly<z.infer<typeof constraintsInfoSchema>>
