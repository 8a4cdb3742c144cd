import { BartizanError } from '../../base/errors.ts'
import type { Dim, Dims } from '../types.ts'
import { isFresh } from './size.ts'

/**
 * The shape of elementwise operators' results (numpy rules). Two different names are taken to be equal sizes, since a
 * graph that adds them says so; a name against a number above 1 is that number.
 */
export const broadcastDims = (shapes: readonly (Dims | undefined)[], where = 'broadcasting'): Dims | undefined => {
  if (shapes.some((dims) => !dims)) return undefined
  const known = shapes as readonly Dims[]
  const rank = Math.max(0, ...known.map((dims) => dims.length))
  return Array.from({ length: rank }, (_, axis) => {
    const column = known.map((dims) => dims[dims.length - rank + axis] ?? 1)
    return column.reduce((a, b) => {
      if (a === 1) return b
      if (b === 1) return a
      return sameDim(a, b, () => `${where}: shapes ${known.map((dims) => `[${dims}]`).join(' and ')} don't agree`)
    })
  })
}

/** The better known of two sizes that must be equal: a number, else a name that somebody gave. */
export const sameDim = (a: Dim, b: Dim, problem: () => string): Dim => {
  if (a === b) return a
  if (typeof a === 'string') return typeof b === 'number' || isFresh(a) ? b : a
  if (typeof b === 'string') return a
  throw new BartizanError('GRAPH_INVALID', problem())
}

/** An axis counted from the end made one from the start. */
export const normalAxis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)

/** `normalAxis`, refusing axes that the shape doesn't have. */
export const checkedAxis = (axis: number, rank: number, where: string): number => {
  const normal = normalAxis(axis, rank)
  if (!Number.isInteger(normal) || normal < 0 || normal >= rank)
    throw new BartizanError('GRAPH_INVALID', `${where}: axis ${axis} doesn't exist in a value of rank ${rank}`)
  return normal
}
