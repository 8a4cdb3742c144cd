import { type FileSubject, openForTask, type Subject } from '../../assessment/subject.ts'
import { taskKindOf } from '../../assessment/task.ts'
import { BartizanError } from '../../base/errors.ts'
import type { RowRange } from '../../contract/index.ts'
import { type DataSet, openData, viewAs } from '../../data/index.ts'
import type { AttackedModel } from '../../models/attacked-model.ts'
import type { Classifier, ClassifierOptions } from '../../models/classifier.ts'
import type { OutputTask } from '../../models/outputs.ts'

/** What the shared flags say of a model and its rows. */
export interface SubjectFlags {
  readonly model: string
  readonly data: string
  readonly labels?: string
  readonly label?: string
  /** Columns that hold what is to be predicted, for models that predict no class. */
  readonly labelColumns?: readonly string[]
  /** What the model predicts; default: what its graph says. */
  readonly task?: OutputTask
  readonly columns?: readonly string[]
  readonly rows?: RowRange
  readonly scale?: number
  readonly shape?: readonly number[]
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
  readonly output: 'auto' | 'logits' | 'probabilities'
  readonly range: readonly [number, number]
  /** Numbers that a stored value can be, evenly over the range. */
  readonly levels?: number
  readonly threads: number
}

/** Opens the model and sees the rows in the shape that it wants; the caller closes both. */
export const subjectFromFlags = async (flags: SubjectFlags): Promise<FileSubject> => {
  const model = await openForTask(flags.model, openingFrom(flags), flags.labelColumns !== undefined)
  try {
    return await subjectOf(model, flags)
  } catch (error) {
    await model.release()
    throw error
  }
}

/** The same for a model that is open already; closing the subject releases it. */
export const subjectOf = async (model: Classifier, flags: SubjectFlags): Promise<FileSubject> => {
  const set = await rowsFor(model, flags)
  return {
    model,
    set,
    input: {
      range: [...flags.range],
      ...(flags.levels && { levels: flags.levels }),
      units: unitsOf(flags),
      shape: [...model.input.dims],
    },
    async close() {
      await set.close()
      await model.release()
    },
  }
}

/** How a model is opened that takes rows as the flags describe them. */
export const openingFrom = (flags: Omit<SubjectFlags, 'model' | 'data'>): ClassifierOptions => {
  const { mean, std, shape, output, threads, task } = flags
  for (const [flag, values] of Object.entries({ '--std': std }))
    if (values?.some((value) => !(value > 0)))
      throw new BartizanError('USAGE', `${flag} divides the input, so it must be greater than 0`)
  return { preprocessing: (mean || std) && { mean, std }, output, shape, threads, task }
}

type RowFlags = Pick<SubjectFlags, 'data' | 'labels' | 'label' | 'labelColumns' | 'columns' | 'rows' | 'scale'>

export const openRows = (
  { data: path, labels, label, labelColumns, columns, rows, scale }: RowFlags,
  as: 'float32' | 'int64',
  labelsAs: 'classes' | 'numbers' = 'classes',
): Promise<DataSet> => openData({ path, labels, label, labelColumns, labelsAs, columns, rows, scale, as })

/** The rows in the shape that a model wants. */
export const rowsFor = async (
  { input, output }: Pick<AttackedModel, 'input' | 'output'>,
  flags: RowFlags,
): Promise<DataSet> => {
  const labelsAs = taskKindOf(output?.kind) === 'classification' ? 'classes' : 'numbers'
  const set = await openRows(flags, input.dtype.startsWith('int') ? 'int64' : 'float32', labelsAs)
  try {
    return viewAs(set, input.dims)
  } catch (error) {
    await set.close()
    throw error
  }
}

/** Bytes divided by 255 are told as such, so that budgets are printed both ways. */
export const unitsOf = ({ scale, range: [low, high] }: Pick<SubjectFlags, 'scale' | 'range'>): string =>
  scale !== undefined && Math.round(1 / scale) === 255 && low === 0 && high === 1 ? 'byte/255' : 'input units'

/** Throws DATA_LABEL_INVALID unless the rows have labels; `why` completes the sentence. */
export const demandLabels = ({ set }: Pick<Subject, 'set'>, why: string): void => {
  if (set.hasLabels) return
  throw new BartizanError('DATA_LABEL_INVALID', `${set.path} has no labels, and ${why}`, {
    hint: 'name a file with --labels FILE, or a column of the table with --label COLUMN',
  })
}

/** Throws MODEL_UNSUPPORTED unless the model predicts classes; `what` begins the sentence. */
export const demandClasses = ({ output }: Pick<AttackedModel, 'output'>, what: string): void => {
  const kind = taskKindOf(output?.kind)
  if (kind === 'classification') return
  throw new BartizanError(
    'MODEL_UNSUPPORTED',
    `${what} works on classifiers, and this model predicts ${kind === 'regression' ? 'numbers' : 'labels that each hold or not'}`,
    {
      hint: 'bartizan assess and attack run take it: docs/how-to/attack-regression-and-multi-label.md; --output logits says that it is a classifier after all',
    },
  )
}
