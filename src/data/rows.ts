import { BartizanError } from '../base/errors.ts'
import { type RowRange, rowRangeSchema } from '../contract/config-scalars.ts'

/** Parses "A:B" of `--rows`: rows A to B - 1, counted from 0; either side may be left out. Throws USAGE. */
export const splitRows = (text: string): RowRange => {
  const parsed = rowRangeSchema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new BartizanError('USAGE', parsed.error.issues[0]?.message ?? `"${text}" isn't a row range`, {
    hint: 'rows count from 0 and the end is not included: 0:256 are the first 256 rows',
    data: { rows: text },
  })
}

/** A range within `count` rows; throws DATA_SHAPE_MISMATCH where it reaches beyond, and for an empty data set. */
export const resolveRows = (path: string, count: number, range: Partial<RowRange> = {}) => {
  if (count === 0)
    throw new BartizanError('DATA_CORRUPT', `${path} is empty: it holds no rows`, {
      hint: 'check how the file was written',
      data: { path },
    })
  const { from = 0, to = count } = range
  if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= count) return { from, to }
  throw new BartizanError('DATA_SHAPE_MISMATCH', `rows ${from}:${to} were asked for, ${path} holds ${count}`, {
    hint: `choose rows within 0:${count}`,
    data: { path, from, to, count },
  })
}
