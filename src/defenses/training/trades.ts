import { klDivergence } from '../../onnx/losses.ts'
import { type DefenseContext, defineDefense } from '../../threat/defense.ts'
import { type Objective, standard } from '../../training/objective.ts'
import { recipeParameters } from '../../training/recipe.ts'
import { mostDivergent } from './divergence-ascent.ts'
import { fit } from './fit.ts'
import { epsilonWarmup, grownShare } from './inner-attack.ts'

export interface TradesOptions {
  readonly beta: number
  readonly steps: number
  /** In input units. */
  readonly stepSize: number
  /** Share of the steps of training over which the budget grows. */
  readonly warmup: number
  readonly smoothing: number
}

/**
 * Cross-entropy on the clean rows, and beta KL(p(x) || p(x')) to the most divergent x' within the budget. Gradients go
 * into both answers of the divergence, as in the authors' code.
 */
export const tradesObjective = (
  context: Pick<DefenseContext, 'norm' | 'epsilon' | 'low' | 'high' | 'inputDims'>,
  { beta, steps, stepSize, warmup, smoothing }: TradesOptions,
): Objective => {
  const plain = standard(smoothing)
  return {
    key: `trades ${beta} ${steps} ${stepSize} ${warmup} ${context.norm} ${context.epsilon} ${plain.key}`,
    inputs: { adversarial: { dtype: 'float32', dims: context.inputDims } },
    loss: (builder) => {
      const { g, logits, logitsAt, input } = builder
      const divergence = klDivergence(g, logitsAt(input('adversarial')), logits)
      return g.add(plain.loss(builder), g.mul(divergence, beta))
    },
    async prepare(batch, now) {
      const grown = grownShare(batch, warmup)
      const adversarial = await mostDivergent({ ...context, epsilon: grown * context.epsilon }, now, batch, {
        steps,
        stepSize: grown * stepSize,
      })
      return { inputs: { adversarial } }
    },
  }
}

/** Trades clean accuracy for robustness by a weight: answers are to be right, and the same all over the ball. */
export const trades = defineDefense({
  id: 'trades',
  title: 'TRADES: clean accuracy traded for robustness by a weight',
  reference: 'Zhang et al. 2019, arXiv:1901.08573',
  holds:
    'Withstands adaptive attacks within the norm and budget that it is trained with, to the extent measured; not beyond ' +
    'them. The larger beta, the more clean accuracy it costs.',
  parameters: {
    ...recipeParameters,
    beta: {
      kind: 'number',
      default: 6,
      min: 0,
      help: 'weight of robustness against clean accuracy; the authors take 6 on CIFAR-10, 1 on MNIST',
    },
    steps: {
      kind: 'integer',
      default: 10,
      min: 1,
      help: 'steps of the inner maximisation; the authors take 10 on CIFAR-10, 40 on MNIST',
    },
    'step-size': {
      kind: 'number',
      default: 0,
      min: 0,
      help: 'length of a step in input units; 0: epsilon / 4; the authors take 0.01 on MNIST, at epsilon 0.3',
    },
    'epsilon-warmup': epsilonWarmup,
  },
  run(context, parameters) {
    const { beta, steps, 'step-size': stepSize, 'epsilon-warmup': warmup, 'label-smoothing': smoothing } = parameters
    const options = { beta, steps, stepSize: stepSize || context.epsilon / 4, warmup, smoothing }
    return fit(context, parameters, tradesObjective(context, options), { chooseBy: 'robust accuracy' })
  },
})
