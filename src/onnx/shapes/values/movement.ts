import type { Dim } from '../../types.ts'
import { normalAxis } from '../broadcast.ts'
import { sliceIndices } from '../slice.ts'
import { defineValues, elementAt, gathered, isInteger, numbersOf, type Values } from './rule.ts'

/** The same elements in another shape. */
export const same = defineValues({
  op: ['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'],
  evaluate: ({ inputs: [x] }) => [x?.list],
})

export const cast = defineValues({
  op: ['Cast', 'CastLike'],
  evaluate: ({ inputs: [x], outputs: [y] }) => {
    const to = y!.dtype
    const convert = (value: Dim): Dim | undefined => {
      if (typeof value === 'string') return isInteger(to) ? value : undefined
      if (to === 'bool') return Number(value !== 0)
      return isInteger(to) ? Math.trunc(value) : value
    }
    return [gathered(x!.dims, (coordinates) => convert(elementAt(x!, coordinates)!))]
  },
})

export const expand = defineValues({
  op: 'Expand',
  evaluate: ({ inputs: [x], outputs: [y] }) => [gathered(y!.dims, (coordinates) => elementAt(x!, coordinates))],
})

export const transpose = defineValues({
  op: 'Transpose',
  evaluate: ({ request, inputs: [x], outputs: [y] }) => {
    const perm = request.attributes.ints('perm') ?? y!.dims.map((_, axis) => axis).toReversed()
    return [
      gathered(y!.dims, (coordinates) => {
        const from = coordinates.map(() => 0)
        perm.forEach((axis, i) => {
          from[axis] = coordinates[i]!
        })
        return elementAt(x!, from)
      }),
    ]
  },
})

/** Coordinates with one of them replaced. */
const moved = (coordinates: readonly number[], axis: number, to: number): readonly number[] =>
  coordinates.map((at, i) => (i === axis ? to : at))

export const concat = defineValues({
  op: 'Concat',
  required: 'all',
  evaluate: ({ request, inputs, outputs: [y] }) => {
    const axis = normalAxis(request.attributes.int('axis', 0), y!.dims.length)
    return [
      gathered(y!.dims, (coordinates) => {
        let at = coordinates[axis]!
        for (const x of inputs as readonly Values[]) {
          if (at < x.dims[axis]!) return elementAt(x, moved(coordinates, axis, at))
          at -= x.dims[axis]!
        }
        return undefined
      }),
    ]
  },
})

export const split = defineValues({
  op: 'Split',
  evaluate: ({ request, inputs: [x], outputs }) => {
    const axis = normalAxis(request.attributes.int('axis', 0), x!.dims.length)
    let start = 0
    return outputs.map(({ dims }) => {
      const from = start
      start += dims[axis]!
      return gathered(dims, (coordinates) => elementAt(x!, moved(coordinates, axis, coordinates[axis]! + from)))
    })
  },
})

export const gather = defineValues({
  op: 'Gather',
  required: 2,
  evaluate: ({ request, inputs: [x, indices], outputs: [y] }) => {
    const axis = normalAxis(request.attributes.int('axis', 0), x!.dims.length)
    const rank = indices!.dims.length
    return [
      gathered(y!.dims, (coordinates) => {
        const index = elementAt(indices!, coordinates.slice(axis, axis + rank))
        if (typeof index !== 'number') return undefined
        const at = normalAxis(index, x!.dims[axis]!)
        // Out of range is the runtime's error, and an axis of size 1 must not hide it.
        if (at < 0 || at >= x!.dims[axis]!) return undefined
        return elementAt(x!, [...coordinates.slice(0, axis), at, ...coordinates.slice(axis + rank)])
      }),
    ]
  },
})

export const slice = defineValues({
  op: 'Slice',
  required: 3,
  evaluate: ({ inputs: [x, starts, ends, axes, steps], outputs: [y] }) => {
    const lists = [starts, ends, axes, steps].map((bounds) => bounds && numbersOf(bounds.list))
    if (!lists[0] || !lists[1] || (axes && !lists[2]) || (steps && !lists[3])) return []
    const moves = lists[0].map((start, i) => {
      const axis = normalAxis(lists[2]?.[i] ?? i, x!.dims.length)
      const step = lists[3]?.[i] ?? 1
      return { axis, step, first: sliceIndices(x!.dims[axis]!, start, lists[1]![i]!, step).first }
    })
    return [
      gathered(y!.dims, (coordinates) => {
        const from = [...coordinates]
        for (const { axis, step, first } of moves) from[axis] = first + step * coordinates[axis]!
        return elementAt(x!, from)
      }),
    ]
  },
})

export const tile = defineValues({
  op: 'Tile',
  evaluate: ({ inputs: [x], outputs: [y] }) => [
    gathered(y!.dims, (coordinates) =>
      elementAt(
        x!,
        coordinates.map((at, axis) => at % x!.dims[axis]!),
      ),
    ),
  ],
})
