import { BartizanError } from '../../base/errors.ts'
import { writeTextAtomically } from '../../data/atomic-file.ts'
import type { Model } from '../../onnx/types.ts'
import { defineDefense } from '../../threat/defense.ts'
import { standard } from '../../training/objective.ts'
import type { EpochRecord } from '../../training/position.ts'
import { recipeParameters } from '../../training/recipe.ts'
import { memoryStore, subsetOf } from '../../training/row-store.ts'
import { withVoteMetadata } from '../partition/metadata.ts'
import { joined, partitionsOf } from '../partition/partitions.ts'
import { voteModel } from '../partition/vote-model.ts'
import { fit } from './fit.ts'

// A base model that began from weights which saw all rows, or whose best epoch was chosen by rows of other parts, would
// depend on more than its own part: the certificate would be void.
const {
  from: _from,
  patience: _patience,
  'validation-rows': _rows,
  'validation-steps': _steps,
  ...recipe
} = recipeParameters

/** Deep partition aggregation: models that learn from parts of the rows vote, and a vote certifies. */
export const partitionAggregation = defineDefense({
  id: 'partition-aggregation',
  title: 'Deep partition aggregation: models trained on parts of the rows vote, with a certificate',
  reference: 'Levine and Feizi 2021, arXiv:2006.14768',
  holds:
    'Withstands, by proof, so many training rows (or whole sources) that were added, removed or labelled anew as the report ' +
    'certifies for each prediction; a row whose values were changed counts as one that was removed and one that was added, ' +
    'and anything done to a source counts once. Not changes of the input of the model in use. Where only labels are ' +
    'attacked, SS-DPA of the same paper, whose base models also learn from the unlabelled rows of all parts, certifies more: ' +
    'it is not offered here.',
  aim: 'poisoning',
  parameters: {
    ...recipe,
    partitions: {
      kind: 'integer',
      default: 10,
      min: 2,
      max: 2000,
      help: 'base models, each of which learns from its part of the rows: more certify more and learn from less',
    },
  },
  async run(context, parameters) {
    const { partitions: k } = parameters
    // Everything there is: which rows would be held back for validation depends on the others.
    const store = joined(context.training, context.validation)
    const { sources } = context
    const parts = await partitionsOf(store, k, sources)
    const objective = standard(parameters['label-smoothing'])
    const models: Model[] = []
    const notes = new Set<string>()
    const diverged: number[] = []
    const courses: Course[] = []
    for (const [i, at] of parts.entries()) {
      context.progress({ stage: `part ${i + 1} of ${k}, ${at.length} rows`, done: i / k })
      const empty = at.length === 0
      // No rows, no step that counts: the weights as they were drawn, which depend on no row.
      const {
        model,
        stopped,
        epochs,
        notes: told,
      } = await fit(
        {
          ...context,
          training: empty ? memoryStore(new Float32Array(store.size), Int32Array.of(0)) : subsetOf(store, at),
          validation: memoryStore(new Float32Array(), new Int32Array()),
          checkpoint: context.checkpoint && { ...context.checkpoint, path: `${context.checkpoint.path}.${i}` },
          progress: () => context.progress({ stage: `part ${i + 1} of ${k}, ${at.length} rows`, done: i / k }),
        },
        {
          ...parameters,
          from: 'scratch',
          patience: 0,
          'validation-rows': 1,
          'validation-steps': 0,
          ...(empty && { 'learning-rate': 1e-30, epochs: 1 }),
        },
        { ...objective, key: `part ${i} of ${k} ${objective.key}` },
        { chooseBy: 'accuracy' },
      )
      models.push(model)
      if (!empty) courses.push({ rows: at.length, epochs })
      for (const note of told) notes.add(note)
      if (stopped?.reason === 'diverged') diverged.push(i)
      if (context.checkpoint)
        await writeTextAtomically(context.checkpoint.path, JSON.stringify({ parts: i + 1, of: k }))
    }
    const opened = await context.open(context.source)
    const { classes, output } = opened
    await opened.release()
    if (output.kind === 'numbers') throw new BartizanError('MODEL_UNSUPPORTED', 'a vote is between classes')
    const unit = sources ? 'sources' : 'rows'
    const sizes = parts.map(({ length }) => length)
    const declared =
      output.kind.endsWith('probabilities') || output.kind.endsWith('probability') ? 'probabilities' : 'logits'
    return {
      model: withVoteMetadata(
        voteModel(models, {
          output: output.tap === undefined ? declared : 'auto',
          dims: context.inputDims,
          classes,
        }),
        { partitions: k, unit },
      ),
      epochs: meanEpochs(courses),
      stopped: { reason: 'finished', detail: `all ${k} parts` },
      notes: [
        ...notes,
        `The ${k} base models learned from ${Math.min(...sizes)} to ${Math.max(...sizes)} rows each, ${store.rows} in all: none were held back to choose an epoch by. Parts follow from a hash of ${sources ? `the source of a row (${new Set(sources.of).size} sources)` : "a row's values"}, never from its place in the file. The scores of the file are their votes.`,
        ...(sizes.includes(0)
          ? [
              `No rows fell to ${sizes.filter((size) => size === 0).length} of the parts: their base models vote untrained.`,
            ]
          : []),
        ...(diverged.length > 0
          ? [
              `Training diverged in ${diverged.length} of the parts (${diverged.join(', ')}): they vote with their last good weights.`,
            ]
          : []),
      ],
    }
  },
})

interface Course {
  readonly rows: number
  readonly epochs: readonly EpochRecord[]
}

/** The course of all trainings as one: means over the rows of the parts. The weights are those of the last epoch. */
const meanEpochs = (courses: readonly Course[]): readonly EpochRecord[] => {
  const most = Math.max(0, ...courses.map(({ epochs }) => epochs.length))
  return Array.from({ length: most }, (_, i) => {
    const there = courses.flatMap(({ rows, epochs }) => {
      const epoch = epochs[i]
      return epoch ? [{ rows, epoch }] : []
    })
    const total = there.reduce((sum, { rows }) => sum + rows, 0)
    const mean = (of: (epoch: EpochRecord) => number): number =>
      there.reduce((sum, { rows, epoch }) => sum + (rows / total) * of(epoch), 0)
    return {
      epoch: i + 1,
      loss: mean(({ loss }) => loss),
      accuracy: Math.min(
        1,
        mean(({ accuracy }) => accuracy),
      ),
      rate: mean(({ rate }) => rate),
      best: i + 1 === most,
    }
  })
}
