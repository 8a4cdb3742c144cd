import type { GraphBuilder, Value } from '../builder.ts'
import { toNumbers } from '../tensor.ts'
import type { Tensor } from '../types.ts'

/** A two-dimensional transposed convolution, group 1, dilation 1, whose weights [M, C, kh, kw] are known. */
export interface TransposedConvolution {
  readonly weights: Tensor
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
export const subpixel = (g: GraphBuilder, D: Value, convolution: TransposedConvolution): Value => {
  const { weights, stride: s, padsBegin, sizes, inputs } = convolution
  const [M, C, ...kernel] = weights.dims as [number, number, number, number]
  const along = kernel.map((k, axis) => offsets(k, s, padsBegin[axis]!))
  const lengths = along.map(({ first, last }) => last - first + 1)
  const values = toNumbers(weights)
  const phases = Array.from({ length: s * s }, (_, i) => [Math.floor(i / s), i % s] as const)
  const small = phases.flatMap(([ry, rx]) =>
    Array.from({ length: C }, (_, c) =>
      Array.from({ length: M }, (_, m) =>
        Array.from({ length: lengths[0]! * lengths[1]! }, (_, e) => {
          const y = ry + padsBegin[0]! - s * (along[0]!.first + Math.floor(e / lengths[1]!))
          const x = rx + padsBegin[1]! - s * (along[1]!.first + (e % lengths[1]!))
          const inside = y >= 0 && y < kernel[0]! && x >= 0 && x < kernel[1]!
          return inside ? values[((m * C + c) * kernel[0]! + y) * kernel[1]! + x]! : 0
        }),
      ),
    ),
  )
  const W = g.constant(weights.dtype, [s * s * C, M, ...lengths], small.flat(2))
  // Enough positions to cover the result; what stands over is cut off.
  const positions = sizes.map((size) => Math.ceil(size / s))
  const begin = along.map(({ first }) => -first)
  const end = along.map(({ last }, axis) => positions[axis]! - inputs[axis]! + last)
  const result = g.op('Conv', [D, W], { kernel_shape: lengths, pads: [...begin, ...end] })
  const whole = s === 1 ? result : g.op('DepthToSpace', [result], { blocksize: s, mode: 'DCR' })
  const fits = sizes.every((size, axis) => size === positions[axis]! * s)
  return fits ? whole : g.slice(whole, [0, 0], sizes, [2, 3])
}

/** The nearest and farthest input that a result pixel's phases reach, relative to its position. */
const offsets = (kernel: number, stride: number, pad: number): { first: number; last: number } => {
  const reached = Array.from({ length: stride }, (_, r) => r).flatMap((r) =>
    Array.from({ length: kernel }, (_, t) => (r + pad - t) / stride).filter(Number.isInteger),
  )
  return { first: Math.min(...reached), last: Math.max(...reached) }
}

/** Whether the pads come out as a Conv can take them. */
export const subpixelFits = ({ weights, stride, padsBegin, sizes, inputs }: TransposedConvolution): boolean => {
  const kernel = weights.dims.slice(2)
  return kernel.every((k, axis) => {
    const { first, last } = offsets(k, stride, padsBegin[axis]!)
    return first <= 0 && Math.ceil(sizes[axis]! / stride) - inputs[axis]! + last >= 0
  })
}
