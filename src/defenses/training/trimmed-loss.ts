import { BartizanError } from '../../base/errors.ts'
import type { Classifier } from '../../models/classifier.ts'
import { logSoftmaxRows } from '../../stats/log-softmax.ts'
import { defineDefense } from '../../threat/defense.ts'
import { targetOf } from '../../threat/target.ts'
import { standard } from '../../training/objective.ts'
import { recipeParameters } from '../../training/recipe.ts'
import { type RowStore, subsetOf } from '../../training/row-store.ts'
import { fit } from './fit.ts'

/**
 * Iterative trimmed loss minimisation: train, set the share of rows with the largest loss aside, train on the others from
 * the start again, and so on. A model that is trained for a few epochs fits the many before the few: rows that contradict
 * the rest, such as flipped labels, keep a large loss. The share is the bound on the poison that the user states.
 */
export const trimmedLoss = defineDefense({
  id: 'trimmed-loss',
  title: 'Iterative trimmed loss: learns from the rows with the smallest losses',
  reference: 'Shen and Sanghavi 2019, arXiv:1810.11874',
  holds:
    'Withstands flipped labels and other rows that contradict the rest, up to the share that is trimmed. Not poison that ' +
    'agrees with the rows around it: clean-label backdoors and gradient matching. Where a trigger is learned fast its rows ' +
    'have small losses and stay. Nothing is certified.',
  aim: 'accuracy',
  parameters: {
    ...recipeParameters,
    from: { ...recipeParameters.from, default: 'scratch' },
    trim: {
      kind: 'number',
      default: 0.1,
      min: 0,
      max: 0.99,
      help: 'share of the rows that may be poisoned: so many, those with the largest losses, are not learned from',
    },
    rounds: { kind: 'integer', default: 3, min: 1, help: 'trainings, each on what the one before left' },
    'early-epochs': {
      kind: 'integer',
      default: 2,
      min: 1,
      help: 'epochs of every training but the last: short ones have not learned the poison yet',
    },
  },
  async run(context, parameters) {
    const { trim, rounds, 'early-epochs': early } = parameters
    const { training } = context
    const trimmed = Math.floor(trim * training.rows + 1e-9)
    if (training.rows - trimmed < 1)
      throw new BartizanError(
        'CONFIG_INVALID',
        `trimming ${trimmed} of ${training.rows} rows leaves none to learn from`,
      )
    const objective = standard(parameters['label-smoothing'])
    let kept: Int32Array = Int32Array.from({ length: training.rows }, (_, row) => row)
    for (let round = 1; round < rounds; round++) {
      context.progress({ stage: `round ${round} of ${rounds}`, done: (round - 1) / rounds })
      const { model: source } = await fit(
        // A checkpoint is of one training; those before the last are short.
        { ...context, training: subsetOf(training, kept), checkpoint: undefined },
        { ...parameters, epochs: Math.min(early, parameters.epochs) },
        objective,
        { chooseBy: 'accuracy' },
      )
      const model = await context.open(source)
      try {
        kept = smallest(await lossesOf(model, training), training.rows - trimmed)
      } finally {
        await model.release()
      }
    }
    const hardened = await fit(
      { ...context, training: subsetOf(training, kept) },
      parameters,
      { ...objective, key: `trimmed ${trim} ${rounds} ${early} ${objective.key}` },
      { chooseBy: 'accuracy' },
    )
    return {
      ...hardened,
      notes: [
        ...hardened.notes,
        rounds === 1
          ? 'Of one round nothing is trimmed: give rounds 2 or more.'
          : `Of ${training.rows} training rows the ${trimmed} with the largest losses after ${rounds - 1} short trainings were not learned from: ${byClass(training, kept)}.`,
        ...lostClasses(training, kept),
      ],
    }
  },
})

const rowsAtOnce = 1024

/** Cross-entropy of each row under a model; infinite where it gives no number. */
export const lossesOf = async (model: Classifier, store: RowStore): Promise<Float64Array> => {
  const target = targetOf(model, 'scores')
  const losses = new Float64Array(store.rows)
  for (let from = 0; from < store.rows; from += rowsAtOnce) {
    const at = Int32Array.from({ length: Math.min(rowsAtOnce, store.rows - from) }, (_, row) => from + row)
    const x = new Float32Array(at.length * model.size)
    await store.gather(at, x)
    const labels = at.map((row) => store.labels[row]!)
    const logs = logSoftmaxRows({ logits: await target.logits(x, at.length), labels, classes: model.classes })
    for (const [i, row] of at.entries()) {
      const loss = -logs[i * model.classes + labels[i]!]!
      losses[row] = Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss
    }
  }
  return losses
}

/** The rows with the `count` smallest losses, ascending; of equal ones the first. */
export const smallest = (losses: Float64Array, count: number): Int32Array =>
  Int32Array.from(losses.keys())
    .sort((a, b) => (losses[a] === losses[b] ? a - b : losses[a]! - losses[b]!))
    .slice(0, count)
    .sort()

/** A class that a short training has not learned yet has large losses, poisoned or not. */
const lostClasses = ({ labels }: RowStore, kept: Int32Array): readonly string[] => {
  const [all, left] = [new Map<number, number>(), new Map<number, number>()]
  for (const label of labels) all.set(label, (all.get(label) ?? 0) + 1)
  for (const row of kept) left.set(labels[row]!, (left.get(labels[row]!) ?? 0) + 1)
  const lost = [...all].filter(([label, count]) => 2 * (left.get(label) ?? 0) < count).map(([label]) => label)
  return lost.length === 0
    ? []
    : [
        `More than half of the rows of class ${lost.sort((a, b) => a - b).join(', ')} were trimmed: short trainings may not have learned it yet, so give more early-epochs.`,
      ]
}

const byClass = ({ labels }: RowStore, kept: Int32Array): string => {
  const left = new Set(kept)
  const trimmed = new Map<number, number>()
  for (const [row, label] of labels.entries()) if (!left.has(row)) trimmed.set(label, (trimmed.get(label) ?? 0) + 1)
  const list = [...trimmed].sort(([a], [b]) => a - b).map(([label, count]) => `${count} of class ${label}`)
  return list.length === 0 ? 'none' : list.join(', ')
}
