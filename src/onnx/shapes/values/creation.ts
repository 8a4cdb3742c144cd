import { toNumbers } from '../../tensor.ts'
import type { Dim } from '../../types.ts'
import { plus, times } from '../size.ts'
import { defineValues, gathered, isStatic, numbersOf } from './rule.ts'

export const constantOfShape = defineValues({
  op: 'ConstantOfShape',
  evaluate: ({ request: { attributes }, outputs: [y] }) => {
    const value = attributes.tensor('value')
    const fill = value ? toNumbers(value)[0] : 0
    return [gathered(y!.dims, () => fill)]
  },
})

export const range = defineValues({
  op: 'Range',
  evaluate: ({ inputs: [start, , delta], outputs: [y] }) => {
    const [from, step] = [start?.list[0], delta?.list[0]]
    if (typeof from !== 'number' || typeof step !== 'number') return []
    return [gathered(y!.dims, ([i]) => from + i! * step)]
  },
})

const reducers: Readonly<Record<string, (list: readonly Dim[]) => Dim | undefined>> = {
  ReduceProd: times,
  ReduceSum: (list) => list.reduce<Dim | undefined>((sum, x) => (sum === undefined ? sum : plus(sum, x)), 0),
  ReduceMax: (list) => maximum(list),
  ReduceMin: (list) => {
    const numbers = numbersOf(list)
    return numbers && numbers.length > 0 ? Math.min(...numbers) : undefined
  },
}

const maximum = (list: readonly Dim[]): number | undefined => {
  const numbers = numbersOf(list)
  return numbers && numbers.length > 0 ? Math.max(...numbers) : undefined
}

/** Reductions of a vector to one element, as size computations use them. */
export const reduce = defineValues({
  op: Object.keys(reducers),
  evaluate: ({ request, inputs: [x], outputs: [y] }) =>
    x?.dims.length === 1 &&
    isStatic(y!.dims) &&
    y!.dims.every((dim) => dim === 1) &&
    !isNoop(request.attributes.int('noop_with_empty_axes', 0), request.inputs[1] !== undefined)
      ? [[reducers[request.node.op]!(x.list)].filter((value) => value !== undefined)]
      : [],
})

const isNoop = (flag: number, hasAxes: boolean): boolean => flag === 1 && !hasAxes
