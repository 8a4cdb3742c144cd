import { stat } from 'node:fs/promises'
import { BartizanError } from '../base/errors.ts'
import type { RowRange } from '../contract/config-scalars.ts'
import { type DataSet, dataSet } from './data-set.ts'
import { detect } from './detect.ts'
import { openIdx } from './formats/idx.ts'
import type { ImageLayout } from './formats/image.ts'
import { openImageFolder } from './formats/image-folder.ts'
import { openNpy } from './formats/npy.ts'
import { npzNames, openNpz } from './formats/npz.ts'
import { describeTable, type FoundColumn, openTable } from './formats/table.ts'
import { type LabelFile, labelFile } from './label-file.ts'
import { type LabelNumbers, labelNumbers } from './label-numbers.ts'
import type { Source } from './source.ts'

export interface OpenOptions {
  /** A file or an image folder. One array of an npz is named after a #: `digits.npz#x_test`. */
  readonly path: string
  /** A file that holds the labels: an array of one number a row, or a table of one column (or `file.csv#column`). */
  readonly labels?: string
  /** Column of a table, or array of an npz, that holds the labels. */
  readonly label?: string
  /** Columns of a table that hold the numbers to predict, or a 0/1 for each label, in the order of the model's outputs. */
  readonly labelColumns?: readonly string[]
  /** Whether labels are classes (default), or numbers to predict, one or several a row. */
  readonly labelsAs?: 'classes' | 'numbers'
  /** Features of a table, in order. */
  readonly columns?: readonly string[]
  /** Class names in the model's order, for folders and text labels; sorted where they are left out. */
  readonly classes?: readonly string[]
  /** Selected rows of the file. */
  readonly rows?: Partial<RowRange>
  /** Shape of one row, of the same size as stored; one side may be -1. */
  readonly shape?: readonly number[]
  /** Axes of images: channels first (default) or last. */
  readonly layout?: ImageLayout
  /** Multiplies the stored values: 1/255 turns bytes into 0 … 1 exactly as byte / 255 does. */
  readonly scale?: number
  /** What the model's input takes; float32 by default. */
  readonly as?: 'float32' | 'int64'
}

/** Splits `file#part`, unless a file has that very name. */
export const splitPart = async (path: string): Promise<{ file: string; part?: string }> => {
  const at = path.lastIndexOf('#')
  if (at <= 0 || (await stat(path).catch(() => undefined)) !== undefined) return { file: path }
  return { file: path.slice(0, at), part: path.slice(at + 1) }
}

const refusePart = (file: string, part: string | undefined): void => {
  if (part === undefined) return
  throw new BartizanError('CONFIG_INVALID', `${file} has no parts, so "#${part}" means nothing`, {
    hint: 'a # names an array of an npz file or, for labels, a column of a table',
    data: { file, part },
  })
}

type TableParts = Pick<OpenOptions, 'columns' | 'label' | 'classes' | 'layout'>

const openSource = async (path: string, options: TableParts): Promise<Source> => {
  const { file, part } = await splitPart(path)
  const found = await detect(file)
  if (found.format !== 'npz') refusePart(file, part)
  const { columns, label } = options
  if ('bytes' in found || found.format === 'image-folder')
    if (columns !== undefined || (label !== undefined && found.format !== 'npz'))
      throw new BartizanError('CONFIG_INVALID', `${file} has no columns: only tables do`, {
        hint: 'give the labels as a file of their own',
        data: { path: file, columns, label },
      })
  if (found.format === 'image-folder') return openImageFolder(file, options)
  if (!('bytes' in found)) return openTable(file, found.format, options)
  try {
    if (found.format === 'npz') return await openNpz(file, found.bytes, part)
    return await (found.format === 'idx' ? openIdx : openNpy)(file, found.bytes)
  } catch (error) {
    await found.bytes.close()
    throw error
  }
}

/** The column of a label table: the one that is named, or the only one. */
export const openLabels = async (path: string, classes: readonly string[] | undefined): Promise<LabelFile> => {
  const { file, part } = await splitPart(path)
  const found = await detect(file)
  if ('bytes' in found) {
    await found.bytes.close()
    return labelFile(await openSource(path, {}), classes)
  }
  if (found.format === 'image-folder')
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} is a folder, labels come from a file`, {
      data: { path },
    })
  const names = (await describeTable(file, found.format)).map(({ name }) => name)
  if (part === undefined && names.length !== 1)
    throw new BartizanError('CONFIG_INVALID', `${file} has ${names.length} columns: which one holds the labels?`, {
      hint: `name it after a #, for example ${file}#${names.at(-1)}`,
      data: { path: file, columns: names },
    })
  return labelFile(await openTable(file, found.format, { columns: [], label: part ?? names[0], classes }))
}

/** Where the labels of an npz stand: in the array that is named, else in the one named y beside an x. */
const labelsPath = async ({ path, labels, label }: OpenOptions, source: Source): Promise<string | undefined> => {
  if (labels !== undefined && label !== undefined)
    throw new BartizanError('CONFIG_INVALID', 'labels (a file) and label (a column) were both given', {
      hint: 'give one of them',
      data: { labels, label },
    })
  if (labels !== undefined || source.format !== 'npz') return labels
  if (label !== undefined) return `${source.path}#${label}`
  const names = await npzNames(source.path)
  const usesX = path.endsWith('#x') || (path === source.path && names.length > 1)
  return usesX && names.includes('y') ? `${source.path}#y` : undefined
}

/** Rows with the numbers that are to be predicted: columns of the same table, or another array or table. */
const openWithNumbers = async (options: OpenOptions): Promise<DataSet> => {
  const { path, label, labels, labelColumns = label === undefined ? undefined : [label] } = options
  const table = await tableColumns((await splitPart(path)).file)
  if (labelColumns !== undefined && table === undefined && options.labelColumns !== undefined)
    throw new BartizanError('CONFIG_INVALID', `${path} has no columns: only tables do`, {
      hint: 'give the labels as a file of their own',
      data: { path, labelColumns },
    })
  const without = table && labelColumns && table.map(({ name }) => name).filter((name) => !labelColumns.includes(name))
  const source = await openSource(path, { ...options, columns: options.columns ?? without, label: undefined })
  let numbers: LabelNumbers | undefined
  try {
    if (table && labelColumns && labels === undefined)
      numbers = labelNumbers(await openSource(path, { columns: labelColumns }))
    else {
      const from = await labelsPath(options, source)
      if (from !== undefined) numbers = labelNumbers(await openNumbers(from))
    }
    return dataSet(source, { ...options, labels: undefined, numbers })
  } catch (error) {
    await source.close()
    await numbers?.close()
    throw error
  }
}

/** An array, or a table of numbers: every column of it, or the one that is named after a #. */
const openNumbers = async (path: string): Promise<Source> => {
  const { file, part } = await splitPart(path)
  const table = await tableColumns(file)
  return table ? openSource(file, { columns: part === undefined ? undefined : [part] }) : openSource(path, {})
}

/**
 * The columns of a table with the types that were found and whether they hold numbers, for those who set up a
 * configuration; undefined where the file is no table.
 */
export const tableColumns = async (path: string): Promise<readonly FoundColumn[] | undefined> => {
  const found = await detect(path)
  if ('bytes' in found) await found.bytes.close()
  return 'bytes' in found || found.format === 'image-folder' ? undefined : describeTable(path, found.format)
}

/**
 * Opens a data set of any supported format for streaming. Throws FILE_NOT_FOUND, FILE_UNREADABLE,
 * DATA_FORMAT_UNSUPPORTED, DATA_CORRUPT, DATA_SHAPE_MISMATCH, DATA_LABEL_INVALID or CONFIG_INVALID; the caller closes it.
 */
export const openData = async (options: OpenOptions): Promise<DataSet> => {
  if (options.labelsAs === 'numbers') return openWithNumbers(options)
  const source = await openSource(options.path, options)
  let labels: LabelFile | undefined
  try {
    const from = await labelsPath(options, source)
    if (from !== undefined) labels = await openLabels(from, options.classes)
    return dataSet(source, { ...options, labels })
  } catch (error) {
    await source.close()
    await labels?.close()
    throw error
  }
}
