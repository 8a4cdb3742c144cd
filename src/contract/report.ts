import { z } from 'zod'
import { certifiedTreesSchema } from './certified-trees.ts'
import { batteryInfoSchema } from './config.ts'
import { corruptionsSchema } from './corruptions.ts'
import { findingSchema, gateSchema } from './decision.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import { endpointUseSchema } from './endpoint.ts'
import { figureSchema } from './figure.ts'
import { probeSchema } from './probe.ts'
import {
  cleanInfoSchema,
  dataInfoSchema,
  inputInfoSchema,
  modelInfoSchema,
  sha256Schema,
  threatInfoSchema,
} from './subject.ts'
import { taskSchema } from './task.ts'
import { normSchema } from './threat.ts'
import { transferMatrixSchema } from './transfer.ts'

/** Raised when a reader of an older report.json would misread a newer one. */
export const reportSchemaVersion = 1

/** Accuracy against the perturbation budget. The first point is at 0, the clean accuracy. */
export const curveSchema = z.strictObject({
  norm: normSchema,
  attack: z.string(),
  points: z.array(z.strictObject({ epsilon: z.number().nonnegative(), accuracy: figureSchema })),
})

/** Digests of whatever the report rests on, and where the signed statement about it lies. */
export const evidenceInfoSchema = z.strictObject({
  digests: z.array(z.strictObject({ name: z.string(), path: z.string().optional(), sha256: sha256Schema })),
  statement: z.string().optional().describe('path of the signed statement'),
  keyId: z.string().optional(),
})

/** Everything that differs between two runs on the same input: dates and durations, nowhere else (rule 13). */
export const timingSchema = z.strictObject({
  startedAt: z.string().optional().describe('ISO 8601, UTC'),
  seconds: z.number().nonnegative(),
  probes: z.record(z.string(), z.number().nonnegative()).describe('seconds by probe id'),
  machine: z.string().optional(),
  endpoint: endpointUseSchema.optional().describe('what was asked of an endpoint: it differs where a run is resumed'),
})

/** report.json of `bartizan assess`. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(reportSchemaVersion),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  config: z
    .strictObject({ path: z.string(), sha256: sha256Schema })
    .optional()
    .describe('absent when the run was described by flags alone'),
  seed: z.int(),
  model: modelInfoSchema,
  data: dataInfoSchema,
  input: inputInfoSchema,
  task: taskSchema.optional().describe('what the model predicts and when a row is broken; absent: classes'),
  threat: threatInfoSchema,
  clean: cleanInfoSchema,
  probes: z.array(probeSchema),
  curves: z.array(curveSchema),
  certified: z.array(certifiedTreesSchema).optional().describe('of an ensemble of trees, one entry a norm'),
  corruptions: corruptionsSchema.optional().describe('accuracy under common corruptions, where they were measured'),
  transfer: z.array(transferMatrixSchema).optional().describe('one a budget, where surrogates are given'),
  findings: z.array(findingSchema),
  gates: z.array(gateSchema),
  verdict: z.enum(['passed', 'failed']),
  exitCode: z.union([z.literal(0), z.literal(1)]),
  notRun: z.array(z.strictObject({ probe: z.string(), reason: z.string() })),
  battery: batteryInfoSchema.optional().describe('absent where the configuration lists its attacks'),
  evidence: evidenceInfoSchema,
  timing: timingSchema,
})

export type Curve = DeepReadonly<z.infer<typeof curveSchema>>
export type EvidenceInfo = DeepReadonly<z.infer<typeof evidenceInfoSchema>>
export type Timing = DeepReadonly<z.infer<typeof timingSchema>>
export type Report = DeepReadonly<z.infer<typeof reportSchema>>
