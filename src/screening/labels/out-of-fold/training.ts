import { BartizanError } from '../../../base/errors.ts'
import type { Classifier } from '../../../models/classifier.ts'
import { tensor } from '../../../onnx/tensor.ts'
import type { Parameters } from '../../../threat/parameters.ts'
import { augmentOf } from '../../../training/augment.ts'
import { standard } from '../../../training/objective.ts'
import { augmentFrom, balancedWeights, optimiserOf, recipeParameters, scheduleFrom } from '../../../training/recipe.ts'
import type { RowStore } from '../../../training/row-store.ts'
import { train } from '../../../training/train.ts'
import type { TrainingGraph } from '../../../training/training-mode/index.ts'

/** The part of the recipe that cross-validation uses; `epochs` 0 stands for about 600 steps, from 4 to 40 epochs. */
export const crossValidationParameters = {
  epochs: {
    kind: 'integer',
    default: 0,
    min: 0,
    help: 'passes over the training rows of a fold; 0: about 600 steps, at least 4 and at most 40 passes',
  },
  batch: { ...recipeParameters.batch, default: 64 },
  optimiser: { ...recipeParameters.optimiser, default: 'adam' },
  'learning-rate': { ...recipeParameters['learning-rate'], default: 0.002 },
  momentum: recipeParameters.momentum,
  nesterov: recipeParameters.nesterov,
  'weight-decay': recipeParameters['weight-decay'],
  schedule: recipeParameters.schedule,
  warmup: recipeParameters.warmup,
  clip: recipeParameters.clip,
  'label-smoothing': recipeParameters['label-smoothing'],
  'class-weights': recipeParameters['class-weights'],
  shift: {
    kind: 'integer',
    default: -1,
    min: -1,
    help: 'images are moved by up to so many pixels, so that less is learned by heart; -1: a fourteenth of their side',
  },
  flip: recipeParameters.flip,
  noise: recipeParameters.noise,
} as const

export type CrossValidationRecipe = Parameters<typeof crossValidationParameters>

const steps = 600

export const epochsFor = ({ epochs, batch }: Pick<CrossValidationRecipe, 'epochs' | 'batch'>, rows: number): number =>
  epochs || Math.min(40, Math.max(4, Math.ceil((steps * batch) / rows)))

/** Tables and whatever else is no image [channels, height, width] can't be moved. */
export const shiftFor = ({ shift }: Pick<CrossValidationRecipe, 'shift'>, dims: readonly number[]): number => {
  if (shift >= 0) return shift
  return dims.length === 3 ? Math.round(Math.min(dims[1]!, dims[2]!) / 14) : 0
}

/** A network that nothing was learned by yet, opened with every weight and running statistic as trainable. */
export interface FreshNetwork {
  readonly model: Classifier
  readonly trained: TrainingGraph
}

export interface TrainingOptions {
  readonly recipe: CrossValidationRecipe
  readonly seed: number
  readonly threads: number
  /** Share of the training that is done. */
  progress(done: number): void
}

/** Trains the network on the rows; the caller releases what comes back. Throws MODEL_OUTPUT_INVALID where it diverges. */
export const trainedOn = async (
  { model, trained }: FreshNetwork,
  store: RowStore,
  { recipe, seed, threads, progress }: TrainingOptions,
): Promise<Classifier> => {
  const epochs = epochsFor(recipe, store.rows)
  const { dims } = model.input
  const { weights, stopped } = await train({
    model,
    trained,
    store,
    objective: standard(recipe['label-smoothing']),
    optimiser: optimiserOf(recipe),
    schedule: scheduleFrom(recipe),
    epochs,
    batch: Math.min(recipe.batch, store.rows),
    augment: augmentOf(dims, { ...augmentFrom({ ...recipe, shift: shiftFor(recipe, dims) }), fill: 0 }),
    classWeights: recipe['class-weights'] === 'balanced' ? balancedWeights(store.labels, model.classes) : undefined,
    clip: recipe.clip || undefined,
    seed,
    threads,
    progress: ({ epoch, step, steps: all }) => progress((epoch - 1 + step / all) / epochs),
  })
  if (stopped.reason === 'diverged')
    throw new BartizanError('MODEL_OUTPUT_INVALID', `training diverged: ${stopped.detail}`, {
      hint: 'a lower rate, such as --set learning-rate=0.0005, or rows scaled to about -1 to 1 (--scale, --mean, --std)',
    })
  const { initializers } = trained.graph
  return model.withWeights(
    new Map([...weights].map(([name, data]) => [name, tensor('float32', initializers.get(name)!.dims, data)])),
  )
}
