import { z } from 'zod'

/** How the size of a perturbation is measured. l0 counts changed elements; the others are in the input's own units. */
export const normSchema = z.enum(['linf', 'l2', 'l1', 'l0'])
export type Norm = z.infer<typeof normSchema>

/**
 * How the size of a change is measured: a norm; `severity` of a corruption, 1 to 5; `spatial`, the share of the largest
 * rotation and shift that is allowed; `patch`, the share of the image that a patch covers.
 */
export const measureSchema = z.enum([...normSchema.options, 'severity', 'spatial', 'patch'])
export type Measure = z.infer<typeof measureSchema>

/** What the attacker can reach: weights and gradients, the scores of every class, or the predicted label only. */
export const accessSchema = z.enum(['white-box', 'scores', 'labels'])
export type Access = z.infer<typeof accessSchema>

/** What a probe tries to do to the model or its data. */
export const probeClassSchema = z.enum([
  'evasion',
  'poisoning',
  'backdoor',
  'membership',
  'inversion',
  'attribute',
  'extraction',
])
export type ProbeClass = z.infer<typeof probeClassSchema>

/** The value of an attack parameter: keys are the literature's (`steps`, `step-size`, `restarts`, …). */
export const paramsSchema = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
export type Params = Readonly<z.infer<typeof paramsSchema>>
