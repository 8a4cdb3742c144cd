import type { ProgramBuilder, ProgramSpec, RowInput } from '../../../models/program.ts'
import type { Value } from '../../../onnx/builder.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import { clip, project, rowNorm, steepest } from '../../../threat/geometry.ts'
import type { Target } from '../../../threat/target.ts'
import { type Diversity, diversified, diversityInputs } from './diversity.ts'
import { smoothed, type Translation } from './translation.ts'

/** What the graphs of a momentum attack depend on besides the context. */
export interface MomentumGraphs {
  readonly diversity?: Diversity | undefined
  readonly translation?: Translation | undefined
  /** Shape of a picture, [channels, height, width]; a model may take its values in another shape. */
  readonly picture: readonly number[]
  /** Models whose logits the loss sees the mean of; 1: each model's own logits. */
  readonly fused: number
  /** Coordinates that an L1 step moves. */
  readonly sparsity: number
  /** Give the logits at the point before the step, which tell the rows that are broken. */
  readonly judged: boolean
}

type Known = Pick<AttackContext, 'goal' | 'norm' | 'low' | 'high'>
type Shape = Pick<Target, 'dims' | 'classes'>

/** The logits of one model at the point that the gradient is taken at. */
export const logitsProgram = ({ low }: Known, { dims }: Shape, graphs: MomentumGraphs): ProgramSpec => ({
  key: `logits seen ${seenKey(graphs, low)}`,
  inputs: seenInputs(graphs),
  build: (builder) => ({ seen: seen(builder, dims, graphs, low) }),
})

/** One more model's gradient on top of those before. */
export const sumProgram = (known: Known, model: Shape, graphs: MomentumGraphs): ProgramSpec => ({
  key: `sum of gradients seen ${gradientKey(known, graphs)}`,
  inputs: { ...gradientInputs(known, model, graphs), sum: { dtype: 'float32', dims: model.dims } },
  build: (builder) => ({ sum: builder.g.add(builder.input('sum'), gradientSeen(builder, known, model, graphs)) }),
})

/** The last model's gradient on top of those before, and the whole step: to the next point and the momentum there. */
export const momentumStep = (known: Known, model: Shape, graphs: MomentumGraphs, models: number): ProgramSpec => {
  const { norm, low, high } = known
  const { dims } = model
  const { sparsity, judged } = graphs
  const perRow: RowInput = { dtype: 'float32', dims: dims.map(() => 1) }
  const row: RowInput = { dtype: 'float32', dims }
  const summed = models > 1
  return {
    key: `momentum ${norm} ${sparsity} ${low} ${high} ${gradientKey(known, graphs)}${summed ? ' of a sum' : ''}${judged ? ' judged' : ''}`,
    inputs: {
      ...gradientInputs(known, model, graphs),
      x0: row,
      momentum: row,
      epsilon: perRow,
      'step size': perRow,
      decay: perRow,
      ...(summed && { sum: row }),
    },
    build: (builder) => {
      const { g, x, logits, input } = builder
      const own = gradientSeen(builder, known, model, graphs)
      const gradient = summed ? g.add(own, input('sum')) : own
      const size = rowNorm(g, 'l1', gradient)
      // Below this a row has no gradient: its inverse is no float.
      const inverse = g.where(g.less(size, 1e-37), 0, g.reciprocal(size))
      const momentum = g.add(g.mul(input('momentum'), input('decay')), g.mul(gradient, inverse))
      const moved = g.add(x, g.mul(steepest(g, norm, momentum, sparsity), input('step size')))
      // Projecting moves every coordinate towards x0, which lies in the range: what was clipped stays clipped.
      const next = project(g, norm, clip(g, moved, low, high), input('x0'), input('epsilon'))
      return { next, momentum, ...(judged && { logits }) }
    },
  }
}

const seenKey = ({ diversity, picture }: MomentumGraphs, low: number): string =>
  diversity ? `shrunk in ${picture} on ${low}` : 'whole'

const gradientKey = ({ goal, low }: Known, graphs: MomentumGraphs): string => {
  const { translation, picture, fused } = graphs
  const smooth = translation ? ` smoothed in ${picture} by ${translation.taps} over ${translation.deviations}` : ''
  return `${seenKey(graphs, low)} ${goal.key} of ${fused}${smooth}`
}

const seenInputs = ({ diversity }: MomentumGraphs): ProgramSpec['inputs'] => (diversity ? diversityInputs : {})

const gradientInputs = ({ goal }: Known, { classes }: Shape, graphs: MomentumGraphs): ProgramSpec['inputs'] => ({
  ...goal.inputs,
  ...seenInputs(graphs),
  ...(graphs.fused > 1 && { 'other logits': { dtype: 'float32', dims: [classes] } as const }),
})

/** The model's logits at x, or at x as its row's draw shows it. */
const seen = (builder: ProgramBuilder, dims: readonly number[], graphs: MomentumGraphs, low: number): Value => {
  const { g, x, logits, logitsAt } = builder
  const { diversity, picture } = graphs
  if (!diversity) return logits
  const shown = diversified(builder, reshaped(g, x, dims, picture), picture, low)
  return logitsAt(reshaped(g, shown, picture, dims))
}

const gradientSeen = (
  builder: ProgramBuilder,
  { goal, low }: Known,
  { dims }: Shape,
  graphs: MomentumGraphs,
): Value => {
  const { g, input, gradient } = builder
  const { translation, picture, fused } = graphs
  const own = seen(builder, dims, graphs, low)
  // The other models' logits are numbers here: the gradient goes through this model's alone.
  const outputs = fused > 1 ? g.div(g.add(own, input('other logits')), fused) : own
  const dX = gradient(goal.loss(builder, outputs))
  if (!translation) return dX
  return reshaped(g, smoothed(g, reshaped(g, dX, dims, picture), picture, translation), picture, dims)
}

const reshaped = (g: ProgramBuilder['g'], values: Value, from: readonly number[], to: readonly number[]): Value =>
  from.join() === to.join() ? values : g.reshape(values, [-1, ...to])
