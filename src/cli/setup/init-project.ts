import { access } from 'node:fs/promises'
import { parseConfig, renderConfig } from '../../assessment/config/index.ts'
import { BartizanError } from '../../base/errors.ts'
import type { Figure } from '../../contract/index.ts'
import { writeTextAtomically } from '../../data/index.ts'
import { type Classifier, openClassifier } from '../../models/classifier.ts'
import { predictRows } from '../work/predictions.ts'
import { demandClasses, subjectFromFlags } from '../work/subject.ts'
import { budgetsFor, unevenness } from './budgets.ts'
import { answersOf } from './config-answers.ts'
import { bestFeeding, feedings, type TriedFeeding } from './feeding.ts'
import type { Findings, InitCommand } from './findings.ts'
import { foundFeatures } from './found-features.ts'
import { type FoundRange, inputRange } from './input-range.ts'
import { outputKindOf } from './output-kind.ts'
import { withPreprocessing } from './preprocessing.ts'
import { type FoundRows, findRows, openRows } from './rows.ts'
import { looksLikeBytes, spreadOf } from './spread.ts'

/** Rows that a first assessment takes. */
const firstRows = 256

/** Inspects a model and its data, and writes a commented bartizan.yaml. Never overwrites one unless told to. */
export const initProject = async (command: InitCommand): Promise<Findings> => {
  await refuseExisting(command)
  const model = await openClassifier(command.model, { shape: command.shape, threads: command.threads })
  try {
    if (!model.input.dtype.includes('float'))
      throw new BartizanError('ATTACK_NOT_APPLICABLE', `the input of ${command.model} is ${model.input.dtype}`, {
        hint: 'whole numbers have no neighbours at a small distance: there is nothing to assess; predict and gradient work',
      })
    const findings = await findOut(command, model)
    const text = withPreprocessing(renderConfig(answersOf(command, model, findings)), findings.feeding)
    parseConfig(text, command.out)
    await writeTextAtomically(command.out, text)
    return findings
  } finally {
    await model.release()
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
  demandClasses(model, 'bartizan init')
  const from = await findRows(command, model.size)
  const stored = await openRows(command.data, from, model.input.dims)
  try {
    const spread = await spreadOf(stored)
    const { best, tried } = await bestFeeding(model, stored, feedings(model.input.dims, spread))
    const scaled = [spread.low * best.scale, spread.high * best.scale] as const
    const range = inputRange(...scaled, best.scale, looksLikeBytes(spread))
    const deviations = spread.deviations.map((deviation) => deviation * best.scale)
    const rows = [0, Math.min(firstRows, stored.rows)] as const
    const accuracy = await accuracyOn(command, from, best, range, rows)
    return {
      from,
      available: stored.rows,
      rows,
      feeding: best,
      tried,
      range,
      output: await outputKindOf(model, stored, best),
      accuracy,
      budgets: budgetsFor(model.input.dims, range.range, deviations),
      features: foundFeatures(stored, spread, best.scale),
      notes: [...notesOn(model, accuracy, deviations), ...(from.notes ?? [])],
    }
  } finally {
    await stored.close()
  }
}

/** Measured as an assessment will: on the rows, in the range and with the preprocessing that are written down. */
const accuracyOn = async (
  { model, data, shape, threads }: InitCommand,
  from: FoundRows,
  { scale, mean, std }: TriedFeeding,
  { range }: FoundRange,
  [first, end]: readonly [number, number],
): Promise<Figure> => {
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
  })
  try {
    const { accuracy } = await predictRows(subject, { range, progress: () => {} })
    if (accuracy) return accuracy
    throw new BartizanError('INTERNAL', 'the rows were opened with labels and came without')
  } finally {
    await subject.close()
  }
}

/** Features this many times wider than others don't fit one budget. */
const uneven = 20

const notesOn = (model: Classifier, accuracy: Figure, deviations: Float64Array): readonly string[] => {
  const ratio = unevenness(deviations)
  return [
    ...(accuracy.low <= 1 / model.classes
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
