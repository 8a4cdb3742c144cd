import type { GraphBuilder, Value } from '../builder.ts'
import { extentOf, fixedSizes, type Window } from './window.ts'

export interface Convolution {
  readonly X: Value
  readonly W: Value
  readonly window: Window
  readonly group: number
}

/** Attributes of a Conv or ConvTranspose node. */
export const convAttributes = ({ kernel, strides, dilations, padsBegin, padsEnd }: Window, group: number) => ({
  kernel_shape: kernel,
  strides,
  dilations,
  pads: [...padsBegin, ...padsEnd],
  group,
})

/**
 * The gradient of Conv for its input. With stride 1 and many input channels, a convolution with the flipped kernel,
 * which the runtime blocks by channel; else a transposed convolution, which does no work for padded channels.
 */
export const inputGradient = (g: GraphBuilder, convolution: Convolution, dY: Value): Value => {
  const { X, W, window, group } = convolution
  const channels = X.dims?.[1]
  const flips =
    window.strides.every((s) => s === 1) && typeof channels === 'number' && channels / group >= blockChannels
  const pads = window.kernel.map((_, axis) => extentOf(window, axis) - 1 - window.padsBegin[axis]!)
  const padsEnd = window.kernel.map((_, axis) => extentOf(window, axis) - 1 - window.padsEnd[axis]!)
  if (flips && W.dims && [...pads, ...padsEnd].every((pad) => pad >= 0))
    return g.op('Conv', [dY, flipped(g, W, group)], convAttributes({ ...window, padsBegin: pads, padsEnd }, group))
  return fromTiles(g, convolution, dY) ?? transposed(g, convolution, dY)
}

/** Below this many channels the blocked layout multiplies mostly padding: measured 1 channel 5 times slower. */
const blockChannels = 8

/** [M, C/G, k…] → [C, M/G, k…], mirrored in space. */
const flipped = (g: GraphBuilder, W: Value, group: number): Value => {
  const [M, C, ...kernel] = W.dims as readonly number[]
  const axes = kernel.map((_, i) => i + 2)
  const back = kernel.map(() => -1)
  const farEnd = kernel.map(() => Number.MIN_SAFE_INTEGER)
  const mirrored = g.slice(W, back, farEnd, axes, back)
  if (group === 1) return g.transpose(mirrored, [1, 0, ...axes])
  const grouped = g.reshape(mirrored, [group, M! / group, C!, ...kernel])
  const swapped = g.transpose(grouped, [0, 2, 1, ...axes.map((axis) => axis + 1)])
  return g.reshape(swapped, [group * C!, M! / group, ...kernel])
}

/**
 * dY assembled from the positions of pooling tiles (DepthToSpace) needs no assembling: a transposed convolution with
 * stride `block` takes the positions as channels, each with the kernel moved to its place. It writes each input pixel
 * from far fewer columns.
 */
const fromTiles = (g: GraphBuilder, { W, window, group }: Convolution, dY: Value): Value | undefined => {
  const source = g.producer(dY)
  const block = source?.attributes.blocksize
  const mode = source?.attributes.mode
  const isDepthFirst = mode === undefined || (mode.type === 'string' && mode.value === 'DCR')
  const plain = group === 1 && [...window.strides, ...window.dilations].every((step) => step === 1)
  if (source?.op !== 'DepthToSpace' || block?.type !== 'int' || !isDepthFirst || !plain) return undefined
  const side = block.value
  const positions = Array.from({ length: side * side }, (_, i) => [Math.floor(i / side), i % side] as const)
  const moved = positions.map(([y, x]) => g.op('Pad', [W, g.ints([0, 0, y, x, 0, 0, side - 1 - y, side - 1 - x])]))
  const wide = { ...window, kernel: window.kernel.map((k) => k + side - 1), strides: [side, side] }
  return g.op('ConvTranspose', [g.value(source.inputs[0]!), g.concat(moved, 0)], convAttributes(wide, 1))
}

const transposed = (g: GraphBuilder, { X, W, window, group }: Convolution, dY: Value): Value => {
  const sizes = fixedSizes(X, 2)
  const outputs = fixedSizes(dY, 2)
  const { strides, padsBegin, padsEnd } = window
  const attributes = convAttributes(window, group)
  if (!sizes || !outputs) return padTo(g, g.op('ConvTranspose', [dY, W], attributes), X)
  // Rows that no window reaches, because the stride doesn't divide: they get zeros.
  const output_padding = sizes.map(
    (size, i) => size - ((outputs[i]! - 1) * strides[i]! + extentOf(window, i) - padsBegin[i]! - padsEnd[i]!),
  )
  return g.op('ConvTranspose', [dY, W], { ...attributes, output_padding })
}

/** Zeros at the end of each axis up to the shape of `like`, which only the run knows. */
const padTo = (g: GraphBuilder, value: Value, like: Value): Value => {
  const missing = g.sub(g.op('Shape', [like]), g.op('Shape', [value]))
  return g.op('Pad', [value, g.concat([g.mul(missing, 0), missing], 0)])
}

/**
 * The gradient of Conv for its weights: a convolution of the batch with itself, where images and channels change roles
 * and strides become dilations.
 */
export const weightGradient = (g: GraphBuilder, { X, W, window, group }: Convolution, dY: Value): Value => {
  const spatial = window.kernel.map((_, i) => i + 2)
  const [M, C] = (W.dims as readonly number[]).slice(0, 2) as [number, number]
  const swap = [1, 0, ...spatial]
  const images = group === 1 ? g.transpose(X, swap) : byGroup(g, X, group, C)
  const kernels = group === 1 ? g.transpose(dY, swap) : g.transpose(dY, swap)
  const result = g.op('Conv', [images, kernels], {
    strides: window.dilations,
    dilations: window.strides,
    pads: [...window.padsBegin, ...window.padsEnd],
    group,
  })
  const cropped = g.slice(
    result,
    spatial.map(() => 0),
    window.kernel,
    spatial,
  )
  return g.reshape(g.transpose(cropped, swap), [M, C, ...window.kernel])
}

/** [N, G C, …] → [C, G N, …]: group i of the result convolves with group i of the output gradient. */
const byGroup = (g: GraphBuilder, X: Value, group: number, C: number): Value => {
  const spatial = X.dims!.slice(2)
  const shape = g.slice(g.shapeOf(X), [2], [Number.MAX_SAFE_INTEGER], [0])
  const split = g.reshape(X, g.concat([g.ints([-1, group, C]), shape], 0))
  const turned = g.transpose(split, [2, 1, 0, ...spatial.map((_, i) => i + 3)])
  return g.reshape(turned, g.concat([g.ints([C, -1]), shape], 0))
}

/** The gradient of a bias that is added to every position. */
export const biasGradient = (g: GraphBuilder, dY: Value, rank: number): Value =>
  g.reduceSum(dY, [0, ...Array.from({ length: rank }, (_, i) => i + 2)])
