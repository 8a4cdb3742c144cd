import type { Subject } from '../../assessment/subject.ts'
import { BartizanError } from '../../base/errors.ts'
import type { RowRange } from '../../contract/index.ts'
import { openData, viewAs } from '../../data/index.ts'
import { openClassifier } from '../../models/classifier.ts'

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
  const { mean, std, shape, output, threads, range } = flags
  for (const [flag, values] of Object.entries({ '--std': std }))
    if (values?.some((value) => !(value > 0)))
      throw new BartizanError('USAGE', `${flag} divides the input, so it must be greater than 0`)
  const preprocessing = (mean || std) && { mean, std }
  const model = await openClassifier(flags.model, { preprocessing, output, shape, threads })
  try {
    const set = await openData({
      path: flags.data,
      labels: flags.labels,
      label: flags.label,
      columns: flags.columns,
      rows: flags.rows,
      scale: flags.scale,
      as: model.input.dtype.startsWith('int') ? 'int64' : 'float32',
    })
    try {
      return {
        model,
        set: viewAs(set, model.input.dims),
        input: { range: [...range], units: unitsOf(flags), shape: [...model.input.dims] },
        async close() {
          await set.close()
          await model.release()
        },
      }
    } catch (error) {
      await set.close()
      throw error
    }
  } catch (error) {
    await model.release()
    throw error
  }
}

/** Bytes divided by 255 are told as such, so that budgets are printed both ways. */
const unitsOf = ({ scale, range: [low, high] }: SubjectFlags): string =>
  scale !== undefined && Math.round(1 / scale) === 255 && low === 0 && high === 1 ? 'byte/255' : 'input units'

/** Throws DATA_LABEL_INVALID unless the rows have labels; `why` completes the sentence. */
export const demandLabels = ({ set }: Subject, why: string): void => {
  if (set.hasLabels) return
  throw new BartizanError('DATA_LABEL_INVALID', `${set.path} has no labels, and ${why}`, {
    hint: 'name a file with --labels FILE, or a column of the table with --label COLUMN',
  })
}
