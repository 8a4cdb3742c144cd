import { BartizanError } from '../../base/errors.ts'
import type { Dim } from '../types.ts'
import { checkedAxis, sameDim } from './broadcast.ts'
import { defineShape, typedAs } from './rule.ts'
import { over, plus } from './size.ts'

export const concat = defineShape({
  op: 'Concat',
  infer: ({ inputs, attributes, fresh, node }) => {
    const where = `Concat "${node.name}"`
    const ranked = inputs.filter((x) => x?.dims)
    const rank = ranked[0]?.dims?.length
    if (rank === undefined) return [typedAs(inputs[0], undefined)]
    const axis = checkedAxis(attributes.int('axis', 0), rank, where)
    const problem = () => `${where}: shapes ${ranked.map((x) => `[${x?.dims}]`).join(' and ')} don't fit together`
    if (ranked.some((x) => x?.dims?.length !== rank)) throw new BartizanError('GRAPH_INVALID', problem())
    const sum = inputs.reduce<Dim | undefined>((total, x) => {
      const size = x?.dims?.[axis]
      return total === undefined || size === undefined ? undefined : plus(total, size)
    }, 0)
    const column = (i: number) => ranked.map((x) => x!.dims![i]!).reduce((a, b) => sameDim(a, b, problem))
    const dims = Array.from({ length: rank }, (_, i) => (i === axis ? (sum ?? fresh()) : column(i)))
    return [
      typedAs(
        inputs.find((x) => x && x.dtype !== 'undefined'),
        dims,
      ),
    ]
  },
})

/** Sizes from the second input, or equal parts: rounded up, with the last one smaller (num_outputs, opset 18). */
export const split = defineShape({
  op: 'Split',
  infer: ({ inputs: [x, sizes], attributes, outputCount, fresh, node }) => {
    const dims = x?.dims
    if (!dims) return Array.from({ length: outputCount }, () => typedAs(x, undefined))
    const axis = checkedAxis(attributes.int('axis', 0), dims.length, `Split "${node.name}"`)
    const parts = attributes.int('num_outputs', outputCount)
    const length = (i: number) => (sizes ? sizes.elements?.[i] : equalPart(dims[axis]!, parts, i)) ?? fresh()
    return Array.from({ length: outputCount }, (_, i) => typedAs(x, dims.with(axis, length(i))))
  },
})

const equalPart = (size: Dim, parts: number, i: number): Dim | undefined => {
  if (typeof size === 'string') return over(size, parts)
  const part = Math.ceil(size / parts)
  return Math.max(0, Math.min(part, size - i * part))
}
