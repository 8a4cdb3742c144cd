import type { GraphBuilder, Value } from '../builder.ts'
import { normalAxis } from '../shapes/broadcast.ts'
import type { Dim } from '../types.ts'
import type { VjpContext } from './rule.ts'
import { rangeOf } from './shape-vector.ts'
import { spread } from './spread.ts'

/** The gradient of Slice for its data: by padding or gathering where the box is fixed, else by scattering. */
export const sliceGradient = ({ g, x, dY }: VjpContext): Value => {
  const [X, starts, ends, axes, steps] = x as [Value, Value, Value, Value | undefined, Value | undefined]
  const box = fixedBox(X, starts, ends, axes, steps)
  if (!box) return scattered(g, dY, X, [starts, ends, axes, steps])
  return box.reduce((sum, { axis, positions, size }) => spread(g, sum, axis, positions, size), dY)
}

interface SlicedAxis {
  readonly axis: number
  readonly positions: readonly number[]
  readonly size: number
}

/** Where the slice takes its elements from along each axis, if that is known before the run. */
const fixedBox = (
  X: Value,
  starts: Value,
  ends: Value,
  axes: Value | undefined,
  steps: Value | undefined,
): readonly SlicedAxis[] | undefined => {
  const [from, to] = [numbers(starts.elements), numbers(ends.elements)]
  if (!X.dims || !from || !to) return undefined
  const along = axes ? numbers(axes.elements) : rangeOf(from.length)
  const by = steps ? numbers(steps.elements) : from.map(() => 1)
  if (!along || !by) return undefined
  const box = along.map((entry, i) => {
    const axis = normalAxis(entry, X.dims!.length)
    const size = X.dims![axis]
    if (typeof size !== 'number') return undefined
    return { axis, size, positions: positionsOf(size, from[i]!, to[i]!, by[i]!) }
  })
  return box.every((axis) => axis !== undefined) ? box : undefined
}

/** Indices a slice takes, by ONNX's clamping: ends lie in [0, size] going up and in [-1, size - 1] going down. */
const positionsOf = (size: number, start: number, end: number, step: number): readonly number[] => {
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1]
  const clamp = (index: number, least: number) => Math.min(Math.max(index < 0 ? index + size : index, least), high)
  const first = clamp(start, 0)
  const count = Math.max(0, Math.ceil((clamp(end, low) - first) / step))
  return rangeOf(count).map((i) => first + i * step)
}

const numbers = (elements: readonly Dim[] | undefined): readonly number[] | undefined =>
  elements?.every((element) => typeof element === 'number') ? (elements as readonly number[]) : undefined

/** Slices the flat positions of X just as X was sliced, and scatters dY to them. */
const scattered = (g: GraphBuilder, dY: Value, X: Value, box: readonly (Value | undefined)[]): Value => {
  const shape = g.shapeOf(X)
  const size = g.op('Size', [X])
  const scalar = (value: number) => g.constant('int64', [], [value])
  const positions = g.reshape(g.op('Range', [scalar(0), size, scalar(1)]), shape)
  const taken = g.reshape(g.op('Slice', [positions, ...box]), [-1])
  const zeros = g.reshape(g.zerosLike(X), [-1])
  return g.reshape(g.op('ScatterElements', [zeros, taken, g.reshape(dY, [-1])], { axis: 0 }), shape)
}
