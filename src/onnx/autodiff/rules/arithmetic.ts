import type { GraphBuilder, Value } from '../../builder.ts'
import { defineRule } from '../rule.ts'
import { unbroadcast } from '../unbroadcast.ts'

/** A + B, summed back to each operand's shape. */
export const add = defineRule({
  op: 'Add',
  vjp: ({ g, x: [A, B], dY }) => [() => unbroadcast(g, dY, A!), () => unbroadcast(g, dY, B!)],
})

/** A - B. */
export const sub = defineRule({
  op: 'Sub',
  vjp: ({ g, x: [A, B], dY }) => [() => unbroadcast(g, dY, A!), () => unbroadcast(g, g.neg(dY), B!)],
})

/**
 * A B: dA = dY B, dB = dY A. Swish, x sigmoid(x) as exporters write it, is taken as one: with s = sigmoid(x),
 * dx = dY (Y + s (1 - Y)), four passes over the data in place of six.
 */
export const mul = defineRule({
  op: 'Mul',
  vjp: ({ g, x: [A, B], y: [Y], dY }) => {
    const [a, b] = [A!, B!]
    const swish = (s: Value) => () => g.mul(dY, g.add(Y!, g.mul(s, g.sub(1, Y!))))
    if (isSigmoidOf(g, b, a)) return [swish(b), 'none']
    if (isSigmoidOf(g, a, b)) return ['none', swish(a)]
    return [() => unbroadcast(g, g.mul(dY, b), a), () => unbroadcast(g, g.mul(dY, a), b)]
  },
})

const isSigmoidOf = (g: GraphBuilder, value: Value, x: Value): boolean => {
  const source = g.producer(value)
  return source?.op === 'Sigmoid' && source.domain === '' && source.inputs[0] === x.name
}

/** A / B: dA = dY / B, dB = -dY Y / B. */
export const div = defineRule({
  op: 'Div',
  vjp: ({ g, x: [A, B], y: [Y], dY }) => [
    () => unbroadcast(g, g.div(dY, B!), A!),
    () => unbroadcast(g, g.neg(g.div(g.mul(dY, Y!), B!)), B!),
  ],
})

/** The sum of any number of operands, broadcast. */
export const sum = defineRule({ op: 'Sum', vjp: ({ g, x, dY }) => x.map((X) => () => unbroadcast(g, dY, X!)) })

/** The mean of any number of operands, broadcast. */
export const mean = defineRule({
  op: 'Mean',
  vjp: ({ g, x, dY }) => x.map((X) => () => unbroadcast(g, g.mul(dY, 1 / x.length), X!)),
})

/**
 * The remainder A - qB with q = trunc(A / B) (fmod): dA = dY, dB = -q dY, on the pieces between the jumps of q.
 * q is read off the result, which is exact: (A - Y) / B.
 */
export const mod = defineRule({
  op: 'Mod',
  vjp: ({ g, x: [A, B], y: [Y], dY }) => [
    () => unbroadcast(g, dY, A!),
    () => unbroadcast(g, g.mul(dY, g.div(g.sub(Y!, A!), B!)), B!),
  ],
})
