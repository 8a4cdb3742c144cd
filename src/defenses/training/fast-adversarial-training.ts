import type { Classifier } from '../../models/classifier.ts'
import { type DefenseContext, defineDefense } from '../../threat/defense.ts'
import { standard } from '../../training/objective.ts'
import { recipeParameters } from '../../training/recipe.ts'
import { fit } from './fit.ts'
import { attacked, epsilonWarmup, grownShare } from './inner-attack.ts'
import { drawnRows, robustValidation } from './validation.ts'

/** Steps of the PGD that the watched rows are attacked with: enough that one-step overfitting can't hide from it. */
const watchedSteps = 10

/** Minimises the loss on what a single step from a random point of the ball makes of each batch. */
export const fastAdversarialTraining = defineDefense({
  id: 'fast-adversarial-training',
  title: 'Fast adversarial training: one gradient step from a random start',
  reference: 'Wong, Rice and Kolter 2020, arXiv:2001.03994',
  holds:
    'Withstands adaptive attacks within the norm and budget that it is trained with, somewhat less than training with ' +
    'many steps; not beyond them. It may overfit to its single step all at once: that is watched for, and ends the run.',
  parameters: {
    ...recipeParameters,
    schedule: { ...recipeParameters.schedule, default: 'cyclic' },
    'step-size': {
      kind: 'number',
      default: 0,
      min: 0,
      help: 'length of the step in input units; 0: 1.25 epsilon',
    },
    'epsilon-warmup': epsilonWarmup,
    'watch-every': {
      kind: 'integer',
      default: 50,
      min: 0,
      help: `training steps between checks for catastrophic overfitting, by PGD-${watchedSteps}; 0: never`,
    },
    'watch-rows': { kind: 'integer', default: 128, min: 1, help: 'rows, always the same ones, that are checked' },
    'watch-drop': {
      kind: 'number',
      default: 0.2,
      min: 0,
      max: 1,
      help: 'fall of the robust accuracy, as a share of the checked rows, that ends the run',
    },
  },
  async run(context, parameters) {
    const { 'step-size': stepSize, 'epsilon-warmup': warmup, 'watch-every': every, 'watch-drop': drop } = parameters
    const plain = standard(parameters['label-smoothing'])
    return fit(
      context,
      parameters,
      {
        key: `fast adversarial ${stepSize} ${warmup} ${context.norm} ${context.epsilon} ${plain.key}`,
        loss: plain.loss,
        async prepare(batch, now) {
          const grown = grownShare(batch, warmup)
          const x = await attacked({ ...context, epsilon: grown * context.epsilon }, now, batch, {
            id: 'pgd',
            parameters: { steps: 1, 'step-size': grown * (stepSize || 1.25 * context.epsilon), 'early-stop': false },
          })
          return { x }
        },
      },
      {
        chooseBy: 'robust accuracy',
        ...(every > 0 && { watch: { every, drop, measure: await watcher(context, parameters['watch-rows']) } }),
      },
    )
  },
})

/** Robust accuracy on a few rows that are not learnt from; on some that are, where there are no others. */
const watcher = async (context: DefenseContext, count: number): Promise<(now: Classifier) => Promise<number>> => {
  const { validation, training, seed } = context
  const rows = await drawnRows(validation.rows > 0 ? validation : training, count, seed)
  const measure = robustValidation(context, watchedSteps)
  return async (now) => (await measure(now, rows)).robustAccuracy
}
