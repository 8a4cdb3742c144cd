import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AttackedData, attackData } from '../../assessment/attack-run.ts'
import type { TargetChoice } from '../../assessment/attack-targets.ts'
import { attackNamed } from '../../assessment/battery.ts'
import { askAgain, shareThatDiffers } from '../../assessment/endpoint.ts'
import { evasionResultOf } from '../../assessment/evasion-result.ts'
import { loadFeatures, type OpenedFeatures, openFeatures } from '../../assessment/features/index.ts'
import type { Progress } from '../../assessment/progress.ts'
import { queryCurve } from '../../assessment/query-curve.ts'
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
import { writeAttackReport } from './attack-report.ts'
import { subjectOfEndpointFlags } from './endpoint-flags.ts'
import { demandFit, loadFitted, saveFitted } from './fitted-file.ts'
import { checkOutputs } from './outputs.ts'
import { demandLabels, openingFrom, type SubjectFlags, subjectFromFlags } from './subject.ts'

export interface AttackCommand extends Omit<SubjectFlags, 'model'> {
  /** One of the two. */
  readonly model?: string
  readonly endpoint?: string
  /** Asks an endpoint nothing again. */
  readonly resume?: boolean
  /** Forgets what an endpoint answered before. */
  readonly askAgain?: boolean
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
  /** Keeps what the attack made for all rows. */
  readonly saveFitted?: string
  /** Applies what such a run kept. */
  readonly fitted?: string
  /** HTML file of the result. */
  readonly report?: string
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
  /** Files that were written, by what they hold. */
  readonly files: readonly (readonly [string, string | undefined])[]
}

/** Checks everything that can be checked first, measures the clean rows, then attacks them. */
export const runAttackCommand = async (command: AttackCommand): Promise<FinishedAttack> => {
  const attack = attackNamed(command.name)
  const norm = command.norm ?? attack.norms[0]!
  if (command.eps === undefined && !attack.minimal)
    throw new BartizanError('USAGE', `${attack.id} needs a budget: --eps`, {
      hint: 'in input units: for images in 0 to 1, --eps 8/255 in linf is usual',
    })
  await checkFiles(command, attack)
  const parameters = resolveParameters(attack.id, attack.parameters, Object.fromEntries(command.set))
  const features = command.features === undefined ? undefined : await loadFeatures(command.features)
  const subject = await subjectOfCommand(command)
  let writer: NpyWriter | undefined
  let surrogates: readonly Classifier[] = []
  let fedAlike: readonly Classifier[] = []
  let constrained: OpenedFeatures | undefined
  let folder: string | undefined
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
    const [low, high] = input.range
    const [least, most] = input.budgetRange ?? input.range
    const epsilon = command.eps ?? largestChange(norm, most - least, model.size)
    const use = {
      attack,
      dims: model.input.dims,
      norm,
      epsilon,
      low: units?.range[0] ?? low,
      high: units?.range[1] ?? high,
    }
    const loaded = command.fitted === undefined ? undefined : await loadFitted(command.fitted, use)
    command.progress.start('clean rows')
    const clean = await measureClean({ ...subject, task }, undefined)
    const { accuracy } = clean
    command.progress.end(
      `${task.kind === 'classification' ? 'accuracy' : wordsFor({ task }).clean.toLowerCase()} ${(100 * accuracy.value).toFixed(1)} %`,
    )
    const again = subject.endpoint && (await askAgain(subject.endpoint, set, subject.repeats ?? 0))
    const started = performance.now()
    command.progress.start(attack.id)
    if (command.report !== undefined) folder = await mkdtemp(join(tmpdir(), 'bartizan-'))
    const examples = command.save ?? (folder === undefined ? undefined : join(folder, 'examples.npy'))
    if (examples !== undefined)
      writer = await npyWriter(examples, { dtype: 'float32', shape: [set.rows, ...set.shape] })
    const attacked = await attackData({
      set,
      model,
      task,
      attack,
      norm,
      epsilon,
      low,
      high,
      levels: input.levels,
      parameters,
      seed: command.seed,
      fitted: loaded?.values,
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
    const { fitted, fittedValues } = attacked
    if (command.saveFitted !== undefined && fitted && fittedValues)
      await saveFitted(command.saveFitted, attack.id, fitted, fittedValues)
    const result: AttackResult = {
      ...resultOf(attack, norm, command, task, attacked, seconds),
      ...(fitted && { fitted: { ...fitted, ...(loaded && { file: loaded.file }) } }),
      ...(subject.endpoint && { endpoint: subject.endpoint.use() }),
      ...(again && { answersThatDiffer: shareThatDiffers(again) }),
      ...(units && { units: input.units }),
      ...(input.constraints && { constraints: input.constraints }),
    }
    const { report } = command
    if (report !== undefined && examples !== undefined && folder !== undefined)
      await writeAttackReport({ path: report, result, attacked, subject, input, examples, folder })
    return {
      result,
      clean,
      input,
      targets: command.targets,
      broken: attacked.perRow.broken.filter(Boolean).length,
      refused: attacked.refused,
      excluded: attacked.excluded,
      files: [
        ['examples', command.save],
        [attack.makes ?? 'fitted', command.saveFitted],
        ['report', report],
      ],
    }
  } finally {
    await writer?.discard()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
    for (const surrogate of [...surrogates, ...fedAlike]) await surrogate.release()
    await constrained?.units?.model.release()
    await subject.close()
  }
}

/** What can't be written or isn't there is said before the work. */
const checkFiles = async (
  { model, data, labels, features, save, saveFitted: keep, fitted, report }: AttackCommand,
  attack: AnyAttack,
): Promise<void> => {
  if (keep !== undefined) demandFit(attack, '--save-fitted')
  if (fitted !== undefined) demandFit(attack, '--fitted')
  if (keep !== undefined && fitted !== undefined)
    throw new BartizanError('USAGE', '--fitted applies what was made before: there is nothing new for --save-fitted')
  await checkOutputs(
    { '--model': model, '--data': data, '--labels': labels, '--features': features, '--fitted': fitted },
    { '--save': save, '--save-fitted': keep, '--report': report },
  )
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
  if (resume || command.askAgain)
    throw new BartizanError(
      'USAGE',
      `--${resume ? 'resume' : 'ask-again'} goes with --endpoint, whose answers are kept`,
    )
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
  attacked: AttackedData,
  seconds: number,
): AttackResult => {
  const curve = queryCurve(attacked.perRow, attacked.rows)
  return {
    attack: attack.id,
    norm,
    ...(eps !== undefined && { epsilon: eps }),
    params: attacked.parameters,
    seed,
    ...(task.kind !== 'classification' && { task }),
    ...evasionResultOf(attacked),
    ...(curve && { queryCurve: curve }),
    seconds,
  }
}
