import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { figureSchema } from './figure.ts'

const severitySchema = z.int().min(1).max(5)

/** One row under every corruption; `picture` and `clean` name pictures that the HTML report gets apart from report.json. */
export const corruptionStripSchema = z.strictObject({
  row: z.int().nonnegative(),
  label: z.int(),
  severity: severitySchema,
  clean: z.string(),
  corrupted: z.array(z.strictObject({ attack: z.string(), predicted: z.int(), picture: z.string() })),
})

/**
 * Accuracy under common corruptions (Hendrycks and Dietterich 2019, arXiv:1903.12261): shares of all rows that are
 * predicted as labelled both clean and corrupted.
 */
export const corruptionsSchema = z.strictObject({
  severities: z.array(severitySchema).min(1),
  rows: z.int().positive(),
  table: z
    .array(
      z.strictObject({
        attack: z.string(),
        accuracies: z.array(z.strictObject({ severity: severitySchema, accuracy: figureSchema, probe: z.string() })),
        mean: figureSchema.describe('over the severities'),
      }),
    )
    .min(1),
  bySeverity: z
    .array(z.strictObject({ severity: severitySchema, accuracy: figureSchema }))
    .describe('mean over the corruptions'),
  mean: figureSchema.describe('over corruptions and severities'),
  worst: z.string().describe('the corruption with the lowest mean'),
  strip: corruptionStripSchema.optional(),
})

export type CorruptionStrip = DeepReadonly<z.infer<typeof corruptionStripSchema>>
export type Corruptions = DeepReadonly<z.infer<typeof corruptionsSchema>>
