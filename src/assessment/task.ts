import { BartizanError } from '../base/errors.ts'
import { type Config, goalConfigSchema, type OutputKind, type Task, type TaskKind } from '../contract/index.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import { classification } from '../threat/goal/judge.ts'

type GoalConfig = NonNullable<Config['threat']['goal']>

const keysOf = {
  regression: ['tolerance', 'relative', 'direction', 'output'],
  'multi-label': ['flips', 'label'],
} as const

/** What a model predicts, by what its last layer gives. */
export const taskKindOf = (kind: OutputKind | undefined): TaskKind =>
  kind === 'numbers'
    ? 'regression'
    : kind === 'label-logits' || kind === 'label-probabilities'
      ? 'multi-label'
      : 'classification'

/**
 * When a row of this model counts as broken. Throws CONFIG_INVALID where the goal doesn't say enough, or speaks of what
 * the model doesn't predict.
 */
export const taskFor = (
  { output, classes }: Pick<AttackedModel, 'output' | 'classes'>,
  goal: GoalConfig = {},
): Task => {
  const predicts = taskKindOf(output?.kind)
  const known: readonly string[] = predicts === 'classification' ? [] : keysOf[predicts]
  const foreign = Object.entries(goal).find(([key, value]) => value !== undefined && !known.includes(key))
  if (foreign)
    throw invalid(
      `threat.goal.${foreign[0]} means nothing for this model, which predicts ${predicts === 'regression' ? 'numbers' : predicts === 'multi-label' ? 'labels' : 'classes'}`,
      ['model.task says what the model predicts: classification, regression or multi-label'],
    )
  if (predicts === 'classification') return classification
  if (predicts === 'multi-label') {
    const flips = goal.flips === 'all' ? goal.flips : goal.flips === 'any' ? 1 : (goal.flips ?? 1)
    const counted = goal.label === undefined ? classes : 1
    if (flips !== 'all' && flips > counted)
      throw invalid(`threat.goal.flips asks for ${flips} labels, and ${counted} can flip`)
    refuseBeyond('label', goal.label, classes)
    return { kind: predicts, flips, ...(goal.label !== undefined && { label: goal.label }) }
  }
  const { tolerance = 0, relative = 0, direction = 'either', output: counted } = goal
  if (tolerance === 0 && relative === 0)
    throw invalid('the model predicts numbers: how far must one move to count as broken?', [
      'give threat.goal.tolerance (in the unit of the prediction) or threat.goal.relative (a share of it); --goal tolerance=5 or --goal relative=0.1',
    ])
  refuseBeyond('output', counted, classes)
  return { kind: predicts, tolerance, relative, direction, ...(counted !== undefined && { output: counted }) }
}

/** A goal as flags give it, key=value. Throws USAGE. */
export const goalFrom = (pairs: readonly (readonly [string, string])[]): GoalConfig => {
  const numberOr = (written: string): string | number =>
    written.trim() !== '' && Number.isFinite(Number(written)) ? Number(written) : written
  const parsed = goalConfigSchema.safeParse(Object.fromEntries(pairs.map(([key, value]) => [key, numberOr(value)])))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new BartizanError('USAGE', `--goal ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`, {
    hint: 'regression: tolerance, relative, direction (up, down, either), output; multi-label: flips (any, all, a number), label',
  })
}

const refuseBeyond = (key: string, value: number | undefined, count: number): void => {
  if (value !== undefined && value >= count)
    throw invalid(`threat.goal.${key} is ${value}, and the model has ${count}, counted from 0`)
}

const invalid = (message: string, [hint]: readonly string[] = []): BartizanError =>
  new BartizanError('CONFIG_INVALID', message, { hint })

/** "a prediction moves up or down by more than 5 or 10 %, whichever is larger"; undefined for classes. */
export const goalSentence = (task: Task): string | undefined => {
  if (task.kind === 'classification') return undefined
  if (task.kind === 'multi-label') {
    if (task.label !== undefined) return `label ${task.label} is turned`
    return task.flips === 'all'
      ? 'every label that was right is turned'
      : `${task.flips} of the labels that were right ${task.flips === 1 ? 'is' : 'are'} turned`
  }
  const { tolerance, relative, direction, output } = task
  const ways = { up: 'rises', down: 'falls', either: 'moves' } as const
  const limits = [tolerance > 0 && String(tolerance), relative > 0 && `${Number((100 * relative).toPrecision(6))} %`]
  const by = limits.filter(Boolean)
  return `${output === undefined ? 'a prediction' : `prediction ${output}`} ${ways[direction]} by more than ${by.join(' and ')}`
}
