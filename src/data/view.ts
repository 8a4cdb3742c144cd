import { BartizanError } from '../base/errors.ts'

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/**
 * The shape in which rows of shape `stored` are seen as `wanted`: the same numbers in the same order. One size of
 * `wanted` may be -1 and follows from the rest. Throws DATA_SHAPE_MISMATCH where the sizes differ.
 */
export const viewShape = (path: string, stored: readonly number[], wanted: readonly number[]): readonly number[] => {
  const size = sizeOf(stored)
  const known = sizeOf(wanted.filter((side) => side !== -1))
  const open = wanted.filter((side) => side === -1).length
  const valid = wanted.every((side) => Number.isInteger(side) && (side > 0 || side === -1))
  if (valid && open === 1 && size % known === 0) return wanted.map((side) => (side === -1 ? size / known : side))
  if (valid && open === 0 && size === known) return [...wanted]
  throw new BartizanError(
    'DATA_SHAPE_MISMATCH',
    `rows of ${path} have the shape [${stored.join(', ')}] (${size} numbers), which can't be seen as [${wanted.join(', ')}]`,
    {
      hint: 'check that the data were made for this model, and which columns are features',
      data: { path, stored, wanted },
    },
  )
}
