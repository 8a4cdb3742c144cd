import { BartizanError } from '../../base/errors.ts'
import type { AttributeReader } from '../attributes.ts'
import type { Dim, Dims } from '../types.ts'
import { times } from './size.ts'

/** How a window moves over the spatial axes, with every default filled in. */
export interface Window {
  readonly kernel: Dims
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** Begins of all axes, then ends; zeros under auto_pad. */
  readonly pads: readonly number[]
  readonly autoPad: 'NOTSET' | 'VALID' | 'SAME_UPPER' | 'SAME_LOWER'
}

const autoPads: readonly string[] = ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER']

/** The window that a convolution's or pooling's attributes describe. `kernel` is what the weights say, if any. */
export const windowOf = (attributes: AttributeReader, spatial: number, where: string, kernel?: Dims): Window => {
  const list = (name: string, fallback: number, length = spatial): readonly number[] => {
    const given = attributes.ints(name)
    if (!given || given.length === 0) return Array.from({ length }, () => fallback)
    if (given.length !== length)
      throw new BartizanError('GRAPH_INVALID', `${where}: ${name} [${given}] for ${spatial} spatial axes`)
    return given
  }
  const [strides, dilations] = [list('strides', 1), list('dilations', 1)]
  const autoPad = attributes.string('auto_pad', 'NOTSET') || 'NOTSET'
  if (!isAutoPad(autoPad)) throw new BartizanError('GRAPH_INVALID', `${where}: auto_pad "${autoPad}" is unknown`)
  const size = attributes.ints('kernel_shape') ?? kernel
  if (!size || size.length !== spatial || [...strides, ...dilations].some((x) => x < 1))
    throw new BartizanError(
      'GRAPH_INVALID',
      `${where}: kernel [${size ?? ''}], strides [${strides}] and dilations [${dilations}] for ${spatial} spatial axes`,
    )
  const pads = list('pads', 0, 2 * spatial)
  return { kernel: size, strides, dilations, pads: autoPad === 'NOTSET' ? pads : pads.map(() => 0), autoPad }
}

const isAutoPad = (value: string): value is Window['autoPad'] => autoPads.includes(value)

/** Output sizes of the spatial axes; with `ceil`, a last window may hang over the end but must start inside. */
export const windowDims = (input: Dims, window: Window, fresh: () => Dim, where: string, ceil = false): Dims =>
  input.map((size, axis) => {
    const { kernel, strides, dilations, pads, autoPad } = window
    const [k, stride] = [kernel[axis]!, strides[axis]!]
    const padding = [pads[axis]!, pads[axis + input.length]!] as const
    if (autoPad.startsWith('SAME')) {
      if (stride === 1) return size
      return typeof size === 'number' ? Math.ceil(size / stride) : fresh()
    }
    if (typeof k === 'string') return fresh()
    const shrink = (k - 1) * dilations[axis]! + 1 - padding[0] - padding[1]
    if (typeof size === 'string') return stride === 1 && shrink === 1 ? size : fresh()
    if (size < shrink)
      throw new BartizanError(
        'GRAPH_INVALID',
        `${where}: a window of ${k} (dilation ${dilations[axis]}) doesn't fit the ${size} elements of spatial axis ${axis}`,
      )
    const steps = (size - shrink) / stride
    if (!ceil) return Math.floor(steps) + 1
    const count = Math.ceil(steps) + 1
    return (count - 1) * stride >= size + padding[0] ? count - 1 : count
  })

/** Output sizes of a transposed convolution: what its attributes ask for, or what undoes the window. */
export const transposedDims = (input: Dims, window: Window, attributes: AttributeReader, fresh: () => Dim): Dims => {
  const asked = attributes.ints('output_shape')
  const extra = attributes.ints('output_padding')
  return input.map((size, axis) => {
    const { kernel, strides, dilations, pads, autoPad } = window
    const wanted = asked?.[asked.length - input.length + axis]
    if (wanted !== undefined) return wanted
    const [k, stride] = [kernel[axis]!, strides[axis]!]
    if (typeof k === 'string') return autoPad.startsWith('SAME') ? (times([size, stride]) ?? fresh()) : fresh()
    const padded = (k - 1) * dilations[axis]! + 1 - stride + (extra?.[axis] ?? 0)
    // SAME takes away what is beyond size * stride, but adds nothing where the kernel is smaller than the stride.
    const gain = autoPad.startsWith('SAME') ? Math.min(0, padded) : padded - pads[axis]! - pads[axis + input.length]!
    if (typeof size === 'number') return size * stride + gain
    return (gain === 0 ? times([size, stride]) : undefined) ?? fresh()
  })
}
