import { BartizanError } from '../../base/errors.ts'
import type { RowRange } from '../../contract/index.ts'
import { openData, readNpy, tableColumns } from '../../data/index.ts'
import type { LabelFile } from '../../data/label-file.ts'
import { openLabels, splitPart } from '../../data/open.ts'
import type { LabelledProbabilities } from '../../screening/labels/index.ts'

/** Labels with probabilities that somebody else's model gave, as the flags name them. */
export interface BroughtFlags {
  readonly probabilities: string
  readonly labels?: string
  readonly label?: string
  readonly classes?: readonly string[]
  readonly rows?: RowRange
}

/** Rows whose labels are to be judged. */
export interface JudgedRows extends LabelledProbabilities {
  /** Row of the file that the first one is. */
  readonly offset: number
  readonly names?: readonly string[]
  readonly notes: readonly string[]
}

/** Reads both; throws what reading throws, and DATA_SHAPE_MISMATCH where the numbers of rows differ. */
export const broughtProbabilities = async (file: string, flags: BroughtFlags): Promise<JudgedRows> => {
  const { probabilities: path } = flags
  const set = await openData({ path })
  try {
    const classes = set.shape.reduce((product, size) => product * size, 1)
    const { names, order } = namedColumns(set.columns, flags.classes)
    const given = await openGiven(file, flags, names)
    try {
      const { from, to } = chosen(given, set.rows, flags, path)
      const labels = await given.read(from, to)
      const start = set.rows === labels.length ? 0 : from
      const values =
        set.format === 'npy'
          ? Float64Array.from((await readNpy(path)).data as ArrayLike<number>, Number)
          : Float64Array.from((await set.read(0, set.rows)).x, Number)
      const selected = values.subarray(start * classes, (start + labels.length) * classes)
      return {
        labels,
        classes,
        probabilities: order === undefined ? selected : reordered(selected, order),
        offset: from,
        names: given.classes,
        notes: [
          'The probabilities are taken to be out of fold: those of a model that learned from the very rows hide wrong labels.',
          ...(given.classes !== undefined && names === undefined
            ? [
                `Columns of the probabilities are taken to be, in this order: ${given.classes.join(', ')} (--classes says otherwise).`,
              ]
            : []),
        ],
      }
    } finally {
      await given.close()
    }
  } finally {
    await set.close()
  }
}

/** Class names where a table's columns give them; numbers as names say which column is which class. */
const namedColumns = (columns: readonly string[] | undefined, stated: readonly string[] | undefined) => {
  if (columns === undefined) return { names: stated, order: undefined }
  const numbers = columns.map(Number)
  const areNumbers = [...numbers].sort((a, b) => a - b).every((value, i) => value === i)
  if (areNumbers && stated === undefined) return { names: undefined, order: columns.map((_, c) => numbers.indexOf(c)) }
  if (stated === undefined) return { names: columns, order: undefined }
  const order = stated.map((name) => columns.indexOf(name))
  if (order.length === columns.length && order.every((at) => at >= 0)) return { names: stated, order }
  throw new BartizanError('USAGE', `--classes are ${stated.join(', ')}, the columns are ${columns.join(', ')}`, {
    hint: 'the same names in both, or no --classes: columns are known by their names',
  })
}

const reordered = (values: Float64Array, order: readonly number[]): Float64Array =>
  values.map((_, i) => values[i - (i % order.length) + order[i % order.length]!]!)

const openGiven = async (
  file: string,
  { labels, label }: BroughtFlags,
  names: readonly string[] | undefined,
): Promise<LabelFile> => {
  if (labels !== undefined) return openLabels(labels, names)
  if (label !== undefined && (await tableColumns((await splitPart(file)).file)) !== undefined)
    return openLabels(`${file}#${label}`, names)
  const set = await openData({ path: file, label, classes: names }).catch((error: unknown) => {
    if (label !== undefined) throw error
    return undefined
  })
  if (set?.hasLabels !== true) {
    await set?.close()
    return openLabels(file, names)
  }
  return {
    path: set.path,
    rows: set.rows,
    classes: set.classes,
    read: async (from, to) => (await set.read(from, to)).y!,
    close: set.close,
  }
}

const chosen = (
  given: Pick<LabelFile, 'path' | 'rows'>,
  probabilityRows: number,
  { rows }: BroughtFlags,
  path: string,
): { readonly from: number; readonly to: number } => {
  const { from = 0, to = given.rows } = rows ?? {}
  if (to > given.rows || from >= to)
    throw new BartizanError(
      'DATA_SHAPE_MISMATCH',
      `rows ${from}:${to} were asked for, ${given.path} holds ${given.rows}`,
    )
  if (probabilityRows !== given.rows && probabilityRows !== to - from)
    throw new BartizanError(
      'DATA_SHAPE_MISMATCH',
      `${path} holds ${probabilityRows} rows of probabilities, ${given.path} holds ${to - from} labels`,
      {
        hint: 'one row of probabilities for each label, in the same order',
        data: { path, rows: probabilityRows, labels: to - from },
      },
    )
  return { from, to }
}
