import { BartizanError } from '../../base/errors.ts'
import { type DataSet, openData, tableColumns, viewAs } from '../../data/index.ts'
import { labelsBeside } from './label-file.ts'
import { chooseColumns, featuresBeside } from './table-columns.ts'

/** Where the labels and the features of the rows are. */
export interface FoundRows {
  readonly labels?: string
  readonly label?: string
  readonly labelColumns?: readonly string[]
  readonly columns?: readonly string[]
  /** What the reader should know of them. */
  readonly notes?: readonly string[]
}

interface Given extends FoundRows {
  readonly data: string
}

/** Finds what was not given: the label column of a table, the file of labels beside an array. `size` numbers a row. */
export const findRows = async (
  { data, labels, label, labelColumns, columns }: Given,
  size: number,
): Promise<FoundRows> => {
  if (labelColumns) {
    const table = (await tableColumns(data)) ?? []
    const features = columns ?? featuresBeside(data, table, size, labelColumns)
    return { labelColumns, columns: features }
  }
  if (labels !== undefined) return { labels, ...(columns && { columns }) }
  const table = await tableColumns(data)
  if (table) {
    const found = chooseColumns(data, table, size, label, columns)
    const split = table.find(({ name }) => /^(split|fold|set|subset)$/i.test(name))
    const note = `The table has a column "${split?.name}": choose rows that were not used in training (data.rows).`
    return {
      label: found.label,
      ...(found.features && { columns: found.features }),
      ...(split && split.name !== found.label && { notes: [note] }),
    }
  }
  if (label !== undefined) return { label }
  const set = await openData({ path: data })
  try {
    if (set.hasLabels) return {}
    const beside = await labelsBeside(data, set.rows)
    if (beside !== undefined) return { labels: beside }
    throw new BartizanError('DATA_LABEL_INVALID', `no file of labels was found beside ${data}`, {
      hint: 'name it with --labels FILE: one label a row, in the same order',
      data: { path: data },
    })
  } finally {
    await set.close()
  }
}

/** The stored values, labelled with classes or with numbers, in the model's shape. */
export const openRows = async (
  path: string,
  from: FoundRows,
  dims: readonly number[],
  labelsAs: 'classes' | 'numbers' = 'classes',
): Promise<DataSet> => {
  const set = await openData({ path, ...from, labelsAs })
  try {
    return viewAs(set, dims)
  } catch (error) {
    await set.close()
    throw error
  }
}
