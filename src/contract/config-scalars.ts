import { z } from 'zod'

const fraction = /^\s*(\d+(?:\.\d+)?)\s*\/\s*(\d+(?:\.\d+)?)\s*$/

/** A number, or a fraction in quotes such as "8/255". */
export const numberOrFractionSchema = z
  .union([z.number(), z.string()], { error: 'expected a number or a fraction such as "8/255"' })
  .transform((written, context): number => {
    if (typeof written === 'number') return written
    const parts = fraction.exec(written)
    const value = parts === null ? Number.NaN : Number(parts[1]) / Number(parts[2])
    if (Number.isFinite(value)) return value
    context.issues.push({
      code: 'custom',
      input: written,
      message: `expected a number or a fraction such as "8/255", found "${written}"`,
    })
    return z.NEVER
  })

export interface RowRange {
  /** First row, from 0. */
  readonly from: number
  /** One past the last row; undefined: to the end. */
  readonly to: number | undefined
}

const rowsPattern = /^\s*(\d*)\s*:\s*(\d*)\s*$/

/** "A:B": rows A to B - 1, counted from 0; either side may be left out. */
export const rowRangeSchema = z
  .string({ error: 'expected rows as "A:B", for example "0:256"' })
  .transform((written, context): RowRange => {
    const parts = rowsPattern.exec(written)
    const from = Number(parts?.[1] || 0)
    const to = parts?.[2] ? Number(parts[2]) : undefined
    if (parts !== null && (to === undefined || to > from)) return { from, to }
    const message =
      parts === null
        ? `expected rows as "A:B", for example "0:256", found "${written}"`
        : `the row range "${written}" is empty: the end must be greater than the start`
    context.issues.push({ code: 'custom', input: written, message })
    return z.NEVER
  })
