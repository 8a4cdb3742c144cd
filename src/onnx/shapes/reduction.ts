import type { Dims } from '../types.ts'
import { normalAxis } from './broadcast.ts'
import { defineShape } from './rule.ts'

const reductions = ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare']

/** Reduce*, axes as an input (opset 18). */
export const reduce = defineShape({
  op: reductions.map((name) => `Reduce${name}`),
  infer: ({ inputs: [x, axes], attributes, fresh }) => {
    const keep = attributes.int('keepdims', 1) === 1
    const dtype = x?.dtype ?? 'undefined'
    if (!x?.dims || (axes && !axes.elements)) return [{ dtype, dims: keep ? x?.dims?.map(() => fresh()) : undefined }]
    const listed = (axes?.elements as readonly number[] | undefined) ?? []
    if (listed.length === 0 && attributes.int('noop_with_empty_axes', 0) === 1) return [{ dtype, dims: x.dims }]
    return [{ dtype, dims: reducedDims(x.dims, listed, keep) }]
  },
})

export const argReduce = defineShape({
  op: ['ArgMax', 'ArgMin'],
  infer: ({ inputs: [x], attributes }) => [
    {
      dtype: 'int64',
      dims: x?.dims && reducedDims(x.dims, [attributes.int('axis', 0)], attributes.int('keepdims', 1) === 1),
    },
  ],
})

const reducedDims = (dims: Dims, axes: readonly number[], keep: boolean): Dims => {
  const gone = new Set((axes.length > 0 ? axes : dims.map((_, i) => i)).map((axis) => normalAxis(axis, dims.length)))
  return keep ? dims.map((dim, i) => (gone.has(i) ? 1 : dim)) : dims.filter((_, i) => !gone.has(i))
}
