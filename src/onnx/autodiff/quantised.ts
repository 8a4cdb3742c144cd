import type { AttributeReader } from '../attributes.ts'
import type { GraphBuilder, Value } from '../builder.ts'
import { normalAxis } from '../shapes/broadcast.ts'
import type { DType, Node } from '../types.ts'
import { rangeOf } from './shape-vector.ts'
import { neededRank, unsupportedGradient } from './unsupported.ts'

/** Smallest and largest value of the types that QuantizeLinear writes. */
const ranges: Partial<Record<DType, readonly [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
  uint4: [0, 15],
  int4: [-8, 7],
  uint2: [0, 3],
  int2: [-2, 1],
  float8e4m3fn: [-448, 448],
  float8e4m3fnuz: [-240, 240],
  float8e5m2: [-57344, 57344],
  float8e5m2fnuz: [-57344, 57344],
  float4e2m1: [-6, 6],
}

/** The smallest and largest value of a type that values are quantised to. */
export const quantisedRange = (node: Node, dtype: DType): readonly [number, number] => {
  const range = ranges[dtype]
  if (range) return range
  throw unsupportedGradient(node, `isn't known for values of type ${dtype}`)
}

/** A scale or zero point (one for all, one an entry of an axis, or one a block of an axis) shaped to broadcast against X. */
export const spreadOver = (
  g: GraphBuilder,
  node: Node,
  attributes: AttributeReader,
  parameter: Value,
  X: Value,
): Value => {
  const blockSize = attributes.int('block_size', 0)
  if (blockSize === 0 && parameter.dims?.length === 0) return parameter
  const rank = neededRank(node, X)
  const axis = normalAxis(attributes.int('axis', 1), rank)
  if (blockSize > 0) return g.gather(parameter, g.ints(blocksOf(node, X, axis, blockSize)), axis)
  const after = rank - 1 - axis
  if (parameter.dims?.[0] === 1 || after <= 0) return parameter
  return g.unsqueeze(
    parameter,
    rangeOf(after).map((i) => i + 1),
  )
}

/** The block that each position of the axis falls into. */
const blocksOf = (node: Node, X: Value, axis: number, blockSize: number): readonly number[] => {
  const size = X.dims?.[axis]
  if (typeof size !== 'number') throw unsupportedGradient(node, `needs a fixed size of axis ${axis} of "${X.name}"`)
  return rangeOf(size).map((i) => Math.floor(i / blockSize))
}
