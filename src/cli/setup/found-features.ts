import type { DataSet } from '../../data/index.ts'
import type { Spread } from './spread.ts'

/** A column, and what may be true of it. */
export interface FoundFeature {
  readonly name: string
  readonly range: readonly [number, number]
  readonly step?: number
  /** All values that were seen, where they are few whole numbers. */
  readonly values?: readonly number[]
}

/** More columns than one reads. */
const mostColumns = 200

/** Fewer different values are a flag or a category, not a count. */
const fewValues = 6

/** Ranges and whole numbers of the columns of a table, scaled as the model is fed; undefined for anything else. */
export const foundFeatures = (
  { columns, shape }: Pick<DataSet, 'columns' | 'shape'>,
  spread: Spread,
  scale: number,
): readonly FoundFeature[] | undefined => {
  if (!columns || shape.length !== 1 || columns.length > mostColumns) return undefined
  return columns.map((name, at): FoundFeature => {
    const { low, high, whole, distinct } = spread.columns[at]!
    const range = [low * scale, high * scale] as const
    if (!whole || scale !== 1) return { name, range }
    if (distinct && distinct.size <= fewValues && distinct.size > 1)
      return { name, range, step: 1, values: [...distinct].sort((a, b) => a - b) }
    return { name, range, step: 1 }
  })
}
