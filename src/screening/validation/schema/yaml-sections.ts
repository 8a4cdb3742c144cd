import { z } from 'zod'

const name = z.string().min(1)
const names = z.array(name).min(1)
const count = z.int().nonnegative()
const share = z.number().min(0).max(1)
const graded = { severity: z.enum(['error', 'warning']).optional(), message: name.optional() }

/** A label or an allowed value: text or a number. */
const value = z.custom<string | number>(
  (found) => typeof found === 'string' || (typeof found === 'number' && Number.isFinite(found)),
  { error: 'expected text or a number' },
)

const duplicatesSection = z.strictObject({
  ignore: names.optional(),
  target: name.optional(),
  text: names.optional(),
  'near-rows': z.boolean().optional(),
  'at-most': share.optional(),
  similarity: share.optional(),
  ...graded,
})

const leakageSection = z.strictObject({
  file: name,
  ignore: names.optional(),
  target: name.optional(),
  time: name.optional(),
  text: names.optional(),
  similarity: share.optional(),
  ...graded,
})

const labelsSection = z.strictObject({
  column: name.optional(),
  array: name.optional(),
  file: name.optional(),
  classes: z.array(value).min(1).optional(),
  'min-count': count.optional(),
  'min-share': share.optional(),
  reference: name.optional(),
  'max-change': share.optional(),
  'max-class-change': share.optional(),
  ...graded,
})

const imagesSection = z.strictObject({
  array: name.optional(),
  size: z.array(z.int().positive()).length(2).optional(),
  channels: z.union([z.literal(1), z.literal(3)]).optional(),
  'max-pixels': z.int().positive().optional(),
  duplicates: share.optional(),
  ...graded,
})

const dtypes = [
  'bool',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float16',
  'float32',
  'float64',
] as const

const arraySection = z.strictObject({
  dtype: z.enum(dtypes).optional(),
  /** Sizes of all axes, rows first; "any" for one that may vary. */
  shape: z
    .array(z.union([count, z.literal('any')]))
    .min(1)
    .optional(),
  'min-rows': count.optional(),
  'max-rows': count.optional(),
  finite: z.boolean().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  set: z.array(z.number()).min(1).optional(),
  'constant-columns': z.enum(['refuse', 'allow']).optional(),
  optional: z.boolean().optional(),
  ...graded,
})

/** What a schema asks beyond the columns of a table. */
export const yamlSections = {
  duplicates: duplicatesSection.optional(),
  leakage: z.array(leakageSection).min(1).optional(),
  labels: labelsSection.optional(),
  images: imagesSection.optional(),
  arrays: z.record(name, arraySection).optional(),
  'extra-arrays': z.enum(['refuse', 'allow']).optional(),
}

const sectionsSchema = z.object(yamlSections)

export type Sections = z.infer<typeof sectionsSchema>
export type LabelsSection = z.infer<typeof labelsSection>
export type ImagesSection = z.infer<typeof imagesSection>
export type ArraySection = z.infer<typeof arraySection>
