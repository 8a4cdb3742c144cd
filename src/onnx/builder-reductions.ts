import type { Constants } from './builder-constants.ts'
import type { Operators, Value } from './builder-value.ts'

/** What treats whole axes: reductions (over all axes where none are given) and softmax. */
export interface Reductions {
  reduceSum(x: Value, axes?: readonly number[], keepDims?: boolean): Value
  reduceMean(x: Value, axes?: readonly number[], keepDims?: boolean): Value
  reduceMax(x: Value, axes?: readonly number[], keepDims?: boolean): Value
  reduceMin(x: Value, axes?: readonly number[], keepDims?: boolean): Value
  softmax(x: Value, axis: number): Value
  logSoftmax(x: Value, axis: number): Value
}

export const reductions = ({ op }: Operators, { ints }: Constants): Reductions => {
  const reduction =
    (name: string) =>
    (x: Value, axes?: readonly number[], keepDims = false): Value =>
      op(name, [x, axes && ints(axes)], {
        keepdims: Number(keepDims),
        ...(axes?.length === 0 && { noop_with_empty_axes: 1 }),
      })

  return {
    reduceSum: reduction('ReduceSum'),
    reduceMean: reduction('ReduceMean'),
    reduceMax: reduction('ReduceMax'),
    reduceMin: reduction('ReduceMin'),
    softmax: (x, axis) => op('Softmax', [x], { axis }),
    logSoftmax: (x, axis) => op('LogSoftmax', [x], { axis }),
  }
}
