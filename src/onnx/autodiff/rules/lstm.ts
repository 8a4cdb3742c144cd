import type { GraphBuilder, Value } from '../../builder.ts'
import { recur } from '../recurrence.ts'
import { activationsOf, affine, type Cell, outerSum, previous, recurrentGradients } from '../recurrent-layer.ts'
import { defineRule } from '../rule.ts'
import { unsupportedGradient } from '../unsupported.ts'

/**
 * LSTM with its default activations, all directions, sequence lengths, initial states (Hochreiter and Schmidhuber 1997,
 * doi:10.1162/neco.1997.9.8.1735): i, o, f = σ(·), g = tanh(·), c = f c' + i g, h = o tanh(c). Peepholes are refused.
 */
export const lstm = defineRule({
  op: 'LSTM',
  vjp: (context) => {
    const { node, x } = context
    if (x[7]) throw unsupportedGradient(node, 'has no form for peepholes')
    const defaults = ['sigmoid', 'tanh', 'tanh']
    const other = activationsOf(context, defaults).find((name, i) => name !== defaults[i])
    if (other) throw unsupportedGradient(node, `has no form for the activation "${other}"`)
    return recurrentGradients(context, backwardPass)
  },
})

const backwardPass: Cell = (g, X, direction) => {
  const { W, R, inputBias, recurrentBias, hidden, before, mask, backwards, dAfter } = direction
  const bias = inputBias && recurrentBias && g.add(inputBias, recurrentBias)
  const gates = affine(g, g.concat([X, before], 2), g.concat([W, R], 1), bias)
  const end = Number.MAX_SAFE_INTEGER
  const opened = g.sigmoid(g.slice(gates, [0], [3 * hidden], [2]))
  const [i, o, f] = g.ops('Split', [opened], { axis: 2, num_outputs: 3 }, { outputs: 3 }) as [Value, Value, Value]
  const candidate = g.tanh(g.slice(gates, [3 * hidden], [end], [2]))

  // Beyond a row's own length its states stay as they are.
  const masked = (value: Value) => (mask ? g.mul(value, mask) : value)
  const kept = mask ? g.add(g.mul(f, mask), g.sub(1, mask)) : f
  const cells = cellStates(g, kept, masked(g.mul(i, candidate)), direction)
  const cellsBefore = previous(g, cells, direction.initialCell, backwards)
  const squashed = g.tanh(cells)

  const slope = (gate: Value) => g.mul(gate, g.sub(1, gate))
  const toCell = masked(g.mul(o, g.sub(1, g.square(squashed))))
  const toGates = masked(
    g.concat(
      [
        g.mul(candidate, slope(i)),
        g.mul(squashed, slope(o)),
        g.mul(cellsBefore, slope(f)),
        g.mul(i, g.sub(1, g.square(candidate))),
      ],
      2,
    ),
  )
  const optional = [...(dAfter ? [dAfter] : []), ...(mask ? [g.sub(1, mask)] : [])]
  const [dInitial, dInitialCell, dGates] = recur(g, {
    states: [direction.dLast, direction.dLastCell],
    sequences: [toCell, toGates, kept, ...optional],
    backwards: !backwards,
    step(g, [dNext, dCellNext], [toCell, toGates, kept, ...rest]) {
      const dHidden = dAfter ? g.add(dNext!, rest[0]!) : dNext!
      const dCell = g.add(g.mul(dHidden, toCell!), dCellNext!)
      const dGates = g.mul(g.concat([dCell, dHidden, dCell, dCell], -1), toGates!)
      const through = g.matmul(dGates, R)
      const dPrevious = mask ? g.add(through, g.mul(dHidden, rest.at(-1)!)) : through
      return { states: [dPrevious, g.mul(dCell, kept!)], outputs: [dGates] }
    },
  }) as [Value, Value, Value]
  return { dInput: dGates, dRecurrent: dGates, dR: () => outerSum(g, dGates, before), dInitial, dInitialCell }
}

const cellStates = (
  g: GraphBuilder,
  kept: Value,
  added: Value,
  { initialCell, backwards, dLastCell }: { initialCell: Value | undefined; backwards: boolean; dLastCell: Value },
): Value => {
  const [, cells] = recur(g, {
    states: [initialCell ?? g.mul(dLastCell, 0)],
    sequences: [kept, added],
    backwards,
    step(g, [cell], [kept, added]) {
      const next = g.add(g.mul(kept!, cell!), added!)
      return { states: [next], outputs: [next] }
    },
  })
  return cells!
}
