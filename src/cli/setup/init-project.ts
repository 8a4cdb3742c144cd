import { access } from 'node:fs/promises'
import { parseConfig, renderConfig } from '../../assessment/config/index.ts'
import { measureOutputs } from '../../assessment/measure-outputs.ts'
import { openForTask } from '../../assessment/subject.ts'
import { taskKindOf } from '../../assessment/task.ts'
import { BartizanError, isBartizanError } from '../../base/errors.ts'
import type { Figure, Task } from '../../contract/index.ts'
import { writeTextAtomically } from '../../data/index.ts'
import { type Classifier, openClassifier } from '../../models/classifier.ts'
import { predictRows } from '../work/predictions.ts'
import { subjectFromFlags } from '../work/subject.ts'
import { budgetsFor, unevenness } from './budgets.ts'
import { answersOf } from './config-answers.ts'
import { bestFeeding, feedings, type TriedFeeding } from './feeding.ts'
import type { Findings, InitCommand } from './findings.ts'
import { foundFeatures } from './found-features.ts'
import { type FoundRange, inputRange } from './input-range.ts'
import { outputKindOf } from './output-kind.ts'
import { withPreprocessing } from './preprocessing.ts'
import { proposedTask } from './proposed-task.ts'
import { type FoundRows, findRows, openRows } from './rows.ts'
import { looksLikeBytes, spreadOf } from './spread.ts'

/** Rows that a first assessment takes. */
const firstRows = 256

/** Inspects a model and its data, and writes a commented bartizan.yaml. Never overwrites one unless told to. */
export const initProject = async (command: InitCommand): Promise<Findings> => {
  await refuseExisting(command)
  const model = await modelFor(command)
  try {
    if (!model.input.dtype.includes('float'))
      throw new BartizanError('ATTACK_NOT_APPLICABLE', `the input of ${command.model} is ${model.input.dtype}`, {
        hint: 'whole numbers have no neighbours at a small distance: there is nothing to assess; predict and gradient work',
      })
    const findings = await findOut({ ...command, task: taskKindOf(model.output.kind) }, model)
    const text = withPreprocessing(renderConfig(answersOf(command, model, findings)), findings.feeding)
    parseConfig(text, command.out)
    await writeTextAtomically(command.out, text)
    return findings
  } finally {
    await model.release()
  }
}

/**
 * The model, for what it predicts: what is given, else what its graph says, else what the labels look like. One output
 * without a sigmoid is a logit where labels are 0 and 1, and a number where they are others.
 */
const modelFor = async (command: InitCommand): Promise<Classifier> => {
  const { task, shape, threads, labelColumns } = command
  const model = await openForTask(command.model, { task, shape, threads }, labelColumns !== undefined)
  const unsure = task === 'auto' && (model.output.kind === 'binary-logit' || labelColumns !== undefined)
  if (!unsure || (await zeroOrOne(command, model))) return model
  await model.release()
  return openClassifier(command.model, { task: 'regression', shape, threads })
}

const zeroOrOne = async (command: InitCommand, model: Classifier): Promise<boolean> => {
  try {
    const from = await findRows(command, model.size)
    const set = await openRows(command.data, from, model.input.dims, 'numbers')
    try {
      const { numbers } = await set.read(0, Math.min(1024, set.rows))
      return numbers?.every((value) => value === 0 || value === 1) ?? true
    } finally {
      await set.close()
    }
  } catch (error) {
    // Names of classes are no numbers; whatever else is wrong is told when the rows are opened to be measured.
    if (isBartizanError(error, 'DATA_LABEL_INVALID') || isBartizanError(error, 'DATA_CORRUPT')) return true
    await model.release()
    throw error
  }
}

const refuseExisting = async ({ out, force }: InitCommand): Promise<void> => {
  const exists = await access(out).then(
    () => true,
    () => false,
  )
  if (exists && !force)
    throw new BartizanError('RUN_CONFLICT', `${out} exists already`, {
      hint: '--force overwrites it, --out writes another file',
      data: { out },
    })
}

const findOut = async (command: InitCommand, model: Classifier): Promise<Findings> => {
  const kind = taskKindOf(model.output.kind)
  const from = await findRows(command, model.size)
  const stored = await openRows(command.data, from, model.input.dims, kind === 'classification' ? 'classes' : 'numbers')
  try {
    const spread = await spreadOf(stored)
    const { best, tried } = await bestFeeding(model, stored, feedings(model.input.dims, spread), kind)
    const scaled = [spread.low * best.scale, spread.high * best.scale] as const
    const range = inputRange(...scaled, best.scale, looksLikeBytes(spread))
    const deviations = spread.deviations.map((deviation) => deviation * best.scale)
    const rows = [0, Math.min(firstRows, stored.rows)] as const
    const task = await proposedTask(kind, stored, rows)
    const { accuracy, error } = await accuracyOn(command, from, best, range, rows, task)
    return {
      from,
      available: stored.rows,
      rows,
      feeding: best,
      tried,
      range,
      output: await outputKindOf(model, stored, best),
      task,
      accuracy,
      ...(error && { error }),
      budgets: budgetsFor(model.input.dims, range.range, deviations),
      features: foundFeatures(stored, spread, best.scale),
      notes: [...notesOn(model, task, accuracy, deviations), ...(from.notes ?? [])],
    }
  } finally {
    await stored.close()
  }
}

/** Measured as an assessment will: on the rows, in the range and with the preprocessing that are written down. */
const accuracyOn = async (
  { model, data, shape, threads, task: declared }: InitCommand,
  from: FoundRows,
  { scale, mean, std }: TriedFeeding,
  { range }: FoundRange,
  [first, end]: readonly [number, number],
  task: Task,
): Promise<{ readonly accuracy: Figure; readonly error?: Figure }> => {
  const rows = { from: first, to: end }
  const output = 'auto'
  const subject = await subjectFromFlags({
    model,
    data,
    shape,
    threads,
    ...from,
    scale,
    mean,
    std,
    range,
    rows,
    output,
    task: declared,
  })
  try {
    if (task.kind !== 'classification') {
      const { accuracy, error } = await measureOutputs({ ...subject, task })
      return { accuracy, error: error?.absolute }
    }
    const { accuracy } = await predictRows(subject, { range, progress: () => {} })
    if (accuracy) return { accuracy }
    throw new BartizanError('INTERNAL', 'the rows were opened with labels and came without')
  } finally {
    await subject.close()
  }
}

/** Features this many times wider than others don't fit one budget. */
const uneven = 20

const notesOn = (model: Classifier, task: Task, accuracy: Figure, deviations: Float64Array): readonly string[] => {
  const ratio = unevenness(deviations)
  return [
    ...(task.kind === 'classification' && accuracy.low <= 1 / model.classes
      ? [
          'The accuracy is no better than chance: the labels, the order of the classes or the preprocessing are wrong. Correct bartizan.yaml before you assess.',
        ]
      : []),
    ...(model.differentiable.ok ? [] : [`Attacks that need gradients won't run: ${model.differentiable.reason}.`]),
    ...(model.input.dims.length === 1 && ratio > uneven
      ? [
          `Some features spread ${Math.round(ratio)} times as far as others, and a budget is the same for all: scale the features alike before the model if you can.`,
        ]
      : []),
  ]
}
