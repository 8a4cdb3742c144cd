import type { GraphBuilder, Value } from '../../builder.ts'
import { toNumbers } from '../../tensor.ts'
import { elementwise } from '../elementwise.ts'
import { defineRule } from '../rule.ts'
import { unbroadcast } from '../unbroadcast.ts'

/** |X|: dX = dY sign(X), 0 at 0. */
export const abs = elementwise('Abs', (g, X) => g.sign(X))

/** -X. */
export const neg = defineRule({ op: 'Neg', vjp: ({ g, dY }) => [() => g.neg(dY)] })

/** exp(X): dX = dY Y. */
export const exp = elementwise('Exp', (_, __, Y) => Y)

/** ln(X): dX = dY / X; infinite at 0. */
export const log = defineRule({ op: 'Log', vjp: ({ g, x: [X], dY }) => [() => g.div(dY, X!)] })

/**
 * The square root: dX = dY / 2Y. Taken as 0 at 0, where it is infinite: a norm spelled as the root of a sum of squares
 * would otherwise have gradient NaN at the origin.
 */
export const sqrt = defineRule({
  op: 'Sqrt',
  vjp: ({ g, y: [Y], dY }) => [() => g.where(g.equal(Y!, 0), 0, g.div(g.mul(dY, 0.5), Y!))],
})

/** 1 / X: dX = -dY Y². */
export const reciprocal = elementwise('Reciprocal', (g, _, Y) => g.neg(g.square(Y)))

/**
 * X^E: dX = dY E X^(E-1), 0 wherever E = 0 (also at base 0); dE = dY Y ln X, taken as 0 where X <= 0, where the power is
 * no differentiable function of its exponent.
 */
export const pow = defineRule({
  op: 'Pow',
  vjp: ({ g, x, y: [Y], dY }) => {
    const [X, E] = x as [Value, Value]
    return [
      () => unbroadcast(g, g.mul(dY, powerSlope(g, X, E)), X),
      () => {
        const positive = g.greater(X, 0)
        const dE = g.mul(g.mul(dY, Y!), g.log(g.where(positive, X, 1)))
        return unbroadcast(g, g.cast(g.where(positive, dE, 0), E.dtype), E)
      },
    ]
  },
})

const powerSlope = (g: GraphBuilder, X: Value, E: Value): Value => {
  const exponents = E.constant && toNumbers(E.constant)
  if (exponents?.every((e) => e === 2)) return g.mul(X, 2)
  const e = g.cast(E, X.dtype)
  const slope = g.mul(e, g.pow(X, g.sub(e, 1)))
  return exponents?.every((value) => value !== 0) ? slope : g.where(g.equal(e, 0), 0, slope)
}

/** The error function: dX = dY 2/√π exp(-X²). */
export const erf = elementwise('Erf', (g, X) => g.mul(g.exp(g.neg(g.square(X))), 2 / Math.sqrt(Math.PI)))

/** dX = dY cos X. */
export const sin = elementwise('Sin', (g, X) => g.op('Cos', [X]))

/** dX = -dY sin X. */
export const cos = elementwise('Cos', (g, X) => g.neg(g.op('Sin', [X])))

/** dX = dY (1 + Y²). */
export const tan = elementwise('Tan', (g, _, Y) => g.add(g.square(Y), 1))

/** dX = dY / √(1 - X²); infinite at ±1. */
export const asin = elementwise('Asin', (g, X) => g.reciprocal(g.sqrt(g.sub(1, g.square(X)))))

/** dX = -dY / √(1 - X²); infinite at ±1. */
export const acos = elementwise('Acos', (g, X) => g.neg(g.reciprocal(g.sqrt(g.sub(1, g.square(X))))))

/** dX = dY / (1 + X²). */
export const atan = elementwise('Atan', (g, X) => g.reciprocal(g.add(g.square(X), 1)))

/** dX = dY cosh X. */
export const sinh = elementwise('Sinh', (g, X) => g.op('Cosh', [X]))

/** dX = dY sinh X. */
export const cosh = elementwise('Cosh', (g, X) => g.op('Sinh', [X]))

/** dX = dY / √(X² + 1). */
export const asinh = elementwise('Asinh', (g, X) => g.reciprocal(g.sqrt(g.add(g.square(X), 1))))

/** dX = dY / √(X² - 1); infinite at 1. */
export const acosh = elementwise('Acosh', (g, X) => g.reciprocal(g.sqrt(g.sub(g.square(X), 1))))

/** dX = dY / (1 - X²); infinite at ±1. */
export const atanh = elementwise('Atanh', (g, X) => g.reciprocal(g.sub(1, g.square(X))))

/** Piecewise constant: no gradient. */
export const steps = defineRule({ op: ['Ceil', 'Floor', 'Round', 'Sign'], vjp: () => ['none'] })

/** Running sums along an axis: the same sums of dY from the other end. No gradient for the axis. */
export const cumSum = defineRule({
  op: 'CumSum',
  vjp: ({ g, attributes, x: [, axis], dY }) => [
    () =>
      g.op('CumSum', [dY, axis], {
        exclusive: attributes.int('exclusive', 0),
        reverse: 1 - attributes.int('reverse', 0),
      }),
    'none',
  ],
})
