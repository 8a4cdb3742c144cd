import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { figureSchema } from './figure.ts'
import { measureSchema } from './threat.ts'

export const severitySchema = z.enum(['critical', 'high', 'medium', 'low', 'info'])

/** What was found, what it means to the owner of the model, how to see it again and what to do. */
export const findingSchema = z.strictObject({
  id: z.string().min(1),
  severity: severitySchema,
  title: z.string(),
  meaning: z.string(),
  reproduce: z.string().describe('a command line with its seed'),
  remedy: z.string(),
  probe: z.string().optional().describe('id of the probe it rests on'),
})

/** The shares and the error are of models that predict no class; robust-share is robust-accuracy by its right name there. */
export const gateMetricSchema = z.enum([
  'clean-accuracy',
  'robust-accuracy',
  'certified-accuracy',
  'clean-share',
  'robust-share',
  'mean-absolute-error',
  'median-distance',
  'poisoned-accuracy',
  'poisoning-success',
  'backdoors',
  'findings',
  'flags',
])

/** Shares of rows, from 0 to 1. */
export const shareMetrics: readonly z.infer<typeof gateMetricSchema>[] = [
  'clean-accuracy',
  'robust-accuracy',
  'certified-accuracy',
  'clean-share',
  'robust-share',
  'poisoned-accuracy',
  'poisoning-success',
]

/** What was required: `atLeast <= measured <= atMost`, judged on the value or on the end of the interval that is worse. */
export const requirementSchema = z.strictObject({
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
  judgeBy: z.enum(['value', 'interval']),
})

/** A requirement of bartizan.yaml and whether it held. `measured` is null when nothing could be measured: not passed. */
export const gateSchema = z
  .strictObject({
    id: z.string().min(1),
    metric: gateMetricSchema,
    norm: measureSchema.optional(),
    epsilon: z.number().nonnegative().optional(),
    fraction: z.number().min(0).max(1).optional().describe('poisoned share of the training rows'),
    screen: z.string().optional().describe('that poisoned rows were screened by'),
    passed: z.boolean(),
    measured: z.union([figureSchema, z.number(), z.null()]),
    required: requirementSchema,
    probe: z.string().optional().describe('id of the probe whose result decided'),
    reason: z.string().optional(),
    corruption: z
      .strictObject({ attack: z.string(), severity: z.number(), accuracy: figureSchema })
      .optional()
      .describe('of a gate on a severity: the corruption with the lowest accuracy; `measured` is over all of them'),
  })
  .refine(({ passed, measured }) => !passed || measured !== null, {
    path: ['passed'],
    error: 'what could not be measured has not passed',
  })

export type Severity = z.infer<typeof severitySchema>
export type Finding = DeepReadonly<z.infer<typeof findingSchema>>
export type GateMetric = z.infer<typeof gateMetricSchema>
export type Requirement = DeepReadonly<z.infer<typeof requirementSchema>>
export type Gate = DeepReadonly<z.infer<typeof gateSchema>>
