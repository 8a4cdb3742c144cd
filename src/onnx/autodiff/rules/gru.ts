import type { GraphBuilder, Value } from '../../builder.ts'
import { recur } from '../recurrence.ts'
import { activationsOf, affine, type Cell, type Direction, outerSum, recurrentGradients } from '../recurrent-layer.ts'
import { defineRule } from '../rule.ts'
import { unsupportedGradient } from '../unsupported.ts'

/**
 * GRU with its default activations, all directions, sequence lengths, initial state (Cho et al. 2014, arXiv:1406.1078):
 * z, r = σ(·), n = tanh(W x + R (r h') + b), or tanh(W x + b + r (R h' + b')) with `linear_before_reset`, and
 * h = (1 - z) n + z h'.
 */
export const gru = defineRule({
  op: 'GRU',
  vjp: (context) => {
    const defaults = ['sigmoid', 'tanh']
    const other = activationsOf(context, defaults).find((name, i) => name !== defaults[i])
    if (other) throw unsupportedGradient(context.node, `has no form for the activation "${other}"`)
    const resetsLast = context.attributes.int('linear_before_reset', 0) !== 0
    return recurrentGradients(context, resetsLast ? resetAfter : resetBefore)
  },
})

/** The reset gate scales what the recurrent weights give. */
const resetAfter: Cell = (g, X, direction) => {
  const { W, R, inputBias, recurrentBias, before, backwards, dAfter, dLast } = direction
  const [xz, xr, xn] = thirds(g, affine(g, X, W, inputBias))
  const [hz, hr, hn] = thirds(g, affine(g, before, R, recurrentBias))
  const [z, r] = [g.sigmoid(g.add(xz, hz)), g.sigmoid(g.add(xr, hr))]
  const n = g.tanh(g.add(xn, g.mul(r, hn)))
  const { toUpdate, toCandidate, kept } = slopes(g, z, n, direction)
  const toReset = g.mul(toCandidate, g.mul(hn, slope(g, r)))
  const toRecurrent = g.concat([toUpdate, toReset, g.mul(toCandidate, r)], 2)
  const [dInitial, dHidden] = recur(g, {
    states: [dLast],
    sequences: [toRecurrent, kept, ...(dAfter ? [dAfter] : [])],
    backwards: !backwards,
    step(g, [dNext], [toRecurrent, kept, dAfter]) {
      const dHidden = dAfter ? g.add(dNext!, dAfter) : dNext!
      const dGates = g.mul(g.concat([dHidden, dHidden, dHidden], -1), toRecurrent!)
      return { states: [g.add(g.mul(dHidden, kept!), g.matmul(dGates, R))], outputs: [dHidden] }
    },
  }) as [Value, Value]
  const all = g.concat([dHidden, dHidden, dHidden], 2)
  const dRecurrent = g.mul(all, toRecurrent)
  const dInput = g.mul(all, g.concat([toUpdate, toReset, toCandidate], 2))
  return { dInput, dRecurrent, dR: () => outerSum(g, dRecurrent, before), dInitial }
}

/** The reset gate scales the hidden state before the recurrent weights. */
const resetBefore: Cell = (g, X, direction) => {
  const { W, R, inputBias, recurrentBias, hidden, before, backwards, dAfter, dLast } = direction
  const [openWeights, candidateWeights] = parts(g, R, hidden, 0)
  const [openBias, candidateBias] = recurrentBias ? parts(g, recurrentBias, hidden, 0) : []
  const [fromInput, xn] = parts(g, affine(g, X, W, inputBias), hidden, 2)
  const opened = g.sigmoid(g.add(fromInput!, affine(g, before, openWeights!, openBias)))
  const [z, r] = g.ops('Split', [opened], { axis: 2, num_outputs: 2 }, { outputs: 2 }) as [Value, Value]
  const n = g.tanh(g.add(xn!, affine(g, g.mul(r, before), candidateWeights!, candidateBias)))
  const { toUpdate, toCandidate, kept } = slopes(g, z, n, direction)
  const toReset = g.mul(before, slope(g, r))
  const [dInitial, dGates] = recur(g, {
    states: [dLast],
    sequences: [toUpdate, toCandidate, toReset, kept, r, ...(dAfter ? [dAfter] : [])],
    backwards: !backwards,
    step(g, [dNext], [toUpdate, toCandidate, toReset, kept, r, dAfter]) {
      const dHidden = dAfter ? g.add(dNext!, dAfter) : dNext!
      const dCandidate = g.mul(dHidden, toCandidate!)
      const dScaled = g.matmul(dCandidate, candidateWeights!)
      const dOpen = g.concat([g.mul(dHidden, toUpdate!), g.mul(dScaled, toReset!)], -1)
      const direct = g.add(g.mul(dHidden, kept!), g.mul(dScaled, r!))
      return {
        states: [g.add(direct, g.matmul(dOpen, openWeights!))],
        outputs: [g.concat([dOpen, dCandidate], -1)],
      }
    },
  }) as [Value, Value]
  const dR = () => {
    const [dOpen, dCandidate] = parts(g, dGates, hidden, 2)
    return g.concat([outerSum(g, dOpen!, before), outerSum(g, dCandidate!, g.mul(r, before))], 0)
  }
  return { dInput: dGates, dRecurrent: dGates, dR, dInitial }
}

/** Derivatives that both forms share; beyond a row's own length only the state itself passes. */
const slopes = (g: GraphBuilder, z: Value, n: Value, { before, mask }: Direction) => {
  const masked = (value: Value) => (mask ? g.mul(value, mask) : value)
  return {
    toUpdate: masked(g.mul(g.sub(before, n), slope(g, z))),
    toCandidate: masked(g.mul(g.sub(1, z), g.sub(1, g.square(n)))),
    kept: mask ? g.add(g.mul(z, mask), g.sub(1, mask)) : z,
  }
}

const slope = (g: GraphBuilder, gate: Value): Value => g.mul(gate, g.sub(1, gate))

/** The gates z and r together, and n. */
const parts = (g: GraphBuilder, value: Value, hidden: number, axis: number): readonly Value[] =>
  g.ops('Split', [value, g.ints([2 * hidden, hidden])], { axis }, { outputs: 2 })

const thirds = (g: GraphBuilder, value: Value): readonly [Value, Value, Value] => {
  const [z, r, n] = g.ops('Split', [value], { axis: 2, num_outputs: 3 }, { outputs: 3 })
  return [z!, r!, n!]
}
