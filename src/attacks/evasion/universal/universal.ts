import { type AttackContext, defineAttack } from '../../../threat/attack.ts'
import { fittingParameters } from '../../../threat/fitting.ts'
import { rowsWhere } from '../../../threat/rows.ts'
import { clamp, vectorNorm } from '../rows/row-norms.ts'

/** Rows whose gradients make one step. */
const rowsAStep = 64

/**
 * One perturbation for all rows: ascent of the loss summed over batches, cut off for each row so that rows which are
 * broken long since don't outweigh the others. It is made from some rows of the set and added to the others.
 */
export const universal = defineAttack({
  id: 'universal',
  title: 'Universal perturbation: the same change for every row, by stochastic gradients',
  reference: 'Shafahi et al. 2020, arXiv:1811.11304; Moosavi-Dezfooli et al. 2017, arXiv:1610.08401',
  access: 'gradients',
  tasks: ['classification', 'multi-label'],
  norms: ['linf', 'l2'],
  parameters: {
    epochs: { kind: 'integer', default: 20, min: 1, help: 'passes over the rows that it is made from' },
    'step-size': { kind: 'number', default: 0.1, min: 0, help: 'length of a step, as a share of the budget' },
    'loss-limit': { kind: 'number', default: 9, min: 0, help: 'loss from which on a row pulls no more' },
    ...fittingParameters,
  },
  makes: 'perturbation',
  fit: (context, { epochs, 'step-size': share, 'loss-limit': limit }) =>
    perturbation(context, { epochs, step: share * context.epsilon, limit }),
  async run({ x0, rows, size, low, high, fitted }) {
    const x = x0.slice()
    for (let row = 0; row < rows; row++)
      for (let j = 0; j < size; j++) x[row * size + j] = clamp(x[row * size + j]! + fitted![j]!, low, high)
    return x
  },
})

const perturbation = async (
  context: AttackContext,
  { epochs, step, limit }: { readonly epochs: number; readonly step: number; readonly limit: number },
): Promise<Float32Array> => {
  const { target, goal, x0, rows, size, norm, epsilon, low, high, progress } = context
  const program = await target.program({
    key: `gradient of the loss up to ${limit} ${goal.key}`,
    inputs: goal.inputs,
    build: (builder) => ({
      dX: builder.gradient(builder.g.min(goal.loss(builder, builder.logits), limit)),
    }),
  })
  const v = new Float32Array(size)
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let from = 0; from < rows; from += rowsAStep) {
      const part = rowsWhere(rows, (row) => row >= from && row < from + rowsAStep)
      const x = new Float32Array(part.length * size)
      for (const [i, row] of part.entries())
        for (let j = 0; j < size; j++) x[i * size + j] = clamp(x0[row * size + j]! + v[j]!, low, high)
      const { dX } = await program.run(part.length, { x, ...goal.feeds(part, 0) })
      const sum = new Float64Array(size)
      for (let i = 0; i < part.length; i++)
        for (let j = 0; j < size; j++) if (Number.isFinite(dX![i * size + j]!)) sum[j]! += dX![i * size + j]!
      advance(v, sum, { norm, step, epsilon })
    }
    progress((epoch + 1) / epochs)
  }
  return v
}

/** One step of steepest ascent, back into the ball. */
const advance = (
  v: Float32Array,
  sum: Float64Array,
  { norm, step, epsilon }: Pick<AttackContext, 'norm' | 'epsilon'> & { readonly step: number },
): void => {
  if (norm === 'linf') {
    for (let j = 0; j < v.length; j++) v[j] = clamp(v[j]! + step * Math.sign(sum[j]!), -epsilon, epsilon)
    return
  }
  const length = vectorNorm('l2', sum)
  if (length > 0) for (let j = 0; j < v.length; j++) v[j]! += (step * sum[j]!) / length
  const reached = vectorNorm('l2', v)
  if (reached > epsilon) for (let j = 0; j < v.length; j++) v[j]! *= epsilon / reached
}
