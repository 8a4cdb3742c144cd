import type { GraphBuilder, Value } from '../builder.ts'
import { extentOf, fixedSizes, type Window } from './window.ts'

/** Windows with more positions than this are left to scattered indices. */
const mostPositions = 16

/**
 * The gradient of 2-D max pooling with overlapping or padded windows: for each position of the window, in row-major
 * order, the strided view of X at it takes what is left of dY where it holds the maximum. The image as its stride's
 * phases makes each view a plain slice. Undefined for other ranks, dilations, and sizes that aren't known.
 */
export const overlappingPool = (g: GraphBuilder, X: Value, Y: Value, dY: Value, window: Window): Value | undefined => {
  const { kernel, strides, dilations, padsBegin } = window
  const [sizes, outputs, stride] = [fixedSizes(X, 2), fixedSizes(dY, 2), strides[0]!]
  const plain = kernel.length === 2 && strides.every((s) => s === stride) && dilations.every((d) => d === 1)
  if (!plain || !sizes || !outputs || kernel[0]! * kernel[1]! > mostPositions) return undefined
  const grid = sizes.map((size, axis) =>
    Math.ceil(Math.max((outputs[axis]! - 1) * stride + extentOf(window, axis), padsBegin[axis]! + size) / stride),
  )
  const after = sizes.map((size, axis) => grid[axis]! * stride - padsBegin[axis]! - size)
  const padded = g.op('Pad', [X, g.ints([0, 0, ...padsBegin, 0, 0, ...after]), g.scalar(Number.NEGATIVE_INFINITY, X)])
  const count = stride * stride
  const phases =
    stride === 1
      ? [padded]
      : g.ops(
          'Split',
          [g.op('SpaceToDepth', [padded], { blocksize: stride })],
          { axis: 1, num_outputs: count },
          { outputs: count },
        )
  const sums: (Value | undefined)[] = phases.map(() => undefined)
  let left = dY
  for (let i = 0; i < kernel[0]! * kernel[1]!; i++) {
    const [y, x] = [Math.floor(i / kernel[1]!), i % kernel[1]!]
    const [down, right] = [Math.floor(y / stride), Math.floor(x / stride)]
    const phase = (y % stride) * stride + (x % stride)
    const view = g.slice(phases[phase]!, [down, right], [down + outputs[0]!, right + outputs[1]!], [2, 3])
    const taken = g.where(g.equal(view, Y), left, 0)
    left = g.sub(left, taken)
    const rest = [grid[0]! - outputs[0]! - down, grid[1]! - outputs[1]! - right]
    const placed = g.op('Pad', [taken, g.ints([0, 0, down, right, 0, 0, ...rest])])
    const sum = sums[phase]
    sums[phase] = sum ? g.add(sum, placed) : placed
  }
  // A phase that no position of the window falls into (a stride beyond the kernel) has no gradient.
  const all = sums.map((sum, i) => sum ?? g.zerosLike(phases[i]!))
  const whole = stride === 1 ? all[0]! : g.op('DepthToSpace', [g.concat(all, 1)], { blocksize: stride, mode: 'DCR' })
  const end = sizes.map((size, axis) => padsBegin[axis]! + size)
  return g.slice(whole, padsBegin, end, [2, 3])
}
