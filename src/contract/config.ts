import { z } from 'zod'
import { poisoningConfigSchema } from './classes/poisoning.ts'
import { numberOrFractionSchema } from './config-scalars.ts'
import { dataConfigSchema, shapeSchema } from './data-config.ts'
import { gateMetricSchema, shareMetrics } from './decision.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import { endpointConfigSchema } from './endpoint.ts'
import { featuresSchema } from './features.ts'
import { taskKindSchema } from './task.ts'
import { accessSchema, measureSchema, paramsSchema, probeClassSchema } from './threat.ts'
import { trainingConfigSchema } from './training-config.ts'

const share = z.number().min(0).max(1)
const perChannel = z.union([z.number(), z.array(z.number()).min(1)], {
  error: 'expected a number, or a list with one number a channel',
})
const positive = numberOrFractionSchema.refine((value) => value > 0, { error: 'must be greater than 0' })

const modelConfigSchema = z
  .strictObject({
    path: z.string().min(1).optional().describe('ONNX file, relative to this file'),
    endpoint: endpointConfigSchema.optional().describe('a model behind an API, in place of a file'),
    input: z
      .strictObject({
        range: z
          .tuple([z.number(), z.number()])
          .refine(([low, high]) => low < high, { error: 'the lower end must be below the upper end' })
          .default([0, 1])
          .describe('lowest and highest value of an input element, before preprocessing; budgets are in these units'),
        units: z.string().optional().describe('what the numbers are, e.g. "byte/255"'),
        levels: z
          .int()
          .min(2)
          .optional()
          .describe(
            'how many numbers, evenly over the range, a stored value can be: 256 for bytes. Changed rows are rounded to them before they count',
          ),
        shape: shapeSchema.optional().describe('of one row, without the batch dimension'),
      })
      .prefault({}),
    preprocessing: z
      .strictObject({
        scale: numberOrFractionSchema.optional().describe('multiplies the declared input first'),
        mean: perChannel.optional().describe('subtracted after scaling, one number or one a channel'),
        std: perChannel
          .refine((std) => [std].flat().every((value) => value > 0), { error: 'must be greater than 0' })
          .optional()
          .describe('divides last, one number or one a channel'),
      })
      .optional()
      .describe('done to the declared input before the model sees it: (x * scale - mean) / std'),
    output: z
      .enum(['auto', 'logits', 'probabilities'])
      .default('auto')
      .describe('whether the model gives scores before or after the softmax'),
    task: z
      .enum(['auto', ...taskKindSchema.options])
      .optional()
      .describe(
        'what it predicts: classes, numbers, or labels that each hold or not; auto (default): what its graph says',
      ),
  })
  .superRefine(({ path, endpoint }, context) => {
    if ((path === undefined) === (endpoint === undefined))
      context.addIssue({ code: 'custom', path: ['path'], message: 'give path (a file) or endpoint, one of them' })
  })
  // What names the model: its file, or its address.
  .transform(({ path, ...model }) => ({ ...model, path: path ?? model.endpoint?.url ?? '' }))

const accuracyConfigSchema = z.strictObject({
  declared: share.describe('accuracy on these rows according to whoever trained the model, 0 to 1'),
  tolerance: share.default(0.05).describe('the run stops where the measured accuracy is further away'),
})

const errorConfigSchema = z.strictObject({
  declared: z
    .number()
    .nonnegative()
    .describe('mean absolute error on these rows according to whoever trained the model, for regressions'),
  tolerance: z.number().nonnegative().default(0.1).describe('a share of it: the run stops where it is further away'),
})

/** When a row counts as broken, where the model predicts no class. */
export const goalConfigSchema = z.strictObject({
  tolerance: numberOrFractionSchema
    .refine((value) => value >= 0, { error: 'must not be negative' })
    .optional()
    .describe('regression: a prediction is broken where it moves by more than this, in its own unit'),
  relative: numberOrFractionSchema
    .refine((value) => value >= 0, { error: 'must not be negative' })
    .optional()
    .describe('regression: the same as a share of the prediction, 0.1 for a tenth; of both, the larger counts'),
  direction: z.enum(['up', 'down', 'either']).optional().describe('regression: which way it must move; default either'),
  output: z.int().nonnegative().optional().describe('regression: the output that counts, from 0; default any'),
  flips: z
    .union([z.int().positive(), z.enum(['any', 'all'])], { error: 'expected any, all or a number of labels' })
    .optional()
    .describe('multi-label: how many labels that were right must become wrong; default any'),
  label: z.int().nonnegative().optional().describe('multi-label: the label that counts, from 0; default any'),
})

/** Corruptions have five severities, and none between. */
const isSeverity = (value: number): boolean => Number.isInteger(value) && value <= 5

const normConfigSchema = z
  .strictObject({
    norm: measureSchema,
    epsilon: z
      .union([z.array(positive).min(1), positive], { error: 'expected a budget or a list of budgets' })
      .transform((written) => (Array.isArray(written) ? written : [written]))
      .describe('budgets, in the declared input units; severity 1 to 5; spatial and patch: a share from 0 to 1'),
  })
  .refine(({ norm, epsilon }) => norm !== 'severity' || epsilon.every(isSeverity), {
    path: ['epsilon'],
    error: 'severities are the whole numbers 1 to 5',
  })

const threatConfigSchema = z.strictObject({
  access: accessSchema.default('white-box').describe('what the attacker can reach'),
  surrogates: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("ONNX files of the attacker's own, for attacks that transfer; they take what the model takes"),
  norms: z
    .array(normConfigSchema)
    .min(1)
    .optional()
    .describe('how far the attacker may change an input, and how that is measured'),
  goal: goalConfigSchema.optional().describe('when a row is broken, for models that predict no class'),
})

/** How far a battery goes that is chosen from the threat. */
export const batteryEffortSchema = z.enum(['quick', 'standard', 'thorough'])
export type BatteryEffort = z.infer<typeof batteryEffortSchema>

/** What a battery that is chosen from the threat has no probe of, attack by attack, and why. */
export const batteryInfoSchema = z.strictObject({
  effort: batteryEffortSchema,
  leftOut: z.array(z.strictObject({ attack: z.string(), reason: z.string() })),
})
export type BatteryInfo = DeepReadonly<z.infer<typeof batteryInfoSchema>>

const batterySchema = z
  .union(
    [
      z.enum(['auto', ...batteryEffortSchema.options]),
      z
        .array(
          z.strictObject({
            attack: z.string().min(1),
            params: paramsSchema.default({}),
            rows: z
              .int()
              .positive()
              .optional()
              .describe('only so many rows, from the first: for attacks that cost much'),
          }),
        )
        .min(1),
    ],
    { error: 'expected quick, standard (the same as auto), thorough, or a list of {attack, params, rows}' },
  )
  .default('auto')
  .describe('quick, standard (auto) or thorough: chosen from the threat; or a list of attacks')

const gateConfigSchema = z
  .strictObject({
    id: z.string().min(1),
    metric: gateMetricSchema,
    norm: measureSchema.optional(),
    epsilon: positive.optional(),
    attack: z.string().min(1).optional().describe('judge this attack alone; otherwise the worst case over all'),
    fraction: share.optional().describe('poisoned share, one of poisoning.fractions or 0; default: the largest'),
    screen: z.string().min(1).optional().describe('judge what is trained after this screen; default: after none'),
    'at-least': z.number().optional(),
    'at-most': z.number().optional(),
    'judge-by': z
      .enum(['value', 'interval'])
      .default('value')
      .describe('interval: the end of the 95 % interval that is worse must hold too'),
  })
  .superRefine((gate, context) => {
    const demand = (met: boolean, key: string, message: string) => {
      if (!met) context.addIssue({ code: 'custom', path: [key], message })
    }
    demand(
      gate['at-least'] !== undefined || gate['at-most'] !== undefined,
      'at-least',
      'a gate requires something: give at-least or at-most',
    )
    const accuracy = shareMetrics.includes(gate.metric)
    for (const key of ['at-least', 'at-most'] as const)
      demand(!accuracy || (gate[key] ?? 0) <= 1, key, 'an accuracy is a share from 0 to 1, not a percentage')
    const poisoned = gate.metric === 'poisoned-accuracy' || gate.metric === 'poisoning-success'
    for (const key of ['fraction', 'screen'] as const)
      demand(poisoned || gate[key] === undefined, key, `${key} is of gates on poisoning`)
    if (!['robust-accuracy', 'robust-share', 'certified-accuracy'].includes(gate.metric)) return
    demand(gate.norm !== undefined, 'norm', 'robust accuracy needs a norm')
    demand(gate.epsilon !== undefined, 'epsilon', 'robust accuracy needs a budget (epsilon)')
    demand(
      gate.norm !== 'severity' || isSeverity(gate.epsilon ?? 1),
      'epsilon',
      'severities are the whole numbers 1 to 5',
    )
  })
  .transform(({ 'at-least': atLeast, 'at-most': atMost, 'judge-by': judgeBy, ...gate }) => ({
    ...gate,
    atLeast,
    atMost,
    judgeBy,
  }))

/** bartizan.yaml. */
export const configSchema = z
  .strictObject({
    model: modelConfigSchema,
    data: dataConfigSchema,
    accuracy: accuracyConfigSchema.optional(),
    error: errorConfigSchema.optional(),
    threat: threatConfigSchema.prefault({}),
    features: featuresSchema.optional().describe('what the columns of a table must keep to, whatever an attacker does'),
    classes: z
      .array(probeClassSchema)
      .min(1)
      .default(['evasion'])
      .describe('what is probed; --class names one in its place'),
    training: trainingConfigSchema
      .optional()
      .describe('what the model learned from and how: probes that train small copies need it'),
    poisoning: poisoningConfigSchema.optional().describe('how poisoning is simulated'),
    battery: batterySchema,
    gates: z.array(gateConfigSchema).default([]),
    seed: z.int().nonnegative().default(0).describe('same seed, same result'),
    out: z.string().min(1).default('.').describe('folder of the reports, relative to this file'),
  })
  .superRefine(({ gates }, context) => {
    const seen = new Map<string, number>()
    gates.forEach(({ id }, index) => {
      const first = seen.get(id)
      if (first === undefined) seen.set(id, index)
      else
        context.addIssue({
          code: 'custom',
          path: ['gates', index, 'id'],
          message: `the gate id "${id}" is used twice`,
        })
    })
  })

/** As written, before defaults. */
export type ConfigInput = DeepReadonly<z.input<typeof configSchema>>
/** Checked, with every default filled in. */
export type Config = DeepReadonly<z.output<typeof configSchema>>
export type GateConfig = Config['gates'][number]
