import { z } from 'zod'
import { BartizanError } from '../base/errors.ts'
import { type Figure, figureSchema, sha256Schema } from '../contract/index.ts'
import { createStatement, type Statement, type Subject } from './statement.ts'

/** Predicate type of "this value was measured on these subjects, in this way". */
export const measurementType = 'https://bartizan.dev/evidence/measurement/v1'

export interface Measurement {
  /** What the value is of, in the contract's words, e.g. "robustAccuracy". */
  readonly claim: string
  readonly value: Figure
  readonly method: {
    /** Id of the attack, test or screen. */
    readonly id: string
    readonly params: Readonly<Record<string, unknown>>
    readonly seed: number
  }
  readonly tool: { readonly name: string; readonly version: string }
  /** What else the value depends on (configuration, saved examples), by role. */
  readonly digests?: Readonly<Record<string, { readonly sha256: string }>>
  /** Further results of the same measurement, as JSON. */
  readonly details?: Readonly<Record<string, unknown>>
}

const measurementSchema = z.looseObject({
  claim: z.string().min(1),
  value: figureSchema,
  method: z.looseObject({
    id: z.string().min(1),
    params: z.record(z.string(), z.unknown()),
    seed: z.int(),
  }),
  tool: z.looseObject({ name: z.string().min(1), version: z.string().min(1) }),
  digests: z.record(z.string(), z.looseObject({ sha256: sha256Schema })).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
})

const parse = (predicate: unknown): Measurement => {
  const parsed = measurementSchema.safeParse(predicate)
  if (parsed.success) return parsed.data
  const [{ path, message }] = parsed.error.issues
  throw new BartizanError(
    'EVIDENCE_INVALID',
    `the measurement is malformed at ${path.join('.') || 'its top'}: ${message}`,
    {
      data: { path },
    },
  )
}

/** The statement that `measurement` was made on `subjects` (the model, the data …). Throws EVIDENCE_INVALID. */
export const createMeasurement = (subjects: readonly Subject[], measurement: Measurement): Statement =>
  createStatement({ subject: subjects, predicateType: measurementType, predicate: { ...parse(measurement) } })

/** The measurement in a statement. Throws EVIDENCE_INVALID where it states something else. */
export const readMeasurement = (statement: Statement): Measurement => {
  if (statement.predicateType !== measurementType)
    throw new BartizanError('EVIDENCE_INVALID', `a statement of type ${statement.predicateType} is no measurement`)
  return parse(statement.predicate)
}
