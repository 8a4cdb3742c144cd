import type { ProgramSpec } from '../../../models/program.ts'
import { type AttackContext, defineAttack } from '../../../threat/attack.ts'
import { vectorNorm } from '../rows/row-norms.ts'
import { hinge } from './hinge.ts'
import { descendPenalty, penaltyInputs } from './penalty-descent.ts'
import { descendTanh, tanhStart, tanhState } from './tanh-space.ts'

/**
 * The smallest L2 change by Adam in tanh space, with a binary search over the weight of the loss. Distances in the loss
 * are in units of the range, so that the constants mean the same for any range. The candidate is the nearest point found,
 * within the budget or not.
 */
export const cwL2 = defineAttack({
  id: 'cw-l2',
  title: 'Carlini and Wagner: the smallest L2 change by gradient descent',
  reference: 'Carlini and Wagner 2017, arXiv:1608.04644',
  access: 'gradients',
  norms: ['l2'],
  minimal: true,
  parameters: {
    steps: { kind: 'integer', default: 200, min: 1, help: 'gradient steps for each weight of the loss' },
    'binary-search-steps': { kind: 'integer', default: 6, min: 1, help: 'weights of the loss that each row tries' },
    'initial-constant': {
      kind: 'number',
      default: 0.1,
      min: 1e-10,
      help: 'first weight of the loss; ten times it until one breaks the row, then bisection',
    },
    'learning-rate': { kind: 'number', default: 0.1, min: 0, help: "length of Adam's steps in tanh space" },
    confidence: { kind: 'number', default: 0, min: 0, help: 'margin of logits that a point must reach' },
    'abort-early': { kind: 'boolean', default: true, help: "end a row's pass where its loss stopped falling" },
    'early-stop': { kind: 'boolean', default: false, help: 'leave a row once a point within the budget breaks it' },
  },
  run: (context, parameters) =>
    descendPenalty(
      context,
      {
        passes: parameters['binary-search-steps'],
        steps: parameters.steps,
        initialConstant: parameters['initial-constant'],
        confidence: parameters.confidence,
        abortEarly: parameters['abort-early'],
        earlyStop: parameters['early-stop'],
      },
      {
        program: stepProgram(context),
        start: (x0) => ({ x: x0, ...tanhStart(toTanh(x0, context)) }),
        judged: ({ x }) => x!,
        rate: () => parameters['learning-rate'],
        size: (delta) => vectorNorm('l2', delta),
      },
    ),
})

/** Keeps values at the end of the range off infinity. */
const inside = 0.999999

/** Points as w with x = low + (high - low) (tanh(w) + 1) / 2. */
const toTanh = (x: Float32Array, { low, high }: AttackContext): Float32Array =>
  x.map((value) => Math.atanh((((value - low) / (high - low)) * 2 - 1) * inside))

const stepProgram = ({ target: { dims }, targets, low, high }: AttackContext): ProgramSpec => {
  const inputs = penaltyInputs(dims)
  const row = { dtype: 'float32', dims } as const
  return {
    key: `cw-l2 ${targets ? 'towards' : 'away'} ${low} ${high}`,
    inputs: { ...inputs, ...Object.fromEntries(tanhState.map((name) => [name, row])) },
    build: (builder) => {
      const { g, x, logits, input, gradient } = builder
      const axes = dims.map((_, axis) => axis + 1)
      const distance = g.reduceSum(g.square(g.mul(g.sub(x, input('x0')), 1 / (high - low))), axes)
      const loss = g.add(distance, g.mul(input('constant'), hinge(builder, logits, targets !== undefined)))
      const half = (high - low) / 2
      const descended = descendTanh(builder, gradient(loss), half)
      return { ...descended, x: g.add(g.mul(g.add(g.tanh(descended.w), 1), half), low), logits, loss }
    },
  }
}
