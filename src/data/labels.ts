import { BartizanError } from '../base/errors.ts'
import { nearest } from '../base/registry.ts'
import type { NumericArray } from './dtype.ts'

/** More text classes than this means that the column isn't a label. */
export const mostTextClasses = 10_000

export const labelError = (path: string, row: number, what: string, column?: string, hint?: string): BartizanError =>
  new BartizanError(
    'DATA_LABEL_INVALID',
    `${path}, row ${row}${column === undefined ? '' : `, column "${column}"`}: ${what}`,
    {
      hint: hint ?? 'labels are whole numbers from 0 to classes - 1, or class names; rows count from 0',
      data: { path, row, column },
    },
  )

/** A stored number as a class; throws DATA_LABEL_INVALID where it is missing, fractional, negative or out of reach. */
export const classOf = (value: number, path: string, row: number, column?: string, count = 2 ** 31): number => {
  if (Number.isInteger(value) && value >= 0 && value < count) return value
  if (Number.isInteger(value) && value >= count)
    throw labelError(path, row, `the label ${value} is beyond the ${count} classes`, column)
  if (Number.isNaN(value)) throw labelError(path, row, 'the label is missing (NaN)', column)
  if (value === -1)
    throw labelError(path, row, 'the label is -1', column, 'where classes are -1 and 1, store them as 0 and 1')
  throw labelError(path, row, `the label ${value} isn't a class`, column)
}

/** Class indices from an array of any element type. `firstRow` is the file row of the first value. */
export const classesOf = (values: NumericArray, path: string, firstRow: number, count?: number): Int32Array => {
  const labels = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++) labels[i] = classOf(Number(values[i]), path, firstRow + i, undefined, count)
  return labels
}

/** Class names in order: by UTF-16 code units, as torchvision's ImageFolder and scikit-learn's LabelEncoder sort them. */
export const sortedClasses = (names: Iterable<string>): readonly string[] => [...new Set(names)].sort()

/** Looks up class names; throws DATA_LABEL_INVALID on a name that isn't among them, with the nearest one. */
export const classLookup = (path: string, classes: readonly string[]) => {
  const index = new Map(classes.map((name, i) => [name, i]))
  if (index.size !== classes.length)
    throw new BartizanError('CONFIG_INVALID', 'a class name is listed twice', { data: { classes } })
  return (name: string, row: number, column?: string): number => {
    const found = index.get(name)
    if (found !== undefined) return found
    const near = nearest(name, classes)
    const hint = near === undefined ? `the classes are: ${classes.slice(0, 20).join(', ')}` : `did you mean "${near}"?`
    throw labelError(path, row, `"${name}" isn't one of the ${classes.length} classes`, column, hint)
  }
}
