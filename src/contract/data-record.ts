import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { sha256Schema } from './subject.ts'

export const artefactKindSchema = z.enum(['data', 'model', 'release', 'decision'])
export const permissionSchema = z.enum(['allowed', 'constrained', 'notAllowed'])

/** What may be done with data, by use (C2PA and CAWG's training-mining entries: ai_training, data_mining, …). */
export const consentSchema = z.record(z.string().min(1), permissionSchema)

const materialSchema = z.object({
  name: z.string().min(1),
  digest: z.object({ sha256: sha256Schema }),
})

const commitmentSchema = z.object({
  name: z.string().min(1).describe('subject that was committed to, or file where it was not read in full'),
  sha256: sha256Schema.optional().describe('of the whole; left out where a grown file was not read again'),
  root: sha256Schema,
  bytes: z.int().nonnegative(),
  chunks: z.int().nonnegative(),
  rows: z.int().nonnegative().optional(),
  manifest: materialSchema,
})

/** Claims of others about the data, read from their description; none of them was checked unless it says so. */
const descriptionSchema = z.object({
  format: z.enum(['croissant', 'dvc', 'dpi', 'c2pa']),
  file: materialSchema,
  claims: z.record(z.string(), z.unknown()),
  warnings: z.array(z.string()),
})

const originSchema = z.object({
  source: z.string().optional().describe('URL or another word on where it came from'),
  licences: z.array(z.string().min(1)).optional().describe('SPDX expressions'),
  consent: consentSchema.optional(),
  described: descriptionSchema.optional(),
})

const count = z.int().nonnegative()

/** What a step did to its input. A row, or a cell, that two rules changed is counted by both. */
const changesSchema = z.object({
  rows: z.object({
    in: count,
    out: count,
    dropped: count.optional(),
    changed: count.optional(),
  }),
  cells: z.object({ in: count, changed: count }).optional(),
  rules: z.array(
    z.object({
      rule: z.string(),
      kind: z.string().optional().describe('what was found'),
      action: z.string().optional().describe('what was done with it'),
      rows: count,
      cells: count.optional().describe('left out where the rule takes whole rows'),
    }),
  ),
})

/** A signed record in a project's log. */
export const loggedRecordSchema = z.strictObject({ sha256: sha256Schema, path: z.string(), index: count })

/**
 * Predicate of a data record: who made the subjects, when, from what, by which command with which parameters.
 * Monotone, as in-toto asks: members that a reader does not know may be ignored, and leaving one out never makes the
 * record claim, or permit, more.
 */
export const dataRecordSchema = z.object({
  step: z.string().min(1),
  role: z.enum(['input', 'output']),
  kind: artefactKindSchema,
  at: z.iso.datetime(),
  by: z.string().min(1).optional(),
  command: z.string().optional(),
  params: z.record(z.string(), z.string()),
  changes: changesSchema.optional(),
  materials: z.array(materialSchema),
  origin: originSchema.optional(),
  commitments: z.array(commitmentSchema),
  tool: z.object({ name: z.string().min(1), version: z.string().min(1) }),
})

/** What `bartizan data record` gives. */
export const recordResultSchema = z.strictObject({
  record: loggedRecordSchema,
  log: z.strictObject({ origin: z.string(), size: z.int(), root: sha256Schema }),
  statement: z.strictObject({
    predicateType: z.string(),
    subjects: z.array(z.strictObject({ name: z.string(), sha256: sha256Schema })),
  }),
  data: z.array(
    z.strictObject({
      name: z.string(),
      sha256: sha256Schema.optional(),
      root: sha256Schema,
      manifest: z.string(),
      bytes: z.int().nonnegative(),
      bytesRead: z.int().nonnegative(),
      chunks: z.int().nonnegative(),
      by: z.string().describe('what the chunks are: bytes, rows, row-groups or files'),
      rows: z.int().nonnegative().optional(),
      keptChunks: z.int().nonnegative().optional().describe('chunks of the earlier manifest, proved to be a prefix'),
      note: z.string().optional(),
    }),
  ),
  warnings: z.array(z.string()),
})

/** What `bartizan data prove` gives, whatever it was asked. */
export const proofResultSchema = z.strictObject({
  file: z.string(),
  root: sha256Schema,
  verdict: z.enum(['passed', 'failed']),
  asked: z.enum(['row', 'absent', 'withhold', 'unchanged', 'verify', 'prefix']),
  proofs: z.array(
    z.strictObject({
      about: z.string(),
      holds: z.boolean(),
      file: z.string().optional(),
    }),
  ),
  changes: z.array(z.strictObject({ kind: z.enum(['changed', 'missing', 'added', 'otherwise']), where: z.string() })),
})

export type ArtefactKind = z.infer<typeof artefactKindSchema>
export type Permission = z.infer<typeof permissionSchema>
export type Consent = DeepReadonly<z.infer<typeof consentSchema>>
export type Changes = DeepReadonly<z.infer<typeof changesSchema>>
export type LoggedRecord = DeepReadonly<z.infer<typeof loggedRecordSchema>>
export type DataRecord = DeepReadonly<z.infer<typeof dataRecordSchema>>
export type Description = DeepReadonly<z.infer<typeof descriptionSchema>>
export type RecordResult = DeepReadonly<z.infer<typeof recordResultSchema>>
export type ProofResult = DeepReadonly<z.infer<typeof proofResultSchema>>
