import type { GraphBuilder, Value } from '../builder.ts'
import { type KernelView, wholeKernel } from './kernel-view.ts'
import { tilesOf } from './pool-tiles.ts'
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
  return fromTiles(g, convolution, dY) ?? transposed(g, convolution, dY)
}

/** As a sub-pixel convolution, where dY is put together from pooling tiles or the stride is above 1. */
const byPhases = (g: GraphBuilder, { X, W, window, group }: Convolution, dY: Value): Value | undefined => {
  const [side, sizes] = [window.strides[0]!, fixedSizes(X, 2)]
  const square = window.strides.every((s) => s === side) && window.dilations.every((d) => d === 1)
  const weights = fixedSizes(W)
  if (group !== 1 || !square || !weights || sizes?.length !== 2) return undefined
  const tiles = side === 1 ? tilesOf(g, dY) : undefined
  const source = tiles ? tiles.positions : dY
  const inputs = fixedSizes(source, 2)
  if ((side === 1 && !tiles) || !inputs) return undefined
  const whole = wholeKernel(weights)
  const kernel = tiles ? movedToTiles(whole, tiles.side) : whole
  const transposedConvolution = { kernel, stride: tiles?.side ?? side, padsBegin: window.padsBegin, sizes, inputs }
  return subpixelFits(transposedConvolution) ? subpixel(g, source, W, transposedConvolution) : undefined
}

/** [M, C, kh, kw] as [side² M, C, kh + side - 1, kw + side - 1]: for each position of a tile the kernel moved there. */
const movedToTiles = ({ dims, from }: KernelView, side: number): KernelView => {
  const [M, C, kh, kw] = dims as [number, number, number, number]
  const [height, width] = [kh + side - 1, kw + side - 1]
  const moved = new Int32Array(side * side * M * C * height * width).fill(-1)
  for (let p = 0; p < side * side; p++)
    for (let i = 0; i < from.length; i++) {
      const [mc, y, x] = [Math.floor(i / (kh * kw)), Math.floor(i / kw) % kh, i % kw]
      const row = y + Math.floor(p / side)
      moved[((p * M * C + mc) * height + row) * width + x + (p % side)] = from[i]!
    }
  return { dims: [side * side * M, C, height, width], from: moved }
}

/** Below this many channels the blocked layout multiplies mostly padding: measured 1 channel 5 times slower. */
export const blockChannels = 8

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
  const tiles = tilesOf(g, dY)
  const plain = group === 1 && [...window.strides, ...window.dilations].every((step) => step === 1)
  if (!tiles || !plain || window.kernel.length !== 2) return undefined
  const { side } = tiles
  const positions = Array.from({ length: side * side }, (_, i) => [Math.floor(i / side), i % side] as const)
  const moved = positions.map(([y, x]) => g.op('Pad', [W, g.ints([0, 0, y, x, 0, 0, side - 1 - y, side - 1 - x])]))
  const wide = { ...window, kernel: window.kernel.map((k) => k + side - 1), strides: [side, side] }
  return g.op('ConvTranspose', [tiles.positions, g.concat(moved, 0)], convAttributes(wide, 1))
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

/** The gradient of a bias that is added to every position; pooling tiles need no assembling for it. */
export const biasGradient = (g: GraphBuilder, dY: Value, rank: number): Value => {
  const tiles = tilesOf(g, dY)
  const sums = g.reduceSum(tiles?.positions ?? dY, [0, ...Array.from({ length: rank }, (_, i) => i + 2)])
  return tiles ? g.reduceSum(g.reshape(sums, [tiles.side ** 2, -1]), [0]) : sums
}
