import { BartizanError } from '../../base/errors.ts'
import type { GraphBuilder, Value } from '../builder.ts'
import type { Node } from '../types.ts'
import { convAttributes } from './convolution-gradient.ts'
import { extentOf, fixedSizes, type Window } from './window.ts'

/** The side of square 2-D tiles that cover the image without overlap, padding or rest; undefined for other windows. */
export const blocks = (X: Value, { kernel, strides, dilations, padsBegin, padsEnd }: Window): number | undefined => {
  const sizes = fixedSizes(X, 2)
  const [side] = kernel
  const tiles =
    sizes?.length === 2 &&
    kernel.every((k, i) => k === side && strides[i] === side && dilations[i] === 1 && sizes[i]! % k === 0) &&
    [...padsBegin, ...padsEnd].every((pad) => pad === 0)
  return tiles ? side : undefined
}

/** Whether two windows may share an element. */
export const overlaps = (window: Window): boolean =>
  window.kernel.some((_, axis) => window.strides[axis]! < extentOf(window, axis) || window.dilations[axis]! > 1)

/** Each element of dY over its whole tile. */
export const spread = (g: GraphBuilder, dY: Value, X: Value, block: number): Value => {
  const [height, width] = fixedSizes(X, 2) as [number, number]
  const [rows, columns] = [height / block, width / block]
  const apart = g.reshape(dY, [0, 0, rows, 1, columns, 1])
  const shape = g.shapeOf(X)
  const lead = g.slice(shape, [0], [2], [0])
  const wide = g.expand(apart, g.concat([lead, g.ints([rows, block, columns, block])], 0))
  return g.reshape(wide, shape)
}

/** The adjoint of summing over windows: every element of a window gets the window's value. */
export const sumAdjoint = (g: GraphBuilder, node: Node, dY: Value, X: Value, window: Window): Value => {
  const [channels, sizes, outputs] = [X.dims?.[1], fixedSizes(X, 2), fixedSizes(dY, 2)]
  if (typeof channels !== 'number' || !sizes || !outputs)
    throw new BartizanError(
      'GRAPH_OP_UNSUPPORTED',
      `${node.op} node "${node.name}" needs fixed channels and image sizes`,
      {
        hint: 'export the model with fixed image sizes (only the batch axis dynamic)',
        data: { op: node.op, node: node.name },
      },
    )
  const ones = g.constant(dY.dtype, [channels, 1, ...window.kernel], Array(channels * product(window.kernel)).fill(1))
  // A last window that hangs over the end (ceil_mode) writes past it: that part is cut off.
  const full = outputs.map((count, axis) => (count - 1) * window.strides[axis]! + extentOf(window, axis))
  const unpadded = { ...window, padsBegin: full.map(() => 0), padsEnd: full.map(() => 0) }
  const whole = g.op('ConvTranspose', [dY, ones], convAttributes(unpadded, channels))
  const before = window.padsBegin.map((pad) => -pad)
  const after = sizes.map((size, axis) => size + window.padsBegin[axis]! - full[axis]!)
  if ([...before, ...after].every((pad) => pad === 0)) return whole
  return g.op('Pad', [whole, g.ints([0, 0, ...before, 0, 0, ...after])])
}

const product = (values: readonly number[]): number => values.reduce((a, b) => a * b, 1)

/** How many elements each window's mean is over, row-major over the output positions. */
export const averageCounts = (node: Node, window: Window, X: Value, dY: Value, includePadding: boolean): number[] => {
  const [sizes, outputs] = [fixedSizes(X, 2), fixedSizes(dY, 2)]
  if (!sizes || !outputs)
    throw new BartizanError('GRAPH_OP_UNSUPPORTED', `${node.op} node "${node.name}" needs fixed image sizes`, {
      hint: 'export the model with fixed image sizes (only the batch axis dynamic)',
      data: { op: node.op, node: node.name },
    })
  const alongAxes = sizes.map((size, axis) =>
    Array.from({ length: outputs[axis]! }, (_, position) => {
      const start = position * window.strides[axis]! - window.padsBegin[axis]!
      const [low, high] = includePadding ? [-window.padsBegin[axis]!, size + window.padsEnd[axis]!] : [0, size]
      const taps = Array.from({ length: window.kernel[axis]! }, (_, k) => start + k * window.dilations[axis]!)
      return taps.filter((at) => at >= low && at < high).length
    }),
  )
  return alongAxes.reduce<number[]>((counts, axis) => counts.flatMap((a) => axis.map((b) => a * b)), [1])
}
