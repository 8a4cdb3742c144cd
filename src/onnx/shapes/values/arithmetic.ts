import type { Dim } from '../../types.ts'
import { minus, over, plus, times } from '../size.ts'
import { defineValues, elementAt, gathered, isInteger, type ValueRequest } from './rule.ts'

type Binary = (a: Dim, b: Dim, integer: boolean) => Dim | undefined

const onNumbers =
  (f: (a: number, b: number) => number | undefined): Binary =>
  (a, b) =>
    typeof a === 'number' && typeof b === 'number' ? f(a, b) : undefined

/** Integer division drops the rest; a named size divides only where it comes out even. */
const divide: Binary = (a, b, integer) => {
  if (typeof a === 'string' || typeof b === 'string') return over(a, b)
  if (!integer) return a / b
  return b === 0 ? undefined : Math.trunc(a / b)
}

/** Names are sizes, so no name equals a negative number. */
const equal: Binary = (a, b) => {
  if (a === b) return 1
  if (typeof a === 'number' && typeof b === 'number') return 0
  return [a, b].some((x) => typeof x === 'number' && x < 0) ? 0 : undefined
}

const binaries: Readonly<Record<string, Binary>> = {
  Add: (a, b) => (typeof a === 'number' && typeof b === 'number' ? a + b : plus(a, b)),
  Sub: (a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : minus(a, b)),
  Mul: (a, b) => (typeof a === 'number' && typeof b === 'number' ? a * b : times([a, b])),
  Div: divide,
  Max: (a, b) => (a === b ? a : onNumbers(Math.max)(a, b, true)),
  Min: (a, b) => (a === b ? a : onNumbers(Math.min)(a, b, true)),
  Pow: onNumbers((a, b) => a ** b),
  Mod: onNumbers((a, b) => (b === 0 ? undefined : a - b * Math.floor(a / b))),
  Equal: equal,
  Greater: onNumbers((a, b) => Number(a > b)),
  GreaterOrEqual: onNumbers((a, b) => Number(a >= b)),
  Less: onNumbers((a, b) => Number(a < b)),
  LessOrEqual: onNumbers((a, b) => Number(a <= b)),
  And: onNumbers((a, b) => Number(a !== 0 && b !== 0)),
  Or: onNumbers((a, b) => Number(a !== 0 || b !== 0)),
}

/** Elementwise with broadcasting; Min and Max take any number of inputs. */
const folded = ({ request, inputs, outputs }: ValueRequest) => {
  const f = binaries[request.node.op]!
  const integer = isInteger(inputs[0]?.dtype ?? 'undefined')
  if (request.node.op === 'Mod' && request.attributes.int('fmod', 0) === 1) return []
  return [
    gathered(outputs[0]!.dims, (coordinates) =>
      inputs
        .map((x) => x && elementAt(x, coordinates))
        .reduce((a, b) => (a === undefined || b === undefined ? undefined : f(a, b, integer))),
    ),
  ]
}

export const binary = defineValues({ op: Object.keys(binaries), required: 'all', evaluate: folded })

const unaries: Readonly<Record<string, (x: number) => number>> = {
  Abs: Math.abs,
  Ceil: Math.ceil,
  Exp: Math.exp,
  Floor: Math.floor,
  Log: Math.log,
  Neg: (x) => -x,
  Not: (x) => Number(x === 0),
  Reciprocal: (x) => 1 / x,
  Sqrt: Math.sqrt,
}

export const unary = defineValues({
  op: Object.keys(unaries),
  evaluate: ({ request, inputs: [x], outputs }) => {
    const f = unaries[request.node.op]!
    return [
      gathered(outputs[0]!.dims, (coordinates) => {
        const value = elementAt(x!, coordinates)
        return typeof value === 'number' ? f(value) : undefined
      }),
    ]
  },
})

export const where = defineValues({
  op: 'Where',
  required: 3,
  evaluate: ({ inputs: [condition, a, b], outputs }) => [
    gathered(outputs[0]!.dims, (coordinates) => {
      const yes = elementAt(condition!, coordinates)
      return typeof yes === 'number' ? elementAt(yes === 0 ? b! : a!, coordinates) : undefined
    }),
  ],
})
