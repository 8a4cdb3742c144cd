import type { LayerArguments } from './layer-arguments.ts'
import { eachAxis } from './row-shape.ts'

/** Options of a window that slides, as they are written. */
export interface WindowOptions {
  readonly kernel: readonly number[]
  readonly stride: number | undefined
  /** same: the output is as large as the input, divided by the stride and rounded up. */
  readonly pad: number | 'same'
}

export const windowOptions = (
  args: LayerArguments,
  kernel: readonly number[],
  pad: number | 'same',
): WindowOptions => ({
  kernel,
  stride: args.option('stride', 1),
  pad: args.option('pad', 0, 'same') ?? pad,
})

/** The attributes of an ONNX window over these positions. Throws CONFIG_INVALID where it is larger than they are. */
export const windowAttributes = (
  options: WindowOptions,
  spatial: readonly number[],
  args: LayerArguments,
  stride: number | 'kernel',
) => {
  const kernel_shape = eachAxis(options.kernel, spatial, args)
  const before = kernel_shape.map((size) => (options.pad === 'same' ? Math.floor((size - 1) / 2) : options.pad))
  const after = kernel_shape.map((size) => (options.pad === 'same' ? Math.ceil((size - 1) / 2) : options.pad))
  const tooLarge = kernel_shape.some((size, axis) => size > spatial[axis]! + before[axis]! + after[axis]!)
  if (tooLarge)
    throw args.refuse(`its window ${kernel_shape.join('x')} is larger than the positions it gets, ${spatial.join('x')}`)
  const strides = kernel_shape.map((size) => options.stride ?? (stride === 'kernel' ? size : stride))
  return { kernel_shape, strides, pads: [...before, ...after] }
}
