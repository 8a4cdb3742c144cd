import { BartizanError } from '../../base/errors.ts'
import type { Dim, Dims } from '../types.ts'

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
    return column.reduce((a, b) => broadcastDim(a, b, known, where))
  })
}

const broadcastDim = (a: Dim, b: Dim, shapes: readonly Dims[], where: string): Dim => {
  if (a === b || b === 1) return a
  if (a === 1) return b
  if (typeof a === 'string') return b
  if (typeof b === 'string') return a
  throw new BartizanError('GRAPH_INVALID', `${where}: shapes ${shapes.map((s) => `[${s}]`).join(' and ')} don't agree`)
}

/** An axis counted from the end made one from the start. */
export const normalAxis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)
