import type { GraphBuilder, Value } from '../builder.ts'
import { subpixel, subpixelFits } from './subpixel.ts'
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
  const many = typeof channels === 'number' && channels / group >= blockChannels
  const phased = many ? byPhases(g, convolution, dY) : undefined
  if (phased) return phased
  const flips = many && window.strides.every((s) => s === 1)
  const pads = window.kernel.map((_, axis) => extentOf(window, axis) - 1 - window.padsBegin[axis]!)
  const padsEnd = window.kernel.map((_, axis) => extentOf(window, axis) - 1 - window.padsEnd[axis]!)
  if (flips && W.dims && [...pads, ...padsEnd].every((pad) => pad >= 0))
    return g.op('Conv', [dY, flipped(g, W, group)], convAttributes({ ...window, padsBegin: pads, padsEnd }, group))
  return transposed(g, convolution, dY)
}

/** As a sub-pixel convolution, where the stride is above 1. */
const byPhases = (g: GraphBuilder, { X, W, window, group }: Convolution, dY: Value): Value | undefined => {
  const [stride, sizes] = [window.strides[0]!, fixedSizes(X, 2)]
  const square = window.strides.every((s) => s === stride) && window.dilations.every((d) => d === 1)
  const [weights, inputs] = [fixedSizes(W), fixedSizes(dY, 2)]
  if (stride === 1 || group !== 1 || !square || !weights || !inputs || sizes?.length !== 2) return undefined
  const convolution = { kernel: weights, stride, padsBegin: window.padsBegin, sizes, inputs }
  return subpixelFits(convolution) ? subpixel(g, dY, W, convolution) : undefined
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

/** The gradient of a bias that is added to every position. */
export const biasGradient = (g: GraphBuilder, dY: Value, rank: number): Value =>
  g.reduceSum(dY, [0, ...Array.from({ length: rank }, (_, i) => i + 2)])
