import type { ProgramSpec } from '../../../models/program.ts'
import { type AttackContext, defineAttack } from '../../../threat/attack.ts'
import { clip } from '../../../threat/geometry.ts'
import { vectorNorm } from '../rows/row-norms.ts'
import { finiteSlope, hinge } from './hinge.ts'
import { descendPenalty, type PenaltyDescent, penaltyInputs } from './penalty-descent.ts'

/**
 * The smallest change in L1, or in the elastic net beta L1 + L2², by iterative shrinkage and thresholding: a gradient
 * step on L2² + constant · hinge, then every coordinate goes back to the clean value by beta, and those nearer than that
 * to it altogether. Changes are in units of the range throughout. The candidate is the nearest point found, within the
 * budget or not.
 */
export const ead = defineAttack({
  id: 'ead',
  title: 'Elastic net attack: the smallest sparse change by shrinkage and thresholding',
  reference: 'Chen et al. 2018, arXiv:1709.04114',
  access: 'gradients',
  norms: ['l1', 'l2'],
  minimal: true,
  parameters: {
    steps: { kind: 'integer', default: 100, min: 1, help: 'gradient steps for each weight of the loss' },
    'binary-search-steps': { kind: 'integer', default: 3, min: 1, help: 'weights of the loss that each row tries' },
    'initial-constant': {
      kind: 'number',
      default: 1,
      min: 1e-10,
      help: 'first weight of the loss; ten times it until one breaks the row, then bisection',
    },
    'learning-rate': {
      kind: 'number',
      default: 0.02,
      min: 0,
      help: 'first step; it falls with the root of what is left',
    },
    beta: { kind: 'number', default: 0.01, min: 0, help: 'weight of L1, and how far each step draws coordinates back' },
    decision: {
      kind: 'choice',
      default: 'norm',
      choices: ['norm', 'elastic-net', 'l1'],
      help: "of two points that break a row, which is nearer: by the budget's norm, beta L1 + L2², or L1",
    },
    momentum: { kind: 'boolean', default: true, help: "Nesterov's momentum (FISTA); without it plain ISTA" },
    confidence: { kind: 'number', default: 0, min: 0, help: 'margin of logits that a point must reach' },
    'abort-early': {
      kind: 'boolean',
      default: false,
      help: "end a row's pass where its loss stopped falling, which momentum makes it do on the way to smaller changes",
    },
    'early-stop': { kind: 'boolean', default: false, help: 'leave a row once a point within the budget breaks it' },
  },
  run: (context, parameters) => {
    const { steps, beta } = parameters
    const rate = parameters['learning-rate']
    return descendPenalty(
      context,
      {
        passes: parameters['binary-search-steps'],
        steps,
        initialConstant: parameters['initial-constant'],
        confidence: parameters.confidence,
        abortEarly: parameters['abort-early'],
        earlyStop: parameters['early-stop'],
      },
      {
        program: stepProgram(context, beta, parameters.momentum),
        start: (x0) => ({ x: x0, shrunk: x0 }),
        judged: (_, { shrunk }) => shrunk!,
        rate: (step) => rate * Math.sqrt(1 - step / steps),
        size: sizeBy(parameters.decision, context, beta),
      },
    )
  },
})

const sizeBy = (decision: string, { norm, low, high }: AttackContext, beta: number): PenaltyDescent['size'] => {
  if (decision === 'norm') return (delta) => vectorNorm(norm, delta)
  if (decision === 'l1') return (delta) => vectorNorm('l1', delta)
  const width = high - low
  return (delta) => (beta * vectorNorm('l1', delta)) / width + (vectorNorm('l2', delta) / width) ** 2
}

/** `x` is where the gradient is taken, `shrunk` the point that is judged; without momentum they are one. */
const stepProgram = (
  { target: { dims }, targets, low, high }: AttackContext,
  beta: number,
  momentum: boolean,
): ProgramSpec => ({
  key: `ead ${targets ? 'towards' : 'away'} ${low} ${high} ${beta} ${momentum}`,
  inputs: { ...penaltyInputs(dims), shrunk: { dtype: 'float32', dims } },
  build: (builder) => {
    const { g, x, logits, input, gradient, logitsAt } = builder
    const axes = dims.map((_, axis) => axis + 1)
    const [x0, width] = [input('x0'), high - low]
    const change = (point: typeof x) => g.mul(g.sub(point, x0), 1 / width)
    const penalty = (point: typeof x, outputs: typeof logits) =>
      g.add(
        g.reduceSum(g.square(change(point)), axes),
        g.mul(input('constant'), hinge(builder, outputs, targets !== undefined)),
      )
    const slope = finiteSlope(g, gradient(penalty(x, logits)))
    const moved = g.sub(change(x), g.mul(slope, g.mul(input('rate'), width)))
    const pulled = g.mul(g.sign(moved), g.op('Relu', [g.sub(g.abs(moved), beta)]))
    const shrunk = clip(g, g.add(x0, g.mul(pulled, width)), low, high)
    const outputs = logitsAt(shrunk)
    const spent = g.sub(input('step'), 1)
    const ahead = g.mul(g.sub(shrunk, input('shrunk')), g.div(spent, g.add(spent, 3)))
    const loss = g.add(penalty(shrunk, outputs), g.mul(g.reduceSum(g.abs(change(shrunk)), axes), beta))
    return { x: momentum ? g.add(shrunk, ahead) : shrunk, shrunk, logits: outputs, loss }
  },
})
