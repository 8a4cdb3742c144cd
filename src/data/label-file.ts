import { BartizanError } from '../base/errors.ts'
import { classesOf } from './labels.ts'
import type { Source } from './source.ts'

/** Labels that stand in a file of their own. */
export interface LabelFile {
  readonly path: string
  readonly rows: number
  readonly classes?: readonly string[]
  read(from: number, to: number): Promise<Int32Array>
  close(): Promise<void>
}

/**
 * A source as labels: an array of one number a row, or a table that was opened with a label column. Numbers count
 * within `named`, where the classes are named.
 */
export const labelFile = (source: Source, named?: readonly string[]): LabelFile => {
  const { path, rows, shape } = source
  const width = shape.reduce((product, size) => product * size, 1)
  if (!source.hasLabels && width !== 1)
    throw new BartizanError('DATA_SHAPE_MISMATCH', `${path} holds ${width} numbers a row, labels are one`, {
      hint: 'one-hot labels: store their argmax instead',
      data: { path, shape },
    })
  return {
    path,
    rows,
    classes: source.classes ?? named,
    async read(from, to) {
      const { x, y } = await source.read(from, to)
      return y ?? classesOf(x, path, from, named?.length)
    },
    close: source.close,
  }
}
