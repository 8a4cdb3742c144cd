import { BartizanError } from '../../base/errors.ts'
import type { AttributeReader } from '../attributes.ts'
import type { GraphBuilder, Value } from '../builder.ts'
import { normalAxis } from '../shapes/broadcast.ts'
import type { DType, Node } from '../types.ts'

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

export const rangeOf = (node: Node, dtype: DType): readonly [number, number] => {
  const range = ranges[dtype]
  if (range) return range
  throw new BartizanError(
    'GRAPH_OP_UNSUPPORTED',
    `no gradient rule for ${node.op} to ${dtype}, needed by "${node.name}"`,
    {
      data: { op: node.op, node: node.name },
    },
  )
}

/** A scale or zero point (one for all, one an entry of an axis, or one a block of an axis) shaped to broadcast against X. */
export const spread = (g: GraphBuilder, node: Node, attributes: AttributeReader, parameter: Value, X: Value): Value => {
  const blockSize = attributes.int('block_size', 0)
  const rank = X.dims?.length
  if (blockSize === 0 && parameter.dims?.length === 0) return parameter
  if (rank === undefined || !parameter.dims) throw unknown(node)
  const axis = normalAxis(attributes.int('axis', 1), rank)
  if (blockSize === 0) {
    const after = rank - 1 - axis
    return parameter.dims[0] === 1 || after <= 0
      ? parameter
      : g.unsqueeze(
          parameter,
          Array.from({ length: after }, (_, i) => i + 1),
        )
  }
  const size = X.dims?.[axis]
  if (typeof size !== 'number') throw unknown(node)
  const blocks = Array.from({ length: size }, (_, i) => Math.floor(i / blockSize))
  return g.gather(parameter, g.ints(blocks), axis)
}

const unknown = (node: Node): BartizanError =>
  new BartizanError('GRAPH_OP_UNSUPPORTED', `the gradient of ${node.op} node "${node.name}" needs known shapes`, {
    data: { op: node.op, node: node.name },
  })
