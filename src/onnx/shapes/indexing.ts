import { BartizanError } from '../../base/errors.ts'
import type { Dims } from '../types.ts'
import { checkedAxis } from './broadcast.ts'
import { defineShape, typedAs } from './rule.ts'

/** The axis is replaced by the shape of the indices. */
export const gather = defineShape({
  op: 'Gather',
  infer: ({ inputs: [x, indices], attributes, node }) => {
    if (!x?.dims || !indices?.dims) return [typedAs(x, undefined)]
    const axis = checkedAxis(attributes.int('axis', 0), x.dims.length, `Gather "${node.name}"`)
    return [typedAs(x, [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)])]
  },
})

export const gatherElements = defineShape({
  op: 'GatherElements',
  infer: ({ inputs: [x, indices] }) => [typedAs(x, indices?.dims)],
})

/** The last axis of the indices walks into the axes after the batch_dims. */
export const gatherND = defineShape({
  op: 'GatherND',
  infer: ({ inputs: [x, indices], attributes, node }) => {
    const depth = indices?.dims?.at(-1)
    if (!x?.dims || !indices?.dims || typeof depth !== 'number') return [typedAs(x, undefined)]
    const skipped = attributes.int('batch_dims', 0) + depth
    if (skipped > x.dims.length)
      throw new BartizanError('GRAPH_INVALID', `GatherND "${node.name}": ${skipped} indices into shape [${x.dims}]`)
    return [typedAs(x, [...indices.dims.slice(0, -1), ...x.dims.slice(skipped)])]
  },
})

/** As the data: only values change. */
export const scatter = defineShape({
  op: ['ScatterElements', 'ScatterND', 'TensorScatter', 'ReverseSequence'],
  infer: ({ inputs: [x] }) => [typedAs(x, x?.dims)],
})

export const compress = defineShape({
  op: 'Compress',
  infer: ({ inputs: [x], attributes, fresh, node }) => {
    const axis = attributes.int('axis')
    if (axis === undefined) return [typedAs(x, [fresh()])]
    const at = x?.dims && checkedAxis(axis, x.dims.length, `Compress "${node.name}"`)
    return [
      typedAs(
        x,
        x?.dims?.map((dim, i) => (i === at ? fresh() : dim)),
      ),
    ]
  },
})

/** One column a nonzero element. */
export const nonZero = defineShape({
  op: 'NonZero',
  infer: ({ inputs: [x], fresh }) => [{ dtype: 'int64', dims: [x?.dims?.length ?? fresh(), fresh()] }],
})

export const topK = defineShape({
  op: 'TopK',
  infer: ({ inputs: [x, k], attributes, fresh, node }) => {
    const axis = x?.dims && checkedAxis(attributes.int('axis', -1), x.dims.length, `TopK "${node.name}"`)
    const dims = x?.dims?.map((dim, i) => (i === axis ? (k?.elements?.[0] ?? fresh()) : dim))
    return [typedAs(x, dims), { dtype: 'int64', dims }]
  },
})

/** A new axis of size depth, in the type of the on and off values. */
export const oneHot = defineShape({
  op: 'OneHot',
  infer: ({ inputs: [indices, depth, values], attributes, fresh, node }) => {
    if (!indices?.dims) return [typedAs(values, undefined)]
    const rank = indices.dims.length + 1
    const axis = checkedAxis(attributes.int('axis', -1), rank, `OneHot "${node.name}"`)
    const size = depth?.elements?.[0] ?? depthOf(depth?.constant?.data) ?? fresh()
    return [typedAs(values, indices.dims.toSpliced(axis, 0, size))]
  },
})

/** The depth may be a float. */
const depthOf = (data: ArrayLike<number | bigint | string> | undefined): number | undefined =>
  data?.length === 1 ? Number(data[0]) : undefined

export const unique = defineShape({
  op: 'Unique',
  infer: ({ inputs: [x], attributes, fresh, node }) => {
    const axis = attributes.int('axis')
    const count = fresh()
    const at = axis !== undefined && x?.dims ? checkedAxis(axis, x.dims.length, `Unique "${node.name}"`) : undefined
    const dims: Dims | undefined = axis === undefined ? [count] : x?.dims?.map((dim, i) => (i === at ? count : dim))
    const indices = { dtype: 'int64', dims: [count] } as const
    return [typedAs(x, dims), indices, { dtype: 'int64', dims: [fresh()] }, indices]
  },
})

export const nonMaxSuppression = defineShape({
  op: 'NonMaxSuppression',
  infer: ({ fresh }) => [{ dtype: 'int64', dims: [fresh(), 3] }],
})
