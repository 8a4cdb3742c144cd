import { BartizanError } from '../../base/errors.ts'
import type { Dims } from '../types.ts'
import { defineShape, type ShapeRequest, typedAs } from './rule.ts'
import { transposedDims, windowDims, windowOf } from './window.ts'

const pooledDims = ({ inputs: [x], attributes, fresh, node }: ShapeRequest): Dims | undefined => {
  const where = `${node.op} "${node.name}"`
  if (!x?.dims) return undefined
  if (x.dims.length < 3) throw new BartizanError('GRAPH_INVALID', `${where}: shape [${x.dims}] has no spatial axes`)
  const window = windowOf(attributes, x.dims.length - 2, where)
  const ceil = attributes.int('ceil_mode', 0) === 1
  return [...x.dims.slice(0, 2), ...windowDims(x.dims.slice(2), window, fresh, where, ceil)]
}

export const pool = defineShape({
  op: ['AveragePool', 'LpPool'],
  infer: (request) => [typedAs(request.inputs[0], pooledDims(request))],
})

/** The second output holds where each maximum lies. */
export const maxPool = defineShape({
  op: 'MaxPool',
  infer: (request) => {
    const dims = pooledDims(request)
    return [typedAs(request.inputs[0], dims), { dtype: 'int64', dims }]
  },
})

export const globalPool = defineShape({
  op: ['GlobalAveragePool', 'GlobalLpPool', 'GlobalMaxPool'],
  infer: ({ inputs: [x] }) => [
    typedAs(
      x,
      x?.dims?.map((dim, axis) => (axis < 2 ? dim : 1)),
    ),
  ],
})

/** The size before pooling is what the third input says, or the smallest that the window fits. */
export const maxUnpool = defineShape({
  op: 'MaxUnpool',
  infer: ({ inputs: [x, , shape], attributes, fresh, node }) => {
    if (shape) return [typedAs(x, shape.elements ?? x?.dims?.map(fresh))]
    if (!x?.dims) return [typedAs(x, undefined)]
    const window = windowOf(attributes, x.dims.length - 2, `MaxUnpool "${node.name}"`)
    return [typedAs(x, [...x.dims.slice(0, 2), ...transposedDims(x.dims.slice(2), window, attributes, fresh)])]
  },
})

export const roiAlign = defineShape({
  op: 'RoiAlign',
  infer: ({ inputs: [x, rois], attributes, fresh }) => [
    typedAs(x, [
      rois?.dims?.[0] ?? fresh(),
      x?.dims?.[1] ?? fresh(),
      attributes.int('output_height', 1),
      attributes.int('output_width', 1),
    ]),
  ],
})

export const maxRoiPool = defineShape({
  op: 'MaxRoiPool',
  infer: ({ inputs: [x, rois], attributes, fresh }) => [
    typedAs(x, [rois?.dims?.[0] ?? fresh(), x?.dims?.[1] ?? fresh(), ...(attributes.ints('pooled_shape') ?? [])]),
  ],
})
