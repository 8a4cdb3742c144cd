import { BartizanError } from '../../base/errors.ts'
import type { Dim, Dims } from '../types.ts'
import { broadcastDims, checkedAxis } from './broadcast.ts'
import { defineShape, type Known, openDims, type ShapeRequest, typedAs } from './rule.ts'
import { isFresh, over, times } from './size.ts'

/** Sizes from an integer vector: unknown ones of a known count where only its length is known. */
const sizesFrom = (shape: Known | undefined, fresh: () => Dim): Dims | undefined =>
  shape?.elements ?? openDims(shape?.dims?.[0], fresh)

/** 0 keeps a size (unless allowzero), -1 stands for the rest. */
export const reshape = defineShape({
  op: 'Reshape',
  infer: ({ inputs: [x, shape], attributes, fresh, node }) => {
    const wanted = sizesFrom(shape, fresh)
    if (!wanted) return [typedAs(x, undefined)]
    const keepsZero = attributes.int('allowzero', 0) === 1
    const sizes = wanted.map((dim, axis) => (dim === 0 && !keepsZero ? (x?.dims?.[axis] ?? fresh()) : dim))
    return [typedAs(x, x?.dims ? solved(sizes, x.dims, fresh, node.name) : sizes.map((d) => (d === -1 ? fresh() : d)))]
  },
})

/** Fills in the one size that follows from the others: -1, or a size of unknown name. */
const solved = (sizes: Dims, from: Dims, fresh: () => Dim, where: string): Dims => {
  const wrong = () =>
    new BartizanError('GRAPH_INVALID', `Reshape "${where}": shape [${from}] can't be read as [${sizes}]`)
  const open = sizes.flatMap((dim, axis) => (dim === -1 ? [axis] : []))
  const unnamed = sizes.flatMap((dim, axis) => (isFresh(dim) ? [axis] : []))
  const missing = open.length > 0 ? open : unnamed
  const isKnown = (dims: Dims) => dims.every((dim) => typeof dim === 'number')
  if (open.length > 1) throw wrong()
  if (missing.length !== 1) {
    if (missing.length === 0 && isKnown(sizes) && isKnown(from) && times(sizes) !== times(from)) throw wrong()
    return sizes
  }
  const others = sizes.filter((_, axis) => axis !== missing[0])
  const [all, rest] = [times(from), times(others)]
  const left = all === undefined || rest === undefined ? undefined : over(all, rest)
  if (left === undefined && isKnown(from) && isKnown(others) && rest !== 0) throw wrong()
  return sizes.map((dim, axis) => (axis === missing[0] ? (left ?? (dim === -1 ? fresh() : dim)) : dim))
}

/** Two axes: those before `axis`, and the rest. */
export const flatten = defineShape({
  op: 'Flatten',
  infer: ({ inputs: [x], attributes, fresh, node }) => {
    if (!x?.dims) return [typedAs(x, [fresh(), fresh()])]
    const axis = attributes.int('axis', 1)
    const at = axis === x.dims.length ? axis : checkedAxis(axis, x.dims.length, `Flatten "${node.name}"`)
    return [typedAs(x, [times(x.dims.slice(0, at)) ?? fresh(), times(x.dims.slice(at)) ?? fresh()])]
  },
})

const axesOf = ({ inputs: [, axes] }: ShapeRequest): readonly number[] | undefined =>
  axes?.elements?.every((axis) => typeof axis === 'number') ? (axes.elements as readonly number[]) : undefined

/** Without axes, every axis of size 1 goes: which those are must be known. */
export const squeeze = defineShape({
  op: 'Squeeze',
  infer: (request) => {
    const { inputs, node } = request
    const [x, axesInput] = inputs
    const axes = axesOf(request)
    if (!x?.dims || (axesInput && !axes)) return [typedAs(x, undefined)]
    const { dims } = x
    if (!axes)
      return [typedAs(x, dims.every((dim) => typeof dim === 'number') ? dims.filter((dim) => dim !== 1) : undefined)]
    const gone = new Set(axes.map((axis) => checkedAxis(axis, dims.length, `Squeeze "${node.name}"`)))
    for (const axis of gone)
      if (typeof dims[axis] === 'number' && dims[axis] !== 1)
        throw new BartizanError('GRAPH_INVALID', `Squeeze "${node.name}": axis ${axis} of shape [${dims}] isn't 1`)
    return [
      typedAs(
        x,
        dims.filter((_, axis) => !gone.has(axis)),
      ),
    ]
  },
})

export const unsqueeze = defineShape({
  op: 'Unsqueeze',
  infer: (request) => {
    const { inputs, node } = request
    const x = inputs[0]
    const axes = axesOf(request)
    if (!x?.dims || !axes) return [typedAs(x, undefined)]
    const rank = x.dims.length + axes.length
    const added = new Set(axes.map((axis) => checkedAxis(axis, rank, `Unsqueeze "${node.name}"`)))
    const rest = x.dims[Symbol.iterator]()
    return [
      typedAs(
        x,
        Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.next().value ?? 1))),
      ),
    ]
  },
})

/** Axes in the order of perm; reversed without it. */
export const transpose = defineShape({
  op: 'Transpose',
  infer: ({ inputs: [x], attributes, node }) => {
    const perm = attributes.ints('perm')
    const dims = x?.dims
    if (!dims) return [typedAs(x, undefined)]
    if (perm && (perm.length !== dims.length || new Set(perm).size !== perm.length))
      throw new BartizanError('GRAPH_INVALID', `Transpose "${node.name}": perm [${perm}] for shape [${dims}]`)
    const at = (axis: number) => dims[checkedAxis(axis, dims.length, `Transpose "${node.name}"`)]!
    return [typedAs(x, perm ? perm.map(at) : dims.toReversed())]
  },
})

/** Broadcasts both ways: a 1 in the wanted shape keeps the axis. */
export const expand = defineShape({
  op: 'Expand',
  infer: ({ inputs: [x, shape], fresh, node }) => [
    typedAs(x, broadcastDims([x?.dims, sizesFrom(shape, fresh)], `Expand "${node.name}"`)),
  ],
})
