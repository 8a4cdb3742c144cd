import { z } from 'zod'
import { evasionResultSchema } from './attack-result.ts'
import { backdoorResultSchema } from './classes/backdoor.ts'
import { poisoningResultSchema } from './classes/poisoning.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import { figureSchema } from './figure.ts'
import { measureSchema, paramsSchema } from './threat.ts'

/** A sign that an attack may be failing, so that a good-looking number isn't one (rule 3). */
export const flagSchema = z.strictObject({
  id: z.string().describe('zero-gradients, black-box-stronger, flat-in-budget, loss-does-not-fall, …'),
  message: z.string(),
  measured: z.union([z.number(), z.string(), z.null()]),
})

/**
 * A check of whether an attack may be failing, shown whether it `fired` or `passed`. Those that fired raise flags; one
 * without anything to compare with (no one-step attack, no black box) is left out.
 */
export const diagnosticSchema = z.strictObject({
  check: z.string().describe('zero-gradients, iteration-helps, black-box-weaker, whole-range-breaks, …'),
  title: z.string().describe('what holds where it passed'),
  verdict: z.enum(['passed', 'fired']),
  measured: z.union([z.number(), z.string(), z.null()]),
  message: z.string().describe('what the figure means'),
})

/** Names of the pictures of an example, given to the HTML report apart from report.json. */
export const pictureRefsSchema = z.strictObject({
  clean: z.string(),
  perturbed: z.string(),
  difference: z.string(),
  gain: z.number().positive().describe('factor by which the difference is enlarged'),
})

/** An example that the attack turned: `row` counts from 0 in the data file. */
export const exampleSchema = z.strictObject({
  row: z.int().nonnegative(),
  label: z.int().optional().describe('absent where the model predicts no class, as are predicted and confidence'),
  predicted: z.int().optional(),
  confidence: z.number().min(0).max(1).optional().describe('of the wrong prediction'),
  outputs: z
    .array(z.strictObject({ name: z.string(), truth: z.number(), before: z.number(), after: z.number() }))
    .optional()
    .describe('what the model predicted of the row: numbers, or the probability of each label; the most changed first'),
  distance: z.number().nonnegative(),
  pictures: pictureRefsSchema.optional(),
  changes: z
    .array(z.strictObject({ column: z.string(), before: z.number(), after: z.number() }))
    .optional()
    .describe('the columns changed most, for tables'),
})

/**
 * `passed` and `failed`: a gate judged it, or it looked for a defect; `measured`: nothing was required of it;
 * `not run`: `reason` says why.
 */
export const probeStatusSchema = z.enum(['passed', 'failed', 'measured', 'not run'])

const shared = {
  id: z.string().min(1),
  attack: z.string().describe('the method, where what ran is no attack'),
  params: paramsSchema,
  status: probeStatusSchema,
  reason: z.string().optional(),
  reproduce: z.string().optional().describe('a command line that runs this probe alone'),
  flags: z.array(flagSchema),
}

const saysWhy = ({ status, reason }: { readonly status: string; readonly reason?: string | undefined }): boolean =>
  status !== 'not run' || reason !== undefined
const whyNotRun = { path: ['reason'], error: 'a probe that was not run says why' }

export const evasionProbeSchema = z
  .strictObject({
    ...shared,
    class: z.literal('evasion'),
    norm: measureSchema.optional(),
    epsilon: z.number().nonnegative().optional(),
    result: evasionResultSchema.optional().describe('absent when it was not run'),
    alreadyBroken: z
      .int()
      .nonnegative()
      .optional()
      .describe('rows that probes before it had broken within its budget: they were not attacked again, nor counted'),
    queryCurve: z
      .array(z.strictObject({ queries: z.number().nonnegative(), success: figureSchema }))
      .optional()
      .describe('share of rows broken within so many queries a row'),
    diagnostics: z.array(diagnosticSchema).optional().describe('of attacks that follow gradients'),
    worst: z.array(exampleSchema),
  })
  .refine(saysWhy, whyNotRun)

/** A probe whose class has a result of its own; absent when it was not run. */
const classProbe = <const C extends string, R extends z.ZodType>(name: C, result: R) =>
  z.strictObject({ ...shared, class: z.literal(name), result: result.optional() }).refine(saysWhy, whyNotRun)

export const probeSchema = z.discriminatedUnion('class', [
  evasionProbeSchema,
  classProbe('backdoor', backdoorResultSchema),
  classProbe('poisoning', poisoningResultSchema),
])

export type Flag = DeepReadonly<z.infer<typeof flagSchema>>
export type Diagnostic = DeepReadonly<z.infer<typeof diagnosticSchema>>
export type PictureRefs = DeepReadonly<z.infer<typeof pictureRefsSchema>>
export type Example = DeepReadonly<z.infer<typeof exampleSchema>>
export type ProbeStatus = z.infer<typeof probeStatusSchema>
export type EvasionProbe = DeepReadonly<z.infer<typeof evasionProbeSchema>>
export type Probe = DeepReadonly<z.infer<typeof probeSchema>>
/** Probes of other classes than evasion. */
export type ClassProbe = Exclude<Probe, { readonly class: 'evasion' }>
