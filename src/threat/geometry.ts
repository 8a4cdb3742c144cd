import type { Random } from '../base/random.ts'
import type { GraphBuilder, Operand, Value } from '../onnx/builder.ts'
import type { Norm } from './norm.ts'

/** All axes of a row. */
const rowAxes = (x: Value): readonly number[] => x.dims!.map((_, axis) => axis).slice(1)

const flat = (g: GraphBuilder, x: Value): Value => g.op('Flatten', [x], { axis: 1 })
const likeRows = (g: GraphBuilder, flatValue: Value, x: Value): Value =>
  g.reshape(flatValue, [-1, ...(x.dims!.slice(1) as readonly number[])])

/** Norm of each row, with its axes kept so that it broadcasts against the row. */
export const rowNorm = (g: GraphBuilder, norm: Norm, x: Value): Value => {
  if (norm === 'linf') return g.reduceMax(g.abs(x), rowAxes(x), true)
  if (norm === 'l2') return g.sqrt(g.reduceSum(g.square(x), rowAxes(x), true))
  return g.reduceSum(g.abs(x), rowAxes(x), true)
}

/**
 * The direction of unit norm along which a linear function with this gradient grows fastest: the sign (Linf), the
 * normalised gradient (L2), or the `sparsity` largest coordinates alike (L1, Tramèr and Boneh 2019, arXiv:1904.13000;
 * 1 is the steepest one). A row without a gradient gets zeros.
 */
export const steepest = (g: GraphBuilder, norm: Norm, gradient: Value, sparsity = 1): Value => {
  if (norm === 'linf') return g.sign(gradient)
  if (norm === 'l2') return g.div(gradient, g.max(rowNorm(g, 'l2', gradient), 1e-12))
  const magnitudes = flat(g, g.abs(gradient))
  const [, indices] = g.ops('TopK', [magnitudes, g.ints([sparsity])], { axis: 1 }, { outputs: 2 })
  const signs = flat(g, g.sign(gradient))
  const chosen = g.op('GatherElements', [signs, indices!], { axis: 1 })
  const zeros = g.mul(signs, 0)
  return likeRows(g, g.div(g.op('ScatterElements', [zeros, indices!, chosen], { axis: 1 }), sparsity), gradient)
}

/** The nearest point (in L2) to `x` whose distance from `x0` is at most `epsilon`: a number, or one a row, [rows, 1, ...]. */
export const project = (g: GraphBuilder, norm: Norm, x: Value, x0: Value, epsilon: Operand): Value => {
  const delta = g.sub(x, x0)
  if (norm === 'linf')
    return g.add(x0, g.max(g.min(delta, epsilon), typeof epsilon === 'number' ? -epsilon : g.neg(epsilon)))
  if (norm === 'l2')
    return g.add(
      x0,
      g.mul(
        delta,
        g.min(
          g.div(typeof epsilon === 'number' ? g.scalar(epsilon, x) : epsilon, g.max(rowNorm(g, 'l2', delta), 1e-12)),
          1,
        ),
      ),
    )
  return g.add(x0, likeRows(g, shrunk(g, flat(g, delta), typeof epsilon === 'number' ? epsilon : flat(g, epsilon)), x))
}

/**
 * Euclidean projection onto the L1 ball by its soft threshold: with magnitudes u sorted downwards,
 * theta = max_k (sum_{i<=k} u_i - epsilon) / k, at least 0 (Duchi et al. 2008).
 */
const shrunk = (g: GraphBuilder, delta: Value, epsilon: Operand): Value => {
  const size = delta.dims![1] as number
  const [sorted] = g.ops('TopK', [g.abs(delta), g.ints([size])], { axis: 1 }, { outputs: 2 })
  const sums = g.op('CumSum', [sorted!, g.constant('int64', [], [1])])
  const ranks = g.constant(
    delta.dtype,
    [1, size],
    Array.from({ length: size }, (_, i) => i + 1),
  )
  const theta = g.max(g.reduceMax(g.div(g.sub(sums, epsilon), ranks), [1], true), 0)
  return g.mul(g.sign(delta), g.max(g.sub(g.abs(delta), theta), 0))
}

/** Into the range of valid inputs. */
export const clip = (g: GraphBuilder, x: Value, low: number, high: number): Value => g.min(g.max(x, low), high)

/** A point drawn uniformly from the ball of radius `epsilon` around 0. */
export const uniformInBall = (norm: Norm, size: number, epsilon: number, random: Random): Float32Array => {
  const draw = (next: () => number): Float64Array => Float64Array.from({ length: size }, next)
  if (norm === 'linf') return Float32Array.from(draw(() => epsilon * (2 * random.uniform() - 1)))
  if (norm === 'l2') {
    const direction = draw(() => random.normal())
    const radius = epsilon * random.uniform() ** (1 / size)
    const length = Math.hypot(...direction)
    return Float32Array.from(direction, (v) => (v / length) * radius)
  }
  // Spacings of exponentials are uniform on the simplex; one more of them is the distance to the ball's surface.
  const magnitudes = draw(() => -Math.log(1 - random.uniform()))
  const total = magnitudes.reduce((sum, v) => sum + v, 0) - Math.log(1 - random.uniform())
  return Float32Array.from(magnitudes, (v) => (random.uniform() < 0.5 ? -1 : 1) * epsilon * (v / total))
}
