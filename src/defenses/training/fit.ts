import { canonicalJson, sha256 } from '../../base/canonical-json.ts'
import type { Classifier } from '../../models/classifier.ts'
import { modelWithWeights } from '../../models/with-weights.ts'
import type { Model } from '../../onnx/types.ts'
import type { DefenseContext, Hardened } from '../../threat/defense.ts'
import type { Parameters } from '../../threat/parameters.ts'
import { augmentOf } from '../../training/augment.ts'
import type { Objective } from '../../training/objective.ts'
import type { Validation } from '../../training/position.ts'
import {
  augmentFrom,
  balancedWeights,
  optimiserOf,
  type recipeParameters,
  scheduleFrom,
} from '../../training/recipe.ts'
import { type TrainRequest, train } from '../../training/train.ts'
import { type TrainingGraph, trainingGraph, withOwnWeights } from '../../training/training-mode/index.ts'
import { drawnAnew } from './from-scratch.ts'
import { cleanValidation, drawnRows, type Measure, robustValidation } from './validation.ts'

export type Recipe = Parameters<typeof recipeParameters>

/** What else a way of training wants of the loop. */
export type FitOptions = Pick<TrainRequest, 'watch'> & {
  /** Which validation chooses the best epoch: robust accuracy under PGD, clean accuracy, or one of the method's own. */
  readonly chooseBy: 'robust accuracy' | 'accuracy' | Measure
}

/** Trains the context's model on an objective, by a recipe: what every defence that trains shares. */
export const fit = async (
  context: DefenseContext,
  recipe: Recipe,
  objective: Objective,
  options: FitOptions,
): Promise<Hardened> => {
  const { source, trained, notes } = await startingPoint(context, recipe)
  const trainable = [...trained.trainable, ...trained.statistics.map(({ name }) => name)]
  const model = await context.open(source, { trainable })
  const { training, seed, threads, checkpoint } = context
  try {
    const outcome = await train({
      model,
      trained,
      store: training,
      objective,
      optimiser: optimiserOf(recipe),
      schedule: scheduleFrom(recipe),
      epochs: recipe.epochs,
      batch: recipe.batch,
      augment: augmentOf(model.input.dims, { ...augmentFrom(recipe), fill: context.low }),
      classWeights:
        recipe['class-weights'] === 'balanced' ? balancedWeights(training.labels, model.classes) : undefined,
      clip: recipe.clip || undefined,
      seed,
      threads,
      validate: await validator(context, recipe, options.chooseBy),
      patience: recipe.patience || undefined,
      watch: options.watch,
      checkpoint: checkpoint && {
        ...checkpoint,
        run: runDigest(context, recipe, objective),
        everySeconds: 30,
      },
      progress: context.progress,
    })
    return {
      model: modelWithWeights(source, outcome.weights),
      epochs: outcome.epochs,
      stopped: outcome.stopped,
      notes,
    }
  } finally {
    await model.release()
  }
}

interface StartingPoint {
  readonly source: Model
  readonly trained: TrainingGraph
  readonly notes: readonly string[]
}

const startingPoint = async (context: DefenseContext, recipe: Recipe): Promise<StartingPoint> => {
  // Weights that the exporter wrote once because they were equal are to part ways.
  const source = withOwnWeights(context.source)
  const probe = await context.open(source)
  try {
    const trained = trainingGraph(probe, { batchNormalization: recipe['batch-norm'] })
    if (recipe.from === 'weights') return { source, trained, notes: trained.notes }
    const fresh = drawnAnew(probe, trained.trainable, context.seed)
    const drawn = new Map([...trained.graph.initializers].map(([name, value]) => [name, fresh.get(name) ?? value]))
    return {
      source: modelWithWeights(source, new Map([...fresh].map(([name, { data }]) => [name, data as Float32Array]))),
      trained: { ...trained, graph: { ...trained.graph, initializers: drawn } },
      notes: [...trained.notes, 'All weights were drawn anew before training: nothing of the old ones is left.'],
    }
  } finally {
    await probe.release()
  }
}

/** All that the result depends on. */
const runDigest = (context: DefenseContext, recipe: Recipe, { key }: Objective): string => {
  const { subject, seed, training, validation, norm, epsilon, low, high } = context
  const threat = { norm, epsilon, low: String(low), high: String(high) }
  return sha256(
    canonicalJson({ subject, seed, rows: [training.rows, validation.rows], threat, recipe, objective: key }),
  )
}

/** The validation after each epoch, always of the same rows. Undefined where there are none. */
const validator = async (
  context: DefenseContext,
  recipe: Recipe,
  chooseBy: FitOptions['chooseBy'],
): Promise<((now: Classifier) => Promise<Validation>) | undefined> => {
  if (context.validation.rows === 0) return undefined
  const rows = await drawnRows(context.validation, recipe['validation-rows'], context.seed)
  const steps = recipe['validation-steps']
  const robust = chooseBy === 'robust accuracy' && steps > 0
  const measure =
    typeof chooseBy === 'function' ? chooseBy : robust ? robustValidation(context, steps) : cleanValidation
  return (now) => measure(now, rows)
}
