import { type AttackedData, attackData } from '../../assessment/attack-run.ts'
import type { TargetChoice } from '../../assessment/attack-targets.ts'
import { attackNamed } from '../../assessment/battery.ts'
import { askAgain, shareThatDiffers } from '../../assessment/endpoint.ts'
import { loadFeatures, type OpenedFeatures, openFeatures } from '../../assessment/features/index.ts'
import type { Progress } from '../../assessment/progress.ts'
import { wordsFor } from '../../assessment/report/task-words.ts'
import { measureClean, type Subject } from '../../assessment/subject.ts'
import { openSurrogates } from '../../assessment/surrogates.ts'
import { goalFrom, taskFor } from '../../assessment/task.ts'
import { BartizanError } from '../../base/errors.ts'
import type { AttackResult, CleanInfo, InputInfo, Measure, Task } from '../../contract/index.ts'
import { type NpyWriter, npyWriter } from '../../data/index.ts'
import { type Classifier, openClassifier } from '../../models/classifier.ts'
import type { AnyAttack } from '../../threat/attack.ts'
import { largestChange } from '../../threat/norm.ts'
import { resolveParameters } from '../../threat/parameters.ts'
import { subjectOfEndpointFlags } from './endpoint-flags.ts'
import { demandLabels, openingFrom, type SubjectFlags, subjectFromFlags } from './subject.ts'

export interface AttackCommand extends Omit<SubjectFlags, 'model'> {
  /** One of the two. */
  readonly model?: string
  readonly endpoint?: string
  /** Asks an endpoint nothing again. */
  readonly resume?: boolean
  readonly name: string
  readonly norm?: Measure
  readonly eps?: number
  readonly set: readonly (readonly [string, string])[]
  readonly surrogates?: readonly string[]
  readonly targets?: TargetChoice
  /** When a row is broken, for models that predict no class: the keys of threat.goal. */
  readonly goal?: readonly (readonly [string, string])[]
  /** YAML file of constraints: the features section of bartizan.yaml. */
  readonly features?: string
  readonly save?: string
  readonly seed: number
  readonly progress: Progress
}

export interface FinishedAttack {
  readonly result: AttackResult
  readonly clean: CleanInfo
  readonly input: InputInfo
  readonly targets?: TargetChoice
  /** Rows that reached what the attack was after, of those predicted right before. */
  readonly broken: number
  readonly refused: number
  readonly excluded: number
  readonly saved?: string
}

/** Checks everything that can be checked first, measures the clean rows, then attacks them. */
export const runAttackCommand = async (command: AttackCommand): Promise<FinishedAttack> => {
  const attack = attackNamed(command.name)
  const norm = command.norm ?? attack.norms[0]!
  if (command.eps === undefined && !attack.minimal)
    throw new BartizanError('USAGE', `${attack.id} needs a budget: --eps`, {
      hint: 'in input units: for images in 0 to 1, --eps 8/255 in linf is usual',
    })
  const parameters = resolveParameters(attack.id, attack.parameters, Object.fromEntries(command.set))
  const features = command.features === undefined ? undefined : await loadFeatures(command.features)
  const subject = await subjectOfCommand(command)
  let writer: NpyWriter | undefined
  let surrogates: readonly Classifier[] = []
  let fedAlike: readonly Classifier[] = []
  let constrained: OpenedFeatures | undefined
  try {
    demandLabels(subject, 'an attack needs them')
    const { model, set } = subject
    const task = taskFor(model, goalFrom(command.goal ?? []))
    const opening = openingFrom(command)
    surrogates = await openSurrogates(command.surrogates ?? [], model, opening)
    constrained =
      features &&
      (await openFeatures(features, {
        set,
        input: subject.input,
        preprocessing: opening.preprocessing,
        reopen: (preprocessing) =>
          openClassifier(demandFile(command.model), {
            ...opening,
            shape: model.input.dims,
            task: task.kind,
            preprocessing,
          }),
      }))
    const { constraints, units, preprocessing, input = subject.input } = constrained ?? {}
    if (preprocessing) fedAlike = await openSurrogates(command.surrogates ?? [], model, { ...opening, preprocessing })
    command.progress.start('clean rows')
    const clean = await measureClean({ ...subject, task }, undefined)
    const { accuracy } = clean
    command.progress.end(
      `${task.kind === 'classification' ? 'accuracy' : wordsFor({ task }).clean.toLowerCase()} ${(100 * accuracy.value).toFixed(1)} %`,
    )
    const again = subject.endpoint && (await askAgain(subject.endpoint, set, subject.repeats ?? 0))
    const started = performance.now()
    command.progress.start(attack.id)
    if (command.save !== undefined)
      writer = await npyWriter(command.save, { dtype: 'float32', shape: [set.rows, ...set.shape] })
    const [low, high] = input.range
    const [least, most] = input.budgetRange ?? input.range
    const attacked = await attackData({
      set,
      model,
      task,
      attack,
      norm,
      epsilon: command.eps ?? largestChange(norm, most - least, model.size),
      low,
      high,
      parameters,
      seed: command.seed,
      targets: command.targets,
      surrogates,
      constraints,
      units: units && { ...units, surrogates: fedAlike },
      progress: command.progress.update,
      onChunk: ({ adversarial }) => writer?.append(adversarial),
    })
    await writer?.commit()
    const seconds = (performance.now() - started) / 1000
    command.progress.end(
      `${wordsFor({ task }).robust.toLowerCase()} ${(100 * attacked.robustAccuracy.value).toFixed(1)} %`,
    )
    return {
      result: {
        ...resultOf(attack, norm, command, task, attacked, seconds),
        ...(subject.endpoint && { endpoint: subject.endpoint.use() }),
        ...(again && { answersThatDiffer: shareThatDiffers(again) }),
        ...(units && { units: input.units }),
        ...(input.constraints && { constraints: input.constraints }),
      },
      clean,
      input,
      targets: command.targets,
      broken: attacked.perRow.broken.filter(Boolean).length,
      refused: attacked.refused,
      excluded: attacked.excluded,
      saved: command.save,
    }
  } finally {
    await writer?.discard()
    for (const surrogate of [...surrogates, ...fedAlike]) await surrogate.release()
    await constrained?.units?.model.release()
    await subject.close()
  }
}

/** The model of a file, or behind an API. */
const subjectOfCommand = async (command: AttackCommand): Promise<Subject & { readonly repeats?: number }> => {
  const { model, endpoint, resume = false } = command
  if ((model === undefined) === (endpoint === undefined))
    throw new BartizanError(
      'USAGE',
      model === undefined ? '--model is missing' : '--model and --endpoint were both given',
      {
        hint: '--model FILE names an ONNX file, --endpoint URL a model behind an API; one of them',
      },
    )
  if (endpoint !== undefined) return subjectOfEndpointFlags({ ...command, endpoint, resume })
  if (resume) throw new BartizanError('USAGE', '--resume goes with --endpoint, whose answers are kept')
  return subjectFromFlags({ ...command, model: demandFile(model) })
}

const demandFile = (model: string | undefined): string => {
  if (model !== undefined) return model
  throw new BartizanError('MODEL_UNSUPPORTED', 'features that are scaled need a model that is a file', {
    hint: 'leave scale and cost out of the features of an endpoint',
  })
}

const resultOf = (
  attack: AnyAttack,
  norm: Measure,
  { eps, seed }: AttackCommand,
  task: Task,
  { parameters, rows, cleanAccuracy, robustAccuracy, distance, queries }: AttackedData,
  seconds: number,
): AttackResult => ({
  attack: attack.id,
  norm,
  ...(eps !== undefined && { epsilon: eps }),
  params: parameters,
  seed,
  ...(task.kind !== 'classification' && { task }),
  rows,
  cleanAccuracy,
  robustAccuracy,
  distance,
  queries,
  seconds,
})
