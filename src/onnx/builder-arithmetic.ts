import { BartizanError } from '../base/errors.ts'
import type { Constants } from './builder-constants.ts'
import type { Operand, Operators, Value } from './builder-value.ts'
import { type DType, dtypes } from './types.ts'

/** Elementwise operators, with broadcasting (ONNX Broadcasting), and the matrix product. */
export interface Arithmetic {
  add(a: Operand, b: Operand): Value
  sub(a: Operand, b: Operand): Value
  mul(a: Operand, b: Operand): Value
  div(a: Operand, b: Operand): Value
  pow(a: Operand, b: Operand): Value
  min(a: Operand, b: Operand): Value
  max(a: Operand, b: Operand): Value
  equal(a: Operand, b: Operand): Value
  less(a: Operand, b: Operand): Value
  greater(a: Operand, b: Operand): Value
  lessOrEqual(a: Operand, b: Operand): Value
  greaterOrEqual(a: Operand, b: Operand): Value
  and(a: Value, b: Value): Value
  or(a: Value, b: Value): Value
  not(a: Value): Value
  where(condition: Value, a: Operand, b: Operand): Value
  neg(x: Value): Value
  abs(x: Value): Value
  sign(x: Value): Value
  exp(x: Value): Value
  log(x: Value): Value
  sqrt(x: Value): Value
  square(x: Value): Value
  reciprocal(x: Value): Value
  sigmoid(x: Value): Value
  tanh(x: Value): Value
  cast(x: Value, dtype: DType): Value
  matmul(a: Value, b: Value): Value
}

export const arithmetic = ({ op }: Operators, { scalar }: Constants): Arithmetic => {
  const binary =
    (name: string) =>
    (a: Operand, b: Operand): Value => {
      const like = typeof a === 'number' ? b : a
      if (typeof like === 'number') throw new BartizanError('INTERNAL', `${name} of two numbers needs no graph`)
      return op(
        name,
        [a, b].map((operand) => (typeof operand === 'number' ? scalar(operand, like) : operand)),
      )
    }
  const unary =
    (name: string) =>
    (x: Value): Value =>
      op(name, [x])
  const mul = binary('Mul')

  return {
    add: binary('Add'),
    sub: binary('Sub'),
    mul,
    div: binary('Div'),
    pow: binary('Pow'),
    min: binary('Min'),
    max: binary('Max'),
    equal: binary('Equal'),
    less: binary('Less'),
    greater: binary('Greater'),
    lessOrEqual: binary('LessOrEqual'),
    greaterOrEqual: binary('GreaterOrEqual'),
    and: binary('And'),
    or: binary('Or'),
    not: unary('Not'),
    where(condition, a, b) {
      const like = typeof a === 'number' ? b : a
      if (typeof like === 'number') throw new BartizanError('INTERNAL', 'Where of two numbers has no type')
      const [yes, no] = [a, b].map((operand) => (typeof operand === 'number' ? scalar(operand, like) : operand))
      return op('Where', [condition, yes, no])
    },
    neg: unary('Neg'),
    abs: unary('Abs'),
    sign: unary('Sign'),
    exp: unary('Exp'),
    log: unary('Log'),
    sqrt: unary('Sqrt'),
    square: (x) => mul(x, x),
    reciprocal: unary('Reciprocal'),
    sigmoid: unary('Sigmoid'),
    tanh: unary('Tanh'),
    cast: (x, dtype) => (x.dtype === dtype ? x : op('Cast', [x], { to: dtypes.indexOf(dtype) })),
    matmul: (a, b) => op('MatMul', [a, b]),
  }
}
