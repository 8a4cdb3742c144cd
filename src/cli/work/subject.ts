import type { Subject } from '../../assessment/subject.ts'
import { BartizanError } from '../../base/errors.ts'
import type { RowRange } from '../../contract/index.ts'
import { type DataSet, openData, viewAs } from '../../data/index.ts'
import { type Classifier, type ClassifierOptions, openClassifier } from '../../models/classifier.ts'

/** What the shared flags say of a model and its rows. */
export interface SubjectFlags {
  readonly model: string
  readonly data: string
  readonly labels?: string
  readonly label?: string
  readonly columns?: readonly string[]
  readonly rows?: RowRange
  readonly scale?: number
  readonly shape?: readonly number[]
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
  readonly output: 'auto' | 'logits' | 'probabilities'
  readonly range: readonly [number, number]
  readonly threads: number
}

/** Opens the model and sees the rows in the shape that it wants; the caller closes both. */
export const subjectFromFlags = async (flags: SubjectFlags): Promise<Subject> => {
  const model = await openClassifier(flags.model, openingFrom(flags))
  try {
    return await subjectOf(model, flags)
  } catch (error) {
    await model.release()
    throw error
  }
}

/** The same for a model that is open already; closing the subject releases it. */
export const subjectOf = async (model: Classifier, flags: SubjectFlags): Promise<Subject> => {
  const set = await rowsFor(model, flags)
  return {
    model,
    set,
    input: { range: [...flags.range], units: unitsOf(flags), shape: [...model.input.dims] },
    async close() {
      await set.close()
      await model.release()
    },
  }
}

/** How a model is opened that takes rows as the flags describe them. */
export const openingFrom = (flags: Omit<SubjectFlags, 'model' | 'data'>): ClassifierOptions => {
  const { mean, std, shape, output, threads } = flags
  for (const [flag, values] of Object.entries({ '--std': std }))
    if (values?.some((value) => !(value > 0)))
      throw new BartizanError('USAGE', `${flag} divides the input, so it must be greater than 0`)
  return { preprocessing: (mean || std) && { mean, std }, output, shape, threads }
}

type RowFlags = Pick<SubjectFlags, 'data' | 'labels' | 'label' | 'columns' | 'rows' | 'scale'>

export const openRows = (
  { data: path, labels, label, columns, rows, scale }: RowFlags,
  as: 'float32' | 'int64',
): Promise<DataSet> => openData({ path, labels, label, columns, rows, scale, as })

/** The rows in the shape that a model wants. */
export const rowsFor = async ({ input }: Classifier, flags: RowFlags): Promise<DataSet> => {
  const set = await openRows(flags, input.dtype.startsWith('int') ? 'int64' : 'float32')
  try {
    return viewAs(set, input.dims)
  } catch (error) {
    await set.close()
    throw error
  }
}

/** Bytes divided by 255 are told as such, so that budgets are printed both ways. */
const unitsOf = ({ scale, range: [low, high] }: Pick<SubjectFlags, 'scale' | 'range'>): string =>
  scale !== undefined && Math.round(1 / scale) === 255 && low === 0 && high === 1 ? 'byte/255' : 'input units'

/** Throws DATA_LABEL_INVALID unless the rows have labels; `why` completes the sentence. */
export const demandLabels = ({ set }: Pick<Subject, 'set'>, why: string): void => {
  if (set.hasLabels) return
  throw new BartizanError('DATA_LABEL_INVALID', `${set.path} has no labels, and ${why}`, {
    hint: 'name a file with --labels FILE, or a column of the table with --label COLUMN',
  })
}
