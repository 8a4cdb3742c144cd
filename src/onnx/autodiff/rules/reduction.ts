import type { GraphBuilder, Value } from '../../builder.ts'
import { defineRule, type GradientRule, type VjpContext } from '../rule.ts'

/** What a rule of a reduction works with: the result and its gradient broadcast against X. */
interface Reduced {
  readonly g: GraphBuilder
  readonly X: Value
  readonly Y: Value
  readonly dY: Value
  /** Sums over the node's own axes, which stay as 1. */
  sum(value: Value): Value
}

/**
 * A result with its reduced axes put back as 1, so that it broadcasts against the input. Without axes it is a scalar
 * (or, where `noop_with_empty_axes` says so, of the input's shape): both broadcast as they are.
 */
const restored = ({ g, attributes, x: [, axes] }: VjpContext, reduced: Value): Value =>
  attributes.int('keepdims', 1) === 1 || !axes ? reduced : g.op('Unsqueeze', [reduced, axes])

/** The rule of a reduction; axes get no gradient. What `dX` gives may still be short of X's shape. */
const reduction = (op: string, dX: (reduced: Reduced, context: VjpContext) => Value): GradientRule =>
  defineRule({
    op,
    vjp: (context) => {
      const { g, attributes, x, y, dY } = context
      const [X, axes] = x as [Value, Value | undefined]
      const noop_with_empty_axes = attributes.int('noop_with_empty_axes', 0)
      return [
        () => {
          const reduced: Reduced = {
            g,
            X,
            Y: restored(context, y[0]!),
            dY: restored(context, dY),
            sum: (value) => g.op('ReduceSum', [value, axes], { keepdims: 1, noop_with_empty_axes }),
          }
          return dX(reduced, context)
        },
        'none',
      ]
    },
  })

const stretched = (g: GraphBuilder, value: Value, X: Value): Value => g.expand(value, g.shapeOf(X))

/** Each element gets the sum's gradient. */
export const reduceSum = reduction('ReduceSum', ({ g, X, dY }) => stretched(g, dY, X))

/** Each element gets its part of the mean's gradient. */
export const reduceMean = reduction('ReduceMean', ({ g, X, dY }, context) =>
  stretched(g, g.div(dY, averaged(context)), X),
)

/** How many elements go into each result. */
const averaged = ({ g, x: [X], y: [Y] }: VjpContext): Value => {
  const sizes = [X!, Y!].map((value) => g.cast(g.op('Size', [value]), X!.dtype))
  return g.div(sizes[0]!, sizes[1]!)
}

/** The gradient goes to the extreme elements; several equal ones share it equally. */
const extreme = ({ g, X, Y, dY, sum }: Reduced): Value => {
  const chosen = g.cast(g.equal(X, Y), X.dtype)
  return g.mul(chosen, g.div(dY, sum(chosen)))
}

/** Largest element: ties share the gradient equally. */
export const reduceMax = reduction('ReduceMax', extreme)

/** Smallest element: ties share the gradient equally. */
export const reduceMin = reduction('ReduceMin', extreme)

/**
 * Product: each element gets dY times the product of the others. That is the product without zeros over the element
 * where nothing is 0, the product without zeros at a zero that is alone, and 0 elsewhere.
 */
export const reduceProd = defineRule({
  op: 'ReduceProd',
  vjp: (context) => {
    const { g, attributes, x } = context
    const [X, axes] = x as [Value, Value | undefined]
    const same = { keepdims: 1, noop_with_empty_axes: attributes.int('noop_with_empty_axes', 0) }
    return [
      () => {
        const isZero = g.equal(X, 0)
        const nonZero = g.where(isZero, 1, X)
        const zero = g.cast(isZero, X.dtype)
        const others = g.div(g.op('ReduceProd', [nonZero, axes], same), nonZero)
        // As many zeros as the element is itself: none among the others.
        const alone = g.equal(g.op('ReduceSum', [zero, axes], same), zero)
        return g.where(alone, g.mul(restored(context, context.dY), others), 0)
      },
      'none',
    ]
  },
})

/** Σ|X|: dX = dY sign(X), 0 at 0. */
export const reduceL1 = reduction('ReduceL1', ({ g, X, dY }) => g.mul(dY, g.sign(X)))

/** √ΣX²: dX = dY X / Y, taken as 0 where Y = 0. */
export const reduceL2 = reduction('ReduceL2', ({ g, X, Y, dY }) => g.mul(X, g.div(dY, g.where(g.equal(Y, 0), 1, Y))))

/** ln ΣX: dX = dY / ΣX. */
export const reduceLogSum = reduction('ReduceLogSum', ({ g, X, Y, dY }) => stretched(g, g.div(dY, g.exp(Y)), X))

/** ln Σ exp(X): dX = dY exp(X - Y), the softmax. */
export const reduceLogSumExp = reduction('ReduceLogSumExp', ({ g, X, Y, dY }) => g.mul(dY, g.exp(g.sub(X, Y))))

/** ΣX²: dX = 2 dY X. */
export const reduceSumSquare = reduction('ReduceSumSquare', ({ g, X, dY }) => g.mul(g.mul(dY, 2), X))
