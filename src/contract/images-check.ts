import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { checkResultSchema } from './validation.ts'

/** Raised when a reader of an older result would misread a newer one. */
export const imagesCheckSchemaVersion = 1

export const imageFindingSchema = z.strictObject({
  image: z.string().describe('file relative to the folder, or "row 3" of an array'),
  kind: z.enum([
    'undecodable',
    'not-an-image',
    'too-large',
    'wrong-extension',
    'animated',
    'blank',
    'orientation',
    'location',
    'not-finite',
    'size',
    'channels',
  ]),
  message: z.string(),
})

const alikeSchema = z.strictObject({
  image: z.string(),
  other: z.string(),
  equal: z.boolean().describe('whether the files (or rows) are the same, byte for byte'),
  pHash: z.int().min(0).max(64).describe('differing bits of the DCT hashes'),
  dHash: z.int().min(0).max(64).describe('differing bits of the difference hashes'),
  correlation: z.number().describe('of the grey pixels at 32 x 32'),
})

/** What `bartizan data images` prints with --json. */
export const imagesCheckSchema = z.strictObject({
  schemaVersion: z.literal(imagesCheckSchemaVersion),
  path: z.string(),
  against: z.string().optional(),
  images: z.int().nonnegative(),
  verdict: z.enum(['passed', 'failed', 'inconclusive']),
  checks: z.array(checkResultSchema),
  findings: z.array(imageFindingSchema).describe('every image with something wrong'),
  duplicates: z.array(alikeSchema),
  leaked: z.array(alikeSchema),
  metadata: z.int().nonnegative().describe('images that carry EXIF, XMP or IPTC'),
  notCompared: z.int().nonnegative().describe('images of either set that could not be compared with others'),
})

export type ImagesCheckResult = DeepReadonly<z.infer<typeof imagesCheckSchema>>
