import { BartizanError } from '../../base/errors.ts'
import { featuresAt } from '../../models/features.ts'
import type { ScreenContext } from '../../threat/screen.ts'
import type { AnyOutlierDetector } from './detector.ts'
import { checkRows, type Rows } from './rows.ts'

/** What rows are compared by. */
export interface ComparedRows {
  readonly rows: Rows
  /** In the same space; none where there are no trusted rows, or no model that could tell their features. */
  readonly trusted: (() => Promise<Rows>) | undefined
}

/**
 * The rows or their features, all finite. Throws USAGE where features are asked for and there are none, and
 * DATA_OUT_OF_RANGE for a value that is NaN or infinite.
 */
export const spaceOf = (context: ScreenContext, space: string, { id }: AnyOutlierDetector): ComparedRows => {
  const { features, trusted, model, size } = context
  if (space === 'features' && !features)
    throw new BartizanError('USAGE', `${id} was to compare features, and no model gives any`, {
      hint: 'name the model, or compare the rows as they are: space=rows',
    })
  const rows =
    features && space !== 'rows'
      ? { values: features.values, rows: context.rows, width: features.width }
      : { values: context.x, rows: context.rows, width: size }
  checkRows(rows)
  const asStored = trusted && { values: trusted.x, rows: trusted.labels.length, width: size }
  if (asStored) checkRows(asStored)
  if (!features || space === 'rows') return { rows, trusted: asStored && (async () => asStored) }
  if (!asStored || !model) return { rows, trusted: undefined }
  const featuresOfTrusted = async (): Promise<Rows> => ({
    values: await featuresAt({ model }, asStored.values, asStored.rows),
    rows: asStored.rows,
    width: rows.width,
  })
  let found: Promise<Rows> | undefined
  return {
    rows,
    trusted: () => {
      found ??= featuresOfTrusted()
      return found
    },
  }
}
