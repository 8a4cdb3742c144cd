import type { BackdoorResult, TriggerKind } from '../../contract/index.ts'
import type { Classifier } from '../../models/classifier.ts'
import { type DefenseContext, defineDefense, type Hardened } from '../../threat/defense.ts'
import { standard } from '../../training/objective.ts'
import { recipeParameters } from '../../training/recipe.ts'
import { fit } from '../training/fit.ts'
import { accuracyOn, drawnRows, type LabelledRows, type Measure } from '../training/validation.ts'
import { findBackdoor } from './find.ts'
import { type Trigger, type TriggerSpace, triggerSpace, withTrigger } from './trigger.ts'

const { from: _from, 'validation-steps': _steps, ...recipe } = recipeParameters

/**
 * Finds the backdoor of a model and makes the model forget it: fine-tuning on clean rows, some of them with the rebuilt
 * trigger on them and their own labels all the same. What is left is searched once more, and unlearned too.
 */
export const backdoorRepair = defineDefense({
  id: 'backdoor-repair',
  title: 'Unlearning of a backdoor: the trigger is rebuilt and trained away',
  reference: 'Wang et al. 2019, Neural Cleanse, IEEE S&P, section VI (unlearning)',
  holds:
    'Takes away the effect of triggers like the rebuilt one. The rebuilt trigger is not the planted one: success is measured with the rebuilt one, and one that the search cannot find (for some source classes only, or a warp of the picture) stays.',
  aim: 'backdoor',
  parameters: {
    ...recipe,
    epochs: { ...recipe.epochs, default: 5 },
    batch: { ...recipe.batch, default: 64 },
    'learning-rate': { ...recipe['learning-rate'], default: 0.02 },
    rounds: {
      kind: 'integer',
      default: 1,
      min: 1,
      max: 10,
      help: 'searches, each followed by training; those after the first are of the target alone',
    },
    'triggered-share': {
      kind: 'number',
      default: 0.15,
      min: 0.01,
      max: 0.9,
      help: 'share of the rows that are shown with a trigger in training',
    },
    'search-rows': { kind: 'integer', default: 512, min: 20, help: 'clean rows that triggers are searched on' },
    'search-steps': { kind: 'integer', default: 200, min: 10, help: 'steps of a search' },
    verify: { kind: 'boolean', default: true, help: 'searches all classes of the repaired model anew' },
    target: {
      kind: 'integer',
      default: -1,
      min: -1,
      help: 'class whose trigger is unlearned whatever the search says; -1: the class that it finds',
    },
  },
  async run(context, parameters) {
    const { rounds, 'triggered-share': share, target, verify, ...rest } = parameters
    const space = triggerSpace(context.inputDims, context.low, context.high)
    const rows = await drawnRows(context.training, parameters['search-rows'], context.seed)
    const search = { rows, space, steps: parameters['search-steps'], wanted: target < 0 ? undefined : target }
    const triggers: Trigger[] = []
    const notes: string[] = []
    let model = context.source
    let first: Hardened['trigger']
    let done: Hardened | undefined
    for (let round = 1; round <= rounds; round++) {
      const sought = round === 1 ? search : { ...search, wanted: first!.class }
      const now = { ...context, source: model, seed: context.seed + round - 1 }
      const found = await foundIn(now, sought, `search ${round} of ${rounds}`)
      if (round === 1 && sought.wanted === undefined)
        notes.push(...found.flatMap(({ result }) => `${titles[result.kind]}: ${result.reason}`))
      const used = found.filter(({ trigger }) => trigger !== undefined)
      if (used.length === 0) break
      const best = used.reduce((a, b) => (b.success > a.success ? b : a))
      first ??= { class: best.label!, kind: best.result.kind, put: (x) => withTrigger(best.trigger!, x, space) }
      triggers.push(...used.flatMap(({ trigger }) => trigger ?? []))
      const run = {
        ...context,
        source: model,
        ...(context.checkpoint && {
          checkpoint: { ...context.checkpoint, path: `${context.checkpoint.path}.${round}` },
        }),
      }
      done = await unlearn(run, { ...rest, from: 'weights', 'validation-steps': 0 }, { triggers, share, space, round })
      model = done.model
    }
    if (!first || !done)
      return {
        model: context.source,
        epochs: [],
        notes: [
          ...notes,
          'No backdoor was found, and nothing was changed; --set target=N names a class whose trigger is to be unlearned all the same.',
        ],
      }
    const left = verify
      ? await foundIn({ ...context, source: model }, { ...search, wanted: undefined }, 'search of the repaired model')
      : []
    return {
      ...done,
      trigger: first,
      notes: [
        ...notes,
        `Success is that of the rebuilt trigger for class ${first.class} (${titles[first.kind].toLowerCase()}), searched on rows to train on and measured on others; the planted trigger is not known.`,
        ...left.map(
          ({ result }) =>
            `The repaired model, searched anew: ${result.verdict}. ${titles[result.kind]}: ${result.reason}`,
        ),
        ...done.notes,
      ],
    }
  },
})

const titles: Readonly<Record<TriggerKind, string>> = { patch: 'Patch', blend: 'Blended pattern' }

interface Search {
  readonly rows: LabelledRows
  readonly space: TriggerSpace
  readonly steps: number
  /** The class whose trigger is taken; default: that of the verdict, where it is "backdoored". */
  readonly wanted: number | undefined
}

interface Found {
  readonly result: BackdoorResult & { readonly kind: TriggerKind }
  readonly label: number | null
  readonly trigger: Trigger | undefined
  readonly success: number
}

const foundIn = async (context: DefenseContext, search: Search, stage: string): Promise<readonly Found[]> => {
  const model = await context.open(context.source)
  try {
    const kinds = ['patch', 'blend'] as const
    const all: Found[] = []
    for (const [at, kind] of kinds.entries()) {
      const { result, triggers } = await findBackdoor({
        ...{ model, kind, space: search.space, ...search.rows, seed: context.seed, batch: 32, steps: search.steps },
        ...(search.wanted !== undefined && { classes: [search.wanted] }),
        progress: (part) => context.progress({ stage, done: (at + part) / kinds.length }),
      })
      const label = search.wanted ?? result.target
      const measured = result.classes.find((one) => one.class === label)
      all.push({
        result: { ...result, kind },
        label,
        trigger: label === null ? undefined : triggers.get(label),
        success: measured?.success.value ?? 0,
      })
    }
    return all
  } finally {
    await model.release()
  }
}

interface Unlearning {
  readonly triggers: readonly Trigger[]
  readonly share: number
  readonly space: TriggerSpace
  readonly round: number
}

type FitRecipe = Parameters<typeof fit>[1]

const unlearn = (
  context: DefenseContext,
  recipe: FitRecipe,
  { triggers, share, space, round }: Unlearning,
): Promise<Hardened> => {
  const plain = standard(recipe['label-smoothing'])
  return fit(
    context,
    recipe,
    {
      key: `unlearning, round ${round}, ${triggers.length} triggers on ${share} ${plain.key}`,
      loss: plain.loss,
      prepare: async ({ x, rows, random }) => {
        const shown = x.slice()
        const size = x.length / rows
        for (let row = 0; row < rows; row++) {
          const draw = random(row, 'trigger')
          if (draw.uniform() >= share) continue
          const trigger = triggers[draw.integer(triggers.length)]!
          shown.set(withTrigger(trigger, x.subarray(row * size, (row + 1) * size), space), row * size)
        }
        return { x: shown }
      },
    },
    { chooseBy: cleanAndTriggered(triggers, space) },
  )
}

/** Clean accuracy and accuracy under the triggers count the same. */
const cleanAndTriggered =
  (triggers: readonly Trigger[], space: TriggerSpace): Measure =>
  async (now: Classifier, { x, labels }: LabelledRows) => {
    const shown = [x, ...triggers.map((trigger) => withTrigger(trigger, x, space))]
    const accuracies = []
    for (const rows of shown) accuracies.push(await accuracyOn(now, { x: rows, labels }))
    const [clean, ...triggered] = accuracies
    return { accuracy: (clean! + triggered.reduce((sum, value) => sum + value, 0) / triggered.length) / 2 }
  }
