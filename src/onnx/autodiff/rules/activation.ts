import type { GraphBuilder, Value } from '../../builder.ts'
import { elementwise, type Slope } from '../elementwise.ts'
import { geluSlope, swishSlope, tanhGeluSlope } from '../gelu.ts'
import { defineRule, once } from '../rule.ts'
import { unbroadcast } from '../unbroadcast.ts'

const microsoft = 'com.microsoft'

/** max(X, 0): dX = dY where X > 0; 0 at 0. */
export const relu = defineRule({
  op: 'Relu',
  vjp: ({ g, y: [Y], dY }) => [() => g.where(g.greater(Y!, 0), dY, 0)],
})

/** X, or alpha X where X <= 0: the slope at 0 is alpha. */
export const leakyRelu = defineRule({
  op: 'LeakyRelu',
  vjp: ({ g, attributes, x: [X], dY }) => [
    () => g.where(g.greater(X!, 0), dY, g.mul(dY, attributes.float('alpha', 0.01))),
  ],
})

/** X, or slope X where X <= 0: dX = dY or dY slope (also at 0); d slope = dY min(X, 0), summed to its shape. */
export const pRelu = defineRule({
  op: 'PRelu',
  vjp: ({ g, x, dY }) => {
    const [X, slope] = x as [Value, Value]
    return [() => g.where(g.greater(X, 0), dY, g.mul(dY, slope)), () => unbroadcast(g, g.mul(dY, g.min(X, 0)), slope)]
  },
})

/** X, or alpha (exp(X) - 1) where X <= 0: dX = dY (Y + alpha) there; alpha at 0. */
export const elu = elementwise('Elu', (g, X, Y, { attributes }) =>
  g.where(g.greater(X, 0), 1, g.add(Y, attributes.float('alpha', 1))),
)

/** gamma X, or gamma alpha (exp(X) - 1) where X <= 0: dX = dY (Y + gamma alpha) there; gamma alpha at 0. */
export const selu = elementwise('Selu', (g, X, Y, { attributes }) => {
  const alpha = attributes.float('alpha', 1.6732632423543772)
  const gamma = attributes.float('gamma', 1.0507009873554805)
  return g.where(g.greater(X, 0), gamma, g.add(Y, gamma * alpha))
})

/** X, or alpha (exp(X / alpha) - 1) where X <= 0: dX = dY (1 + Y / alpha) there; smooth at 0. */
export const celu = elementwise('Celu', (g, X, Y, { attributes }) =>
  g.where(g.greater(X, 0), 1, g.add(g.div(Y, attributes.float('alpha', 1)), 1)),
)

/** The logistic function: dX = dY Y (1 - Y). */
export const sigmoid = elementwise('Sigmoid', (g, _, Y) => g.mul(Y, g.sub(1, Y)))

/** alpha X + beta clipped to [0, 1]: dX = alpha dY strictly between the bounds, 0 at them. */
export const hardSigmoid = elementwise('HardSigmoid', (g, _, Y, { attributes }) =>
  g.where(g.and(g.greater(Y, 0), g.less(Y, 1)), g.scalar(attributes.float('alpha', 0.2), Y), 0),
)

/** X clip(X/6 + 1/2, 0, 1): slope X/3 + 1/2 strictly between -3 and 3; 0 from -3 down, 1 from 3 up. */
export const hardSwish = elementwise('HardSwish', (g, X) =>
  g.where(g.less(g.abs(X), 3), g.add(g.mul(X, 1 / 3), 0.5), g.op('Relu', [g.sign(X)])),
)

/** dX = dY (1 - Y²). */
export const tanh = elementwise('Tanh', (g, _, Y) => g.sub(1, g.square(Y)))

/** ln(1 + exp(X)): its slope is the logistic function. */
export const softplus = elementwise('Softplus', (g, X) => g.sigmoid(X))

/** X / (1 + |X|): dX = dY / (1 + |X|)². */
export const softsign = elementwise('Softsign', (g, X) => g.reciprocal(g.square(g.add(g.abs(X), 1))))

/** X where X > alpha, else 0: dX = dY where X > alpha. */
export const thresholdedRelu = defineRule({
  op: 'ThresholdedRelu',
  vjp: ({ g, attributes, x: [X], dY }) => [() => g.where(g.greater(X!, attributes.float('alpha', 1)), dY, 0)],
})

/** X moved by bias towards 0 where |X| > lambd, else 0: dX = dY where |X| > lambd. */
export const shrink = defineRule({
  op: 'Shrink',
  vjp: ({ g, attributes, x: [X], dY }) => [() => g.where(g.greater(g.abs(X!), attributes.float('lambd', 0.5)), dY, 0)],
})

/** Gelu, exact or by tanh (opset 20). */
export const gelu = elementwise('Gelu', (g, X, _, { attributes }) =>
  attributes.string('approximate', 'none') === 'tanh' ? tanhGeluSlope(g, X) : geluSlope(g, X),
)

/** ONNX Runtime's exact Gelu. */
export const microsoftGelu = elementwise('Gelu', geluSlope, microsoft)

/** ONNX Runtime's X σ(alpha X). */
export const quickGelu = elementwise(
  'QuickGelu',
  (g, X, _, { attributes }) => swishSlope(g, X, attributes.float('alpha', 1.702)),
  microsoft,
)

/** A function of X + bias, the bias optional and broadcast. */
const biased = (op: string, slope: (g: GraphBuilder, X: Value) => Value) =>
  defineRule({
    op,
    domain: microsoft,
    vjp: ({ g, x: [X, bias], dY }) => {
      const d = once(() => g.mul(dY, slope(g, bias ? g.add(X!, bias) : X!)))
      return [d, () => unbroadcast(g, d(), bias!)]
    },
  })

/** ONNX Runtime's exact Gelu of X + bias. */
export const biasGelu = biased('BiasGelu', geluSlope)

/** ONNX Runtime's tanh Gelu of X + bias. */
export const fastGelu = biased('FastGelu', tanhGeluSlope)

/** X t with t = tanh(softplus(X)): slope t + X σ(X) (1 - t²) (Misra 2019, arXiv:1908.08681). */
const mishSlope: Slope = (g, X) => {
  const t = g.tanh(g.op('Softplus', [X]))
  return g.add(t, g.mul(g.mul(X, g.sigmoid(X)), g.sub(1, g.square(t))))
}
export const mish = elementwise('Mish', mishSlope)

/** X σ(alpha X) (opset 24); SiLU where alpha is 1. */
export const swish = elementwise('Swish', (g, X, _, { attributes }) => swishSlope(g, X, attributes.float('alpha', 1)))
