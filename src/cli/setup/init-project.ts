import { access } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { type ConfigAnswers, parseConfig, renderConfig } from '../../assessment/config/index.ts'
import type { Subject } from '../../assessment/subject.ts'
import { BartizanError } from '../../base/errors.ts'
import type { Figure } from '../../contract/index.ts'
import { type DataSet, openData, tableColumns, viewAs, writeTextAtomically } from '../../data/index.ts'
import { type Classifier, openClassifier } from '../../models/classifier.ts'
import { sizeOf } from '../../onnx/tensor.ts'
import { predictRows } from '../work/predictions.ts'
import { type Budgets, budgetsFor, unevenness } from './budgets.ts'
import { bestFeeding, feedings, type TriedFeeding } from './feeding.ts'
import { type FoundRange, inputRange } from './input-range.ts'
import { labelsBeside } from './label-file.ts'
import { withPreprocessing } from './preprocessing-lines.ts'
import { looksLikeBytes, spreadOf } from './spread.ts'
import { chooseColumns } from './table-columns.ts'

export interface InitCommand {
  readonly model: string
  readonly data: string
  readonly labels?: string
  readonly label?: string
  readonly columns?: readonly string[]
  readonly shape?: readonly number[]
  readonly out: string
  readonly force: boolean
  readonly threads: number
}

/** What was found out and written. */
export interface InitResult {
  readonly config: string
  readonly labels: string
  readonly feeding: TriedFeeding
  readonly tried: readonly TriedFeeding[]
  readonly range: FoundRange
  readonly rows: readonly [number, number]
  readonly accuracy: Figure
  readonly budgets: Budgets
  /** What the reader should know before going on. */
  readonly notes: readonly string[]
}

/** Rows that a first assessment takes. */
const firstRows = 256

interface RowsFrom {
  readonly labels?: string
  readonly label?: string
  readonly columns?: readonly string[]
}

/** Inspects a model and its data, and writes a commented bartizan.yaml. Never overwrites one unless told to. */
export const initProject = async (command: InitCommand): Promise<InitResult> => {
  await refuseExisting(command)
  const model = await openClassifier(command.model, { shape: command.shape, threads: command.threads })
  try {
    if (!model.input.dtype.includes('float'))
      throw new BartizanError('ATTACK_NOT_APPLICABLE', `the input of ${command.model} is ${model.input.dtype}`, {
        hint: 'whole numbers have no neighbours at a small distance, so there is nothing to assess yet; predict and gradient work',
      })
    return await setUp(command, model)
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

const setUp = async (command: InitCommand, model: Classifier): Promise<InitResult> => {
  const from = await rowsFrom(command, model)
  const stored = await openRows(command, model, from, 1)
  try {
    const spread = await spreadOf(stored)
    const { best, tried } = await bestFeeding(model, stored, feedings(model.input.dims, spread))
    const isBytes = looksLikeBytes(spread)
    const range = inputRange(spread.low, spread.high, best.scale, isBytes)
    const rows = [0, Math.min(firstRows, stored.rows)] as const
    const accuracy = await accuracyOf(command, from, best, rows)
    const budgets = budgetsFor(model.input.dims, range.range, spread.deviations)
    const answers = answersOf({ command, model, set: stored, from, best, range, rows, accuracy, budgets })
    const text = withPreprocessing(renderConfig(answers), best)
    parseConfig(text, command.out)
    await writeTextAtomically(command.out, text)
    const { tried: _, ...rest } = { tried, best }
    return {
      config: command.out,
      labels: from.labels ?? from.label ?? `in ${command.data}`,
      feeding: rest.best,
      tried,
      range,
      rows,
      accuracy,
      budgets,
      notes: notesOn(model, accuracy, spread.deviations),
    }
  } finally {
    await stored.close()
  }
}
