import { BartizanError } from '../../base/errors.ts'
import type { ByteSource } from '../bytes.ts'
import { byteWidth, type Dtype, decode, elementCount } from '../dtype.ts'
import { type DataFormat, placeInShape, type Source } from '../source.ts'

/** Where an array lies in its bytes; C order. */
export interface ArrayLayout {
  readonly dtype: Dtype
  readonly littleEndian: boolean
  /** Rows first. */
  readonly shape: readonly number[]
  /** Offset of the first element. */
  readonly start: number
}

/** The array's first axis as rows. */
export const arraySource = (format: DataFormat, path: string, bytes: ByteSource, layout: ArrayLayout): Source => {
  const { dtype, littleEndian, start } = layout
  if (layout.shape.length === 0)
    throw new BartizanError('DATA_SHAPE_MISMATCH', `${path} holds a single number, not rows`, {
      hint: 'the first axis of an array counts the rows',
      data: { path, shape: layout.shape },
    })
  const [rows, ...shape] = layout.shape as [number, ...number[]]
  const rowBytes = elementCount(shape, path) * byteWidth[dtype]
  return {
    path,
    format,
    rows,
    shape,
    dtype,
    hasLabels: false,
    read: async (from, to) => ({
      x: decode(await bytes.read(start + from * rowBytes, (to - from) * rowBytes), dtype, littleEndian),
    }),
    place: (row, index) => placeInShape(row, index, shape),
    close: () => bytes.close(),
  }
}
