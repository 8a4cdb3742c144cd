import type { Value } from './builder-value.ts'
import { tensor } from './tensor.ts'
import type { DType, Tensor, TensorType } from './types.ts'

export interface Constants {
  constant(dtype: DType, dims: readonly number[], values: ArrayLike<number>): Value
  tensor(value: Tensor): Value
  /** int64 vector. */
  ints(values: readonly number[]): Value
  /** A scalar of the type of `like`. */
  scalar(value: number, like: TensorType): Value
}

/** Longer constants are put into the graph each time: a key as long as a weight isn't worth its text. */
const sharedLength = 16

/** Constants that `add` puts into the graph; short ones that are equal are put there once. */
export const constants = (add: (value: Tensor) => Value): Constants => {
  const shared = new Map<string, Value>()
  const tensorValue = (value: Tensor): Value => {
    const key =
      value.data.length <= sharedLength
        ? `${value.dtype}[${value.dims}]${Array.from(value.data, String).join()}`
        : undefined
    const existing = key === undefined ? undefined : shared.get(key)
    if (existing) return existing
    const made = add(value)
    if (key !== undefined) shared.set(key, made)
    return made
  }
  const constant: Constants['constant'] = (dtype, dims, list) => tensorValue(tensor(dtype, dims, list))
  return {
    constant,
    tensor: tensorValue,
    ints: (list) => constant('int64', [list.length], list),
    scalar: (value, like) => constant(like.dtype, [], [value]),
  }
}
