import { z } from 'zod'
import { severitySchema } from './decision.ts'
import type { DeepReadonly } from './deep-readonly.ts'

/** Something dangerous or odd in a file, with its place. */
export const scanFindingSchema = z.strictObject({
  file: z.string().min(1).describe('path relative to what was scanned, with forward slashes'),
  rule: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .describe('stable id'),
  severity: severitySchema,
  where: z.string().describe('members of archives, tensors, lines, bytes; empty for the whole file'),
  line: z.int().positive().optional(),
  message: z.string(),
  hint: z.string(),
})

export const unscannedSchema = z.strictObject({
  file: z.string().min(1),
  where: z.string().optional(),
  reason: z.string(),
})

/** What `bartizan scan` found. What could not be looked into never passes. */
export const scanResultSchema = z
  .strictObject({
    path: z.string(),
    files: z.int().nonnegative(),
    bytes: z.int().nonnegative(),
    verdict: z.enum(['passed', 'failed', 'inconclusive']),
    failOn: severitySchema.describe('findings of this severity or worse fail'),
    findings: z.array(scanFindingSchema),
    unscanned: z.array(unscannedSchema),
  })
  .refine(({ verdict, files, unscanned }) => verdict !== 'passed' || (files > 0 && unscanned.length === 0), {
    path: ['verdict'],
    error: 'what was not looked into has not passed',
  })

export type ScanFinding = DeepReadonly<z.infer<typeof scanFindingSchema>>
export type Unscanned = DeepReadonly<z.infer<typeof unscannedSchema>>
export type ScanResult = DeepReadonly<z.infer<typeof scanResultSchema>>
