import { z } from 'zod'
import { artefactKindSchema, consentSchema } from './data-record.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import { sha256Schema } from './subject.ts'

export const lineageSchemaVersion = 1

/** Terms that hold for an artefact: its own, and those of all that it was made of. */
const termsSchema = z.strictObject({
  own: z.array(z.string()),
  all: z.array(z.string()).describe('own and inherited SPDX expressions, sorted'),
  strictest: z.string().optional().describe('the strictest of them that is known'),
  consent: consentSchema.describe('the strictest answer by use'),
})

const artefactSchema = z.strictObject({
  type: z.literal('artefact'),
  id: z.string(),
  kind: artefactKindSchema,
  names: z.array(z.string()),
  sha256: sha256Schema.optional(),
  root: sha256Schema.optional().describe('of its commitment'),
  recorded: z.boolean().describe('a record says how it came to be'),
  verified: z.boolean().describe('a verified record names it'),
  terms: termsSchema,
})

const stepSchema = z.strictObject({
  type: z.literal('step'),
  id: z.string(),
  title: z.string(),
  records: z.array(sha256Schema).describe('envelopes that say so'),
  verified: z.boolean(),
  problem: z.string().optional().describe('why it is not'),
  at: z.string().optional(),
  by: z.string().optional(),
  command: z.string().optional(),
  params: z.record(z.string(), z.string()),
  source: z.string().optional(),
})

export const findingKindSchema = z.enum([
  'record-unverified',
  'origin-unknown',
  'use-not-allowed',
  'licence-unknown',
  'licence-forbids-derivatives',
  'licence-conflict',
])

/** What `bartizan data lineage` gives: a graph of artefacts and the steps between them. */
export const lineageSchema = z.strictObject({
  schemaVersion: z.literal(lineageSchemaVersion),
  query: z
    .strictObject({ name: z.string(), ids: z.array(z.string()), direction: z.enum(['backward', 'forward']) })
    .optional(),
  records: z.strictObject({ verified: z.int().nonnegative(), unverified: z.int().nonnegative() }),
  nodes: z.array(z.discriminatedUnion('type', [artefactSchema, stepSchema])),
  edges: z.array(z.strictObject({ from: z.string(), to: z.string(), verified: z.boolean() })),
  findings: z.array(z.strictObject({ kind: findingKindSchema, node: z.string(), message: z.string() })),
})

export type Artefact = DeepReadonly<z.infer<typeof artefactSchema>>
export type Step = DeepReadonly<z.infer<typeof stepSchema>>
export type LineageNode = Artefact | Step
export type LineageFinding = DeepReadonly<z.infer<typeof lineageSchema>>['findings'][number]
export type Lineage = DeepReadonly<z.infer<typeof lineageSchema>>
