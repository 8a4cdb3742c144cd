import type { Norm } from '../../contract/index.ts'
import { median } from '../../stats/index.ts'

export interface Budgets {
  readonly norm: Norm
  readonly epsilon: readonly (number | string)[]
}

/** Two significant digits: a budget is a choice, not a measurement. */
const rounded = (value: number): number => Number(value.toPrecision(2))

/**
 * Budgets in Linf to begin with. Colour images: the customary 2, 4 and 8 of 255. Grey ones and sequences, which are
 * mostly of high contrast: 0.1, 0.2 and 0.3 of the range. Tables: 0.1, 0.25 and 0.5 standard deviations of a typical
 * feature.
 */
export const budgetsFor = (
  dims: readonly number[],
  range: readonly [number, number],
  deviations: Float64Array,
): Budgets => {
  const width = range[1] - range[0]
  if (dims.length === 3 && (dims[0] === 3 || dims[2] === 3))
    return {
      norm: 'linf',
      epsilon: [2, 4, 8].map((bytes) => (width === 1 ? `${bytes}/255` : rounded((bytes / 255) * width))),
    }
  if (dims.length > 1) return { norm: 'linf', epsilon: [0.1, 0.2, 0.3].map((share) => rounded(share * width)) }
  const varying = [...deviations].filter((deviation) => deviation > 0)
  const typical = varying.length === 0 ? width : median(varying)
  return { norm: 'linf', epsilon: [0.1, 0.25, 0.5].map((share) => rounded(share * typical)) }
}

/** How many times wider the most spread feature of a table is than the least spread one. */
export const unevenness = (deviations: Float64Array): number => {
  const varying = deviations.filter((deviation) => deviation > 0)
  if (varying.length === 0) return 1
  return varying.reduce((a, b) => Math.max(a, b)) / varying.reduce((a, b) => Math.min(a, b))
}
