import { z } from 'zod'
import { numberOrFractionSchema, rowRangeSchema } from './config-scalars.ts'

export const shapeSchema = z.array(z.int().positive()).min(1)

/** Labelled rows in files. */
export const dataConfigSchema = z
  .strictObject({
    path: z.string().min(1).describe('rows: IDX, npy, npz, CSV, Parquet, JSONL or a folder of images'),
    labels: z.string().min(1).optional().describe('file that holds the labels'),
    label: z.string().min(1).optional().describe('column that holds the labels'),
    'label-columns': z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("columns that hold what is to be predicted, in the order of the model's outputs"),
    rows: rowRangeSchema.optional().describe('"A:B": rows A to B - 1, counted from 0'),
    columns: z.array(z.string().min(1)).min(1).optional().describe('columns to use as inputs, in order'),
    shape: shapeSchema.optional().describe('shape of one row, where the file holds flat rows'),
    scale: numberOrFractionSchema.optional().describe('multiplies the stored values, e.g. "1/255" for bytes'),
  })
  .refine(({ labels, label }) => labels === undefined || label === undefined, {
    path: ['label'],
    error: 'give labels (a file) or label (a column), not both',
  })
  .refine(({ labels, label, 'label-columns': several }) => several === undefined || (labels ?? label) === undefined, {
    path: ['label-columns'],
    error: 'give one of labels (a file), label (a column) and label-columns',
  })
