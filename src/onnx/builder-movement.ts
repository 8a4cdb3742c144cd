import type { Constants } from './builder-constants.ts'
import type { Operators, Value } from './builder-value.ts'
import { tensor } from './tensor.ts'

/** Shapes: reading them, moving values between them, filling them. */
export interface Movement {
  transpose(x: Value, perm?: readonly number[]): Value
  /** 0 keeps an axis, -1 infers one (ONNX Reshape). */
  reshape(x: Value, dims: readonly number[] | Value): Value
  expand(x: Value, dims: readonly number[] | Value): Value
  /** The shape as an int64 vector: a constant where it is known. */
  shapeOf(x: Value): Value
  concat(values: readonly Value[], axis: number): Value
  slice(
    x: Value,
    starts: readonly number[],
    ends: readonly number[],
    axes: readonly number[],
    steps?: readonly number[],
  ): Value
  gather(x: Value, indices: Value, axis: number): Value
  squeeze(x: Value, axes: readonly number[]): Value
  unsqueeze(x: Value, axes: readonly number[]): Value
  zerosLike(x: Value): Value
  onesLike(x: Value): Value
}

export const movement = ({ op }: Operators, { ints }: Constants): Movement => {
  const shapeOperand = (dims: readonly number[] | Value): Value => (isValue(dims) ? dims : ints(dims))
  const shapeOf = (x: Value): Value =>
    x.dims?.every((dim) => typeof dim === 'number') ? ints(x.dims as readonly number[]) : op('Shape', [x])

  return {
    transpose: (x, perm) => op('Transpose', [x], { perm }),
    reshape: (x, dims) => op('Reshape', [x, shapeOperand(dims)]),
    expand: (x, dims) => op('Expand', [x, shapeOperand(dims)]),
    shapeOf,
    concat: (list, axis) => (list.length === 1 ? list[0]! : op('Concat', list, { axis })),
    slice: (x, starts, ends, axes, steps) =>
      op('Slice', [x, ints(starts), ints(ends), ints(axes), steps && ints(steps)]),
    gather: (x, indices, axis) => op('Gather', [x, indices], { axis }),
    squeeze: (x, axes) => op('Squeeze', [x, ints(axes)]),
    unsqueeze: (x, axes) => op('Unsqueeze', [x, ints(axes)]),
    zerosLike: (x) => op('ConstantOfShape', [shapeOf(x)], { value: tensor(x.dtype, [1], [0]) }),
    onesLike: (x) => op('ConstantOfShape', [shapeOf(x)], { value: tensor(x.dtype, [1], [1]) }),
  }
}

const isValue = (dims: readonly number[] | Value): dims is Value => !Array.isArray(dims)
