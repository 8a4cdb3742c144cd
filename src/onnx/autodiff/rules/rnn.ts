import type { GraphBuilder, Value } from '../../builder.ts'
import { recur } from '../recurrence.ts'
import { activationsOf, type Cell, outerSum, recurrentGradients } from '../recurrent-layer.ts'
import { defineRule } from '../rule.ts'
import { unsupportedGradient } from '../unsupported.ts'

/** Simple recurrent network, h = f(W x + R h' + b) with f tanh, relu or sigmoid: all that follow from h alone. */
export const rnn = defineRule({
  op: 'RNN',
  vjp: (context) => {
    const [name] = activationsOf(context, ['tanh'])
    const slope = slopes[name!]
    if (!slope) throw unsupportedGradient(context.node, `has no form for the activation "${name}"`)
    return recurrentGradients(context, backwardPass(slope))
  },
})

type Slope = (g: GraphBuilder, y: Value) => Value

/** Derivatives in terms of the result; relu's is 0 at 0. */
const slopes: Readonly<Record<string, Slope>> = {
  tanh: (g, y) => g.sub(1, g.square(y)),
  relu: (g, y) => g.sign(y),
  sigmoid: (g, y) => g.mul(y, g.sub(1, y)),
}

const backwardPass =
  (slope: Slope): Cell =>
  (g, _, { R, before, after, mask, backwards, dAfter, dLast }) => {
    const toGate = mask ? g.mul(slope(g, after), mask) : slope(g, after)
    const [dInitial, dGates] = recur(g, {
      states: [dLast],
      sequences: [toGate, ...(dAfter ? [dAfter] : []), ...(mask ? [g.sub(1, mask)] : [])],
      backwards: !backwards,
      step(g, [dNext], [toGate, ...rest]) {
        const dHidden = dAfter ? g.add(dNext!, rest[0]!) : dNext!
        const dGate = g.mul(dHidden, toGate!)
        const through = g.matmul(dGate, R)
        const dPrevious = mask ? g.add(through, g.mul(dHidden, rest.at(-1)!)) : through
        return { states: [dPrevious], outputs: [dGate] }
      },
    }) as [Value, Value]
    return { dInput: dGates, dRecurrent: dGates, dR: () => outerSum(g, dGates, before), dInitial }
  }
