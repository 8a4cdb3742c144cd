import { BartizanError } from '../../../base/errors.ts'
import { detect } from '../../../data/detect.ts'
import { mostCounted } from '../../comparison/column-kind.ts'
import { defaultComparison } from '../../comparison/options.ts'
import { countsOf, summariesOf } from '../../comparison/profiling.ts'
import { columnOf, type ScreenedTable } from '../../table/index.ts'
import { openArrays } from './array-files.ts'
import { otherFile, withSectionTable } from './section-table.ts'

/** How many rows have each label, and how many have none. */
export interface LabelCounts {
  readonly counts: ReadonlyMap<string, number>
  readonly missing: number
}

const tooMany = (path: string, what: string): BartizanError =>
  new BartizanError('DATA_LABEL_INVALID', `${path}: ${what} holds more than ${mostCounted} different labels`, {
    hint: 'is it a column of labels?',
    data: { path, most: mostCounted },
  })

/** Labels in a column of a table. Throws CONFIG_INVALID for a column that isn't there. */
export const columnLabels = async (
  table: ScreenedTable,
  column: string,
  nullLike: readonly string[],
): Promise<LabelCounts> => {
  const found = columnOf(table, column)
  const options = { ...defaultComparison, nullLike }
  const summary = (await summariesOf(table, [found], options)).get(column)
  if (summary === undefined || summary.distinct > mostCounted) throw tooMany(table.path, `the column "${column}"`)
  const counts = (await countsOf(table, [found], options)).get(column) ?? new Map<string, number>()
  return { counts, missing: summary.missing }
}

/** The same of a file. */
export const columnLabelsOf = async (path: string, column: string, nullLike: readonly string[]): Promise<LabelCounts> =>
  withSectionTable(await otherFile(path), (table) => columnLabels(table, column, nullLike))

/** The folder that an image lies in; undefined where it lies in none. */
export const folderLabel = (image: string): string | undefined => {
  const at = image.indexOf('/')
  return at === -1 ? undefined : image.slice(0, at)
}

/** Folder names as labels: images that lie in no folder have none. */
export const folderLabels = (names: readonly string[]): LabelCounts => {
  const counts = new Map<string, number>()
  let missing = 0
  for (const name of names) {
    const label = folderLabel(name)
    if (label === undefined) missing++
    else counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return { counts, missing }
}

const batch = 1 << 16

/** Labels of an array, and which of its rows have none, or none of the declared ones: 1. */
export interface ArrayLabels extends LabelCounts {
  readonly unlabelled: Uint8Array
}

/** Numbers of an array as labels: `array` of the file, or its only one. NaN is no label. */
export const arrayLabels = async (path: string, array?: string, declared?: readonly string[]): Promise<ArrayLabels> => {
  const found = await detect(path)
  if (!('bytes' in found))
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} holds no arrays`, { data: { path } })
  const file = await openArrays(path, found)
  try {
    const source = await file.open(array)
    if (source.shape.some((size) => size !== 1))
      throw new BartizanError('DATA_SHAPE_MISMATCH', `${path} holds more than one number a row, labels are one`, {
        hint: 'one-hot labels: store their argmax instead',
        data: { path, shape: source.shape },
      })
    const counts = new Map<string, number>()
    const unlabelled = new Uint8Array(source.rows)
    let missing = 0
    for (let from = 0; from < source.rows; from += batch) {
      const { x } = await source.read(from, Math.min(source.rows, from + batch))
      for (const [i, value] of x.entries()) {
        const label = String(value)
        const isMissing = Number.isNaN(Number(value))
        if (isMissing) missing++
        else counts.set(label, (counts.get(label) ?? 0) + 1)
        if (isMissing || declared?.includes(label) === false) unlabelled[from + i] = 1
      }
      if (counts.size > mostCounted) throw tooMany(path, array === undefined ? 'the array' : `the array "${array}"`)
    }
    return { counts, missing, unlabelled }
  } finally {
    await file.close()
  }
}
