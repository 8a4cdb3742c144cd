import { BartizanError } from '../../base/errors.ts'
import { tensor, toNumbers } from '../tensor.ts'
import { type Dim, type DType, dtypes, type Node, type Tensor } from '../types.ts'
import { normalAxis } from './broadcast.ts'
import { defineShape, type Known, openDims, typedAs, unknown } from './rule.ts'
import { times } from './size.ts'

/** The element type that an attribute such as `to` names by its code. */
const dtypeOf = (code: number | undefined, node: Node): DType => {
  const dtype = code === undefined ? 'undefined' : dtypes[code]
  if (!dtype)
    throw new BartizanError('GRAPH_INVALID', `${node.op} "${node.name}" names the unknown element type ${code}`)
  return dtype
}

/** The shape as a value, all of it or from axis start to end (opset 15). */
export const shape = defineShape({
  op: 'Shape',
  infer: ({ inputs: [x], attributes, fresh }) => {
    const rank = x?.dims?.length
    if (!x?.dims || rank === undefined) return [{ dtype: 'int64', dims: [fresh()] }]
    const bound = (axis: number) => Math.min(Math.max(normalAxis(axis, rank), 0), rank)
    const elements = x.dims.slice(bound(attributes.int('start', 0)), bound(attributes.int('end', rank)))
    return [{ dtype: 'int64', dims: [elements.length], elements }]
  },
})

export const size = defineShape({
  op: 'Size',
  infer: ({ inputs: [x] }) => {
    const count = x?.dims && times(x.dims)
    return [{ dtype: 'int64', dims: [], ...(count !== undefined && { elements: [count] }) }]
  },
})

export const constantOfShape = defineShape({
  op: 'ConstantOfShape',
  infer: ({ inputs: [dims], attributes, fresh }) => [
    {
      dtype: attributes.tensor('value')?.dtype ?? 'float32',
      dims: dims?.elements ?? openDims(dims?.dims?.[0], fresh),
    },
  ],
})

/** start, limit, delta: as many steps as fit before the limit. */
export const range = defineShape({
  op: 'Range',
  infer: ({ inputs: [start, limit, delta], fresh }) => [typedAs(start, [rangeSize(start, limit, delta) ?? fresh()])],
})

const rangeSize = (start?: Known, limit?: Known, delta?: Known): Dim | undefined => {
  const [from, to, step] = [start, limit, delta].map(
    (x) => x?.elements?.[0] ?? (x?.constant && toNumbers(x.constant)[0]),
  )
  if (from === undefined || to === undefined || step === undefined) return undefined
  if (from === 0 && step === 1) return to
  if (typeof from === 'string' || typeof to === 'string' || typeof step === 'string') return undefined
  return Math.max(0, Math.ceil((to - from) / step))
}

export const constant = defineShape({
  op: 'Constant',
  infer: ({ attributes }) => {
    const value = attributes.tensor('value') ?? listed(attributes.ints('value_ints'), attributes.floats('value_floats'))
    return [value ? { dtype: value.dtype, dims: value.dims, constant: value } : unknown]
  },
})

const listed = (ints?: readonly number[], floats?: readonly number[]): Tensor | undefined =>
  ints ? tensor('int64', [ints.length], ints) : floats && tensor('float32', [floats.length], floats)

export const cast = defineShape({
  op: ['Cast', 'BitCast'],
  infer: ({ inputs: [x], attributes, node }) => [{ dtype: dtypeOf(attributes.int('to'), node), dims: x?.dims }],
})

export const castLike = defineShape({
  op: 'CastLike',
  infer: ({ inputs: [x, like] }) => [typedAs(like, x?.dims)],
})

/** As the input in shape; the type may be asked for. */
export const like = defineShape({
  op: ['EyeLike', 'RandomNormalLike', 'RandomUniformLike', 'Bernoulli'],
  infer: ({ inputs: [x], attributes, node }) => {
    const code = attributes.int('dtype')
    return [{ dtype: code === undefined ? (x?.dtype ?? 'undefined') : dtypeOf(code, node), dims: x?.dims }]
  },
})

export const random = defineShape({
  op: ['RandomNormal', 'RandomUniform'],
  infer: ({ attributes, node }) => [
    { dtype: dtypeOf(attributes.int('dtype', 1), node), dims: attributes.ints('shape') },
  ],
})

export const multinomial = defineShape({
  op: 'Multinomial',
  infer: ({ inputs: [x], attributes, fresh, node }) => [
    {
      dtype: dtypeOf(attributes.int('dtype', dtypes.indexOf('int32')), node),
      dims: [x?.dims?.[0] ?? fresh(), attributes.int('sample_size', 1)],
    },
  ],
})
