import { canonicalJson, sha256 } from '../../base/canonical-json.ts'
import type { Classifier } from '../../models/classifier.ts'
import { modelWithWeights } from '../../models/with-weights.ts'
import type { DefenseContext, Hardened } from '../../threat/defense.ts'
import type { Parameters } from '../../threat/parameters.ts'
import { runAttack } from '../../threat/runner.ts'
import { argmaxRows, targetOf } from '../../threat/target.ts'
import { augmentOf } from '../../training/augment.ts'
import type { Objective } from '../../training/objective.ts'
import {
  augmentFrom,
  balancedWeights,
  optimiserOf,
  type recipeParameters,
  scheduleFrom,
} from '../../training/recipe.ts'
import type { RowStore } from '../../training/row-store.ts'
import { type TrainRequest, train, type Validation } from '../../training/train.ts'
import { trainingGraph, withOwnWeights } from '../../training/training-mode/index.ts'

export type Recipe = Parameters<typeof recipeParameters>

/** What else a way of training wants of the loop. */
export type FitOptions = Pick<TrainRequest, 'watch'> & {
  /** Which validation chooses the best epoch: robust accuracy under PGD, or clean accuracy. */
  readonly chooseBy: 'robust accuracy' | 'accuracy'
}

/** Trains the context's model on an objective, by a recipe: what every defence that trains shares. */
export const fit = async (
  context: DefenseContext,
  recipe: Recipe,
  objective: Objective,
  options: FitOptions,
): Promise<Hardened> => {
  const source = withOwnWeights(context.source)
  const probe = await context.open(source)
  const trained = trainingGraph(probe, { batchNormalization: recipe['batch-norm'] })
  await probe.release()
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
      notes: trained.notes,
    }
  } finally {
    await model.release()
  }
}

/** All that the result depends on. */
const runDigest = ({ subject, seed, training, validation }: DefenseContext, recipe: Recipe, { key }: Objective) =>
  sha256(canonicalJson({ subject, seed, rows: [training.rows, validation.rows], recipe, objective: key }))

/** Accuracy on the validation rows, and under PGD on them. Undefined where there are no such rows. */
const validator = async (
  context: DefenseContext,
  recipe: Recipe,
  chooseBy: FitOptions['chooseBy'],
): Promise<((now: Classifier) => Promise<Validation>) | undefined> => {
  const rows = Math.min(recipe['validation-rows'], context.validation.rows)
  if (rows === 0) return undefined
  const { x, labels } = await firstRows(context.validation, rows)
  const robust = chooseBy === 'robust accuracy' && recipe['validation-steps'] > 0
  return async (now) =>
    robust
      ? robustValidation(context, now, { x, labels, steps: recipe['validation-steps'] })
      : { accuracy: await accuracyOn(now, x, labels) }
}

export const firstRows = async (store: RowStore, rows: number): Promise<{ x: Float32Array; labels: Int32Array }> => {
  const x = new Float32Array(rows * store.size)
  await store.gather(
    Int32Array.from({ length: rows }, (_, i) => i),
    x,
  )
  return { x, labels: store.labels.slice(0, rows) }
}

const accuracyOn = async (now: Classifier, x: Float32Array, labels: Int32Array): Promise<number> => {
  const predicted = argmaxRows(await targetOf(now, 'scores').logits(x, labels.length), now.classes)
  return predicted.filter((value, row) => value === labels[row]).length / labels.length
}

interface ValidationRows {
  readonly x: Float32Array
  readonly labels: Int32Array
  readonly steps: number
}

/** Accuracy before and after PGD at the context's budget. */
export const robustValidation = async (
  { attack, norm, epsilon, low, high, seed }: DefenseContext,
  now: Classifier,
  { x, labels, steps }: ValidationRows,
): Promise<{ readonly accuracy: number; readonly robustAccuracy: number }> => {
  const outcome = await runAttack({
    attack: attack('pgd'),
    model: now,
    x,
    labels,
    norm,
    epsilon,
    low,
    high,
    seed,
    parameters: { steps },
  })
  const right = outcome.clean.filter((predicted, row) => predicted === labels[row]).length
  const broken = outcome.broken.filter(Boolean).length
  return { accuracy: right / labels.length, robustAccuracy: (right - broken) / labels.length }
}
