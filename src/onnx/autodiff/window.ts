import { BartizanError } from '../../base/errors.ts'
import type { AttributeReader } from '../attributes.ts'
import type { Value } from '../builder.ts'
import type { Dim, Node } from '../types.ts'

/** How a convolution or pooling window moves over the spatial axes; one entry an axis. */
export interface Window {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly padsBegin: readonly number[]
  readonly padsEnd: readonly number[]
}

/** Extent of a dilated kernel. */
export const extentOf = ({ kernel, dilations }: Window, axis: number): number =>
  (kernel[axis]! - 1) * dilations[axis]! + 1

export const fixedSizes = (value: Value, from = 0): readonly number[] | undefined => {
  const sizes = value.dims?.slice(from)
  return sizes?.every((dim) => typeof dim === 'number') ? (sizes as readonly number[]) : undefined
}

/** The window of a node over `X`, automatic padding resolved. Throws GRAPH_OP_UNSUPPORTED where that needs unknown sizes. */
export const windowOf = (node: Node, attributes: AttributeReader, kernel: readonly number[], X: Value): Window => {
  const rank = kernel.length
  const ones = kernel.map(() => 1)
  const strides = attributes.ints('strides', ones)
  const dilations = attributes.ints('dilations', ones)
  const mode = attributes.string('auto_pad', 'NOTSET')
  const pads = attributes.ints(
    'pads',
    [...kernel, ...kernel].map(() => 0),
  )
  const explicit = { kernel, strides, dilations, padsBegin: pads.slice(0, rank), padsEnd: pads.slice(rank) }
  if (mode === 'NOTSET') return explicit
  const none = { ...explicit, padsBegin: kernel.map(() => 0), padsEnd: kernel.map(() => 0) }
  if (mode === 'VALID') return none
  const sizes = X.dims?.slice(2) ?? kernel.map((): Dim => '?')
  const totals = kernel.map((_, axis) => samePadding(node, sizes[axis]!, strides[axis]!, extentOf(explicit, axis)))
  const smaller = totals.map((total) => Math.floor(total / 2))
  const larger = totals.map((total) => Math.ceil(total / 2))
  return mode === 'SAME_UPPER'
    ? { ...none, padsBegin: smaller, padsEnd: larger }
    : { ...none, padsBegin: larger, padsEnd: smaller }
}

/** Padding that makes the output ceil(size / stride) long; for stride 1 it doesn't depend on the size. */
const samePadding = (node: Node, size: Dim, stride: number, extent: number): number => {
  if (stride === 1) return extent - 1
  if (typeof size === 'number') return Math.max(0, (Math.ceil(size / stride) - 1) * stride + extent - size)
  throw new BartizanError(
    'GRAPH_OP_UNSUPPORTED',
    `automatic padding of ${node.op} node "${node.name}" needs a fixed image size`,
    {
      hint: 'export the model with fixed image sizes (only the batch axis dynamic)',
      data: { op: node.op, node: node.name },
    },
  )
}
