import { BartizanError } from '../../base/errors.ts'
import type { Dims } from '../types.ts'
import { sameDim } from './broadcast.ts'
import { defineShape, type Known, openDims, type ShapeRequest, typedAs } from './rule.ts'
import { times } from './size.ts'
import { transposedDims, windowDims, windowOf } from './window.ts'

/** [N, M, spatial …] from X [N, C, spatial …] and W [M, C / group, kernel …]. */
const convDims = (x: Known | undefined, w: Known | undefined, request: ShapeRequest): Dims | undefined => {
  const { attributes, fresh, node } = request
  const where = `${node.op} "${node.name}"`
  if (!x?.dims) return undefined
  const spatial = x.dims.length - 2
  const problem = () => `${where}: X has shape [${x.dims}], W [${w?.dims}]`
  if (spatial < 1 || (w?.dims && w.dims.length !== x.dims.length)) throw new BartizanError('GRAPH_INVALID', problem())
  const channels = w?.dims && times([w.dims[1]!, attributes.int('group', 1)])
  if (channels !== undefined) sameDim(x.dims[1]!, channels, problem)
  if (!w?.dims && !attributes.has('kernel_shape')) return [x.dims[0]!, ...x.dims.slice(1).map(fresh)]
  const window = windowOf(attributes, spatial, where, w?.dims?.slice(2))
  return [x.dims[0]!, w?.dims?.[0] ?? fresh(), ...windowDims(x.dims.slice(2), window, fresh, where)]
}

export const conv = defineShape({
  op: 'Conv',
  infer: (request) => [typedAs(request.inputs[0], convDims(request.inputs[0], request.inputs[1], request))],
})

export const convInteger = defineShape({
  op: 'ConvInteger',
  infer: (request) => [{ dtype: 'int32', dims: convDims(request.inputs[0], request.inputs[1], request) }],
})

/** Inputs: x, its scale and zero point, w, its scale and zero point, y's scale and zero point, B. */
export const qLinearConv = defineShape({
  op: 'QLinearConv',
  infer: (request) => [typedAs(request.inputs[7], convDims(request.inputs[0], request.inputs[3], request))],
})

export const deformConv = defineShape({
  op: 'DeformConv',
  infer: (request) => [typedAs(request.inputs[0], convDims(request.inputs[0], request.inputs[1], request))],
})

export const fusedConv = defineShape({
  op: 'FusedConv',
  domain: 'com.microsoft',
  infer: conv.infer,
})

/** W is [C, M / group, kernel …]. */
export const convTranspose = defineShape({
  op: 'ConvTranspose',
  infer: ({ inputs: [x, w], attributes, fresh, node }) => {
    const where = `ConvTranspose "${node.name}"`
    if (!x?.dims) return [typedAs(x, undefined)]
    const spatial = x.dims.length - 2
    const problem = () => `${where}: X has shape [${x.dims}], W [${w?.dims}]`
    if (spatial < 1 || (w?.dims && w.dims.length !== x.dims.length)) throw new BartizanError('GRAPH_INVALID', problem())
    if (w?.dims) sameDim(x.dims[1]!, w.dims[0]!, problem)
    if (!w?.dims && !attributes.has('kernel_shape')) return [typedAs(x, [x.dims[0]!, ...x.dims.slice(1).map(fresh)])]
    const window = windowOf(attributes, spatial, where, w?.dims?.slice(2))
    const channels = (w?.dims && times([w.dims[1]!, attributes.int('group', 1)])) ?? fresh()
    return [typedAs(x, [x.dims[0]!, channels, ...transposedDims(x.dims.slice(2), window, attributes, fresh)])]
  },
})

/** [N, C, image …] from [N, C * block size, blocks]. */
export const col2Im = defineShape({
  op: 'Col2Im',
  infer: ({ inputs: [x, image, block], fresh }) => {
    const spatial = image?.elements ?? openDims(image?.dims?.[0], fresh)
    if (!spatial) return [typedAs(x, undefined)]
    const columns = x?.dims?.[1]
    const size = block?.elements && times(block.elements)
    const channels = typeof columns === 'number' && typeof size === 'number' ? columns / size : fresh()
    return [typedAs(x, [x?.dims?.[0] ?? fresh(), channels, ...spatial])]
  },
})
