import { BartizanError } from '../../base/errors.ts'
import type { Dim, Dims } from '../types.ts'
import { checkedAxis } from './broadcast.ts'
import { defineShape, type Known, openDims, typedAs } from './rule.ts'

/** Exporters write "to the end" as the largest int32 or int64. */
const farAway = 2 ** 31 - 1

export const slice = defineShape({
  op: 'Slice',
  infer: ({ inputs: [x, starts, ends, axes, steps], fresh, node }) => {
    if (!x?.dims) return [typedAs(x, undefined)]
    const where = `Slice "${node.name}"`
    const rank = x.dims.length
    const sliced = slicedAxes(starts, axes)
    if (!sliced) return [typedAs(x, x.dims.map(fresh))]
    const dims: Dim[] = [...x.dims]
    sliced.forEach((axis, i) => {
      const at = checkedAxis(axis, rank, where)
      const step = steps ? steps.elements?.[i] : 1
      if (step === 0) throw new BartizanError('GRAPH_INVALID', `${where}: step 0 on axis ${axis}`)
      dims[at] = sliceSize(x.dims![at]!, starts?.elements?.[i], ends?.elements?.[i], step) ?? fresh()
    })
    return [typedAs(x, dims)]
  },
})

const slicedAxes = (starts: Known | undefined, axes: Known | undefined): readonly number[] | undefined => {
  if (axes) return numbersOf(axes.elements)
  return openDims(starts?.dims?.[0], () => 0)?.map((_, axis) => axis)
}

const numbersOf = (elements: Dims | undefined): readonly number[] | undefined =>
  elements?.every((element) => typeof element === 'number') ? (elements as readonly number[]) : undefined

const sliceSize = (size: Dim, start: Dim | undefined, end: Dim | undefined, step: Dim | undefined): Dim | undefined => {
  if (typeof step !== 'number' || start === undefined || end === undefined) return undefined
  if (typeof size === 'number' && typeof start === 'number' && typeof end === 'number')
    return sliceIndices(size, start, end, step).count
  if (step === 1 && start === 0 && (end === size || isFar(end, 1))) return size
  if (step === -1 && (start === -1 || isFar(start, 1)) && (isFar(end, -1) || (typeof end === 'number' && isEnd(end))))
    return size
  // One row of an axis that has at least one.
  if (step === 1 && ((start === 0 && end === 1) || (start === -1 && isFar(end, 1)))) return 1
  return undefined
}

const isFar = (bound: Dim, sign: 1 | -1): boolean => typeof bound === 'number' && bound * sign >= farAway

/** The largest int32 and int64: ONNX Runtime takes them for "to the end" backwards as well. */
const isEnd = (bound: number): boolean => bound === farAway || bound >= 2 ** 63

/** First index and number of elements of a slice of an axis, bounds clamped as numpy does. */
export const sliceIndices = (
  size: number,
  start: number,
  end: number,
  step: number,
): { readonly first: number; readonly count: number } => {
  const fromEnd = (bound: number) => (bound < 0 ? bound + size : bound)
  const clamp = (bound: number, low: number, high: number) => Math.min(Math.max(fromEnd(bound), low), high)
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1]
  const first = clamp(start, Math.max(low, 0), high)
  const stop = step < 0 && isEnd(end) ? low : clamp(end, low, high)
  const count = Math.max(0, Math.ceil((stop - first) / step))
  return { first, count }
}
