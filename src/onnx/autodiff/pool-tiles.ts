import type { GraphBuilder, Value } from '../builder.ts'

/** A value that was put together from the positions of pooling tiles, and those positions as channel groups. */
export interface PoolTiles {
  /** [N, side² M, h, w]. */
  readonly positions: Value
  readonly side: number
}

/** The tiles that a DepthToSpace has assembled; undefined for any other value. */
export const tilesOf = (g: GraphBuilder, value: Value): PoolTiles | undefined => {
  const source = g.producer(value)
  const { blocksize, mode } = source?.attributes ?? {}
  const isDepthFirst = mode === undefined || (mode.type === 'string' && mode.value === 'DCR')
  if (source?.op !== 'DepthToSpace' || blocksize?.type !== 'int' || !isDepthFirst) return undefined
  return { positions: g.value(source.inputs[0]!), side: blocksize.value }
}
