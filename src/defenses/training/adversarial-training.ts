import { defineDefense } from '../../threat/defense.ts'
import { standard } from '../../training/objective.ts'
import { recipeParameters } from '../../training/recipe.ts'
import { fit } from './fit.ts'
import { attacked, epsilonWarmup, grownShare } from './inner-attack.ts'

/** Minimises the loss on what PGD makes of each batch. */
export const adversarialTraining = defineDefense({
  id: 'adversarial-training',
  title: 'Adversarial training with projected gradient descent',
  reference: 'Madry et al. 2018, arXiv:1706.06083',
  holds:
    'Withstands adaptive attacks within the norm and budget that it is trained with, to the extent measured; not beyond ' +
    'them, and at some cost in clean accuracy.',
  parameters: {
    ...recipeParameters,
    steps: { kind: 'integer', default: 7, min: 1, help: 'PGD steps for each batch' },
    'step-size': {
      kind: 'number',
      default: 0,
      min: 0,
      help: 'length of a step in input units; 0: 2.5 epsilon / steps',
    },
    'epsilon-warmup': epsilonWarmup,
    'clean-share': {
      kind: 'number',
      default: 0,
      min: 0,
      max: 1,
      help: 'share of the loss that clean rows have: more clean accuracy for less robustness',
    },
  },
  run(context, parameters) {
    const { steps, 'step-size': stepSize, 'epsilon-warmup': warmup, 'clean-share': share } = parameters
    const plain = standard(parameters['label-smoothing'])
    return fit(
      context,
      parameters,
      {
        key: `adversarial ${steps} ${stepSize} ${warmup} ${share} ${context.norm} ${context.epsilon} ${plain.key}`,
        ...(share > 0 && { inputs: { clean: { dtype: 'float32', dims: context.inputDims } } }),
        loss: (builder) => {
          const { g, logitsAt, input } = builder
          const loss = plain.loss(builder)
          if (share === 0) return loss
          const clean = plain.loss({ ...builder, logits: logitsAt(input('clean')) })
          return g.add(g.mul(loss, 1 - share), g.mul(clean, share))
        },
        async prepare(batch, now) {
          const grown = grownShare(batch, warmup)
          const x = await attacked({ ...context, epsilon: grown * context.epsilon }, now, batch, {
            id: 'pgd',
            parameters: { steps, 'step-size': grown * stepSize, 'early-stop': false },
          })
          return { x, ...(share > 0 && { inputs: { clean: batch.x } }) }
        },
      },
      { chooseBy: 'robust accuracy' },
    )
  },
})
