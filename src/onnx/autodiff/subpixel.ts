import type { GraphBuilder, Value } from '../builder.ts'
import { sizeOf, tensor } from '../tensor.ts'

/** A two-dimensional transposed convolution, group 1, dilation 1. */
export interface TransposedConvolution {
  /** [M, C, kh, kw]. */
  readonly kernel: readonly number[]
  readonly stride: number
  readonly padsBegin: readonly number[]
  /** Of the result. */
  readonly sizes: readonly number[]
  /** Of what it is applied to. */
  readonly inputs: readonly number[]
}

/**
 * A transposed convolution with stride s as an ordinary one: result pixel s i + r takes the taps that are r + pad
 * modulo s, from inputs around i. So each of the s² phases is a small convolution of the input with stride 1; one
 * Conv computes them all as channels, and DepthToSpace puts them in place (sub-pixel convolution, Shi et al. 2016,
 * arXiv:1609.05158). The runtime blocks it by channel, which its ConvTranspose is not.
 */
export const subpixel = (g: GraphBuilder, D: Value, W: Value, convolution: TransposedConvolution): Value => {
  const { stride: s, padsBegin, sizes, inputs } = convolution
  const along = spatial(convolution).map((k, axis) => offsets(k, s, padsBegin[axis]!))
  const phases = phaseKernels(convolution, along)
  const lengths = phases.dims.slice(2)
  // Enough positions to cover the result; what stands over is cut off.
  const positions = sizes.map((size) => Math.ceil(size / s))
  const begin = along.map(({ first }) => -first)
  const end = along.map(({ last }, axis) => positions[axis]! - inputs[axis]! + last)
  const result = g.op('Conv', [D, gatherKernel(g, W, phases)], { kernel_shape: lengths, pads: [...begin, ...end] })
  const whole = s === 1 ? result : g.op('DepthToSpace', [result], { blocksize: s, mode: 'DCR' })
  const fits = sizes.every((size, axis) => size === positions[axis]! * s)
  return fits ? whole : g.slice(whole, [0, 0], sizes, [2, 3])
}

const spatial = ({ kernel }: TransposedConvolution): readonly number[] => kernel.slice(2)

/** A kernel put together from the elements of another: `from[i]` is the flat index that element i comes from, -1 a 0. */
interface PhaseKernels {
  readonly dims: readonly number[]
  readonly from: Int32Array
}

/** [s² C, M, …]: the taps of each phase, from the first input that any phase reaches to the last. */
const phaseKernels = (
  { kernel, stride: s, padsBegin }: TransposedConvolution,
  along: readonly { readonly first: number; readonly last: number }[],
): PhaseKernels => {
  const [M, C, kh, kw] = kernel as [number, number, number, number]
  const [height, width] = along.map(({ first, last }) => last - first + 1) as [number, number]
  const from = new Int32Array(s * s * C * M * height * width).fill(-1)
  for (let phase = 0, at = 0; phase < s * s; phase++) {
    const top = Math.floor(phase / s) + padsBegin[0]! - s * along[0]!.first
    const left = (phase % s) + padsBegin[1]! - s * along[1]!.first
    for (let c = 0; c < C; c++)
      for (let m = 0; m < M; m++)
        for (let e = 0; e < height * width; e++, at++) {
          const y = top - s * Math.floor(e / width)
          const x = left - s * (e % width)
          if (y >= 0 && y < kh && x >= 0 && x < kw) from[at] = ((m * C + c) * kh + y) * kw + x
        }
  }
  return { dims: [s * s * C, M, height, width], from }
}

/** The nearest and farthest input that a result pixel's phases reach, relative to its position. */
const offsets = (kernel: number, stride: number, pad: number): { first: number; last: number } => {
  const reached = Array.from({ length: stride }, (_, r) => r).flatMap((r) =>
    Array.from({ length: kernel }, (_, t) => (r + pad - t) / stride).filter(Number.isInteger),
  )
  return { first: Math.min(...reached), last: Math.max(...reached) }
}

/** Whether the pads come out as a Conv can take them. */
export const subpixelFits = (convolution: TransposedConvolution): boolean => {
  const { stride, padsBegin, sizes, inputs } = convolution
  return spatial(convolution).every((k, axis) => {
    const { first, last } = offsets(k, stride, padsBegin[axis]!)
    return first <= 0 && Math.ceil(sizes[axis]! / stride) - inputs[axis]! + last >= 0
  })
}

/** One Gather from the flat kernel: the runtime does it once where the weights are constant. */
const gatherKernel = (g: GraphBuilder, W: Value, { dims, from }: PhaseKernels): Value => {
  const size = sizeOf(W.dims as readonly number[])
  const flat = g.concat([g.reshape(W, [-1]), g.constant(W.dtype, [1], [0])], 0)
  const at = from.map((index) => (index < 0 ? size : index))
  return g.gather(flat, g.tensor(tensor('int32', dims, at)), 0)
}
