import type { GraphBuilder, Value } from '../builder.ts'

/** One size of a shape to be: a number, or that of an axis of some value. */
export type Size = number | { readonly of: Value; readonly axis: number }

/** The size of an axis, as a number where it is known. */
export const sizeAt = (value: Value, axis: number): Size => {
  const dim = value.dims?.[axis]
  return typeof dim === 'number' ? dim : { of: value, axis }
}

/** A shape as an int64 vector: a constant where all of it is known, else put together by the run. */
export const shapeVector = (g: GraphBuilder, sizes: readonly Size[]): Value => {
  if (sizes.every((size) => typeof size === 'number')) return g.ints(sizes)
  return g.concat(
    sizes.map((size) =>
      typeof size === 'number' ? g.ints([size]) : g.op('Shape', [size.of], { start: size.axis, end: size.axis + 1 }),
    ),
    0,
  )
}

/** [0, 1, …, count - 1]. */
export const rangeOf = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)
