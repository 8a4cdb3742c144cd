import type { Value } from '../../builder.ts'
import { defineRule, type VjpContext } from '../rule.ts'
import { unbroadcast } from '../unbroadcast.ts'

/** Each side gets the gradient where it was chosen; none for the condition. */
export const where = defineRule({
  op: 'Where',
  vjp: ({ g, x, dY }) => {
    const [condition, A, B] = x as [Value, Value, Value]
    return [
      'none',
      () => unbroadcast(g, g.where(condition, dY, 0), A),
      () => unbroadcast(g, g.where(condition, 0, dY), B),
    ]
  },
})

/** Smallest or largest of any number of operands, broadcast: the gradient goes to it; of equal ones to the first. */
export const minMax = defineRule({
  op: ['Min', 'Max'],
  vjp: ({ g, x, y: [Y], dY }: VjpContext) => {
    let left = dY
    const shares = x.map((X, i) => {
      if (i === x.length - 1) return left
      const taken = g.where(g.equal(X!, Y!), left, 0)
      left = g.sub(left, taken)
      return taken
    })
    return x.map((X, i) => () => unbroadcast(g, shares[i]!, X!))
  },
})

/** min(max(X, lo), hi): dX = dY where lo <= X <= hi, that is where Y = X. No gradient for lo, hi. */
export const clip = defineRule({
  op: 'Clip',
  vjp: ({ g, x: [X], y: [Y], dY }) => [() => g.where(g.equal(X!, Y!), dY, 0), 'none', 'none'],
})

/** Comparisons and logic are piecewise constant: no gradient. */
export const logic = defineRule({
  op: [
    ...['Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual', 'And', 'Or', 'Xor', 'Not', 'IsNaN', 'IsInf'],
    ...['BitwiseAnd', 'BitwiseOr', 'BitwiseXor', 'BitwiseNot', 'BitShift'],
  ],
  vjp: () => ['none', 'none'],
})

/** Positions, counts and shapes do not move with the values: no gradient. */
export const position = defineRule({
  op: ['ArgMax', 'ArgMin', 'NonZero', 'Shape', 'Size', 'Hardmax'],
  vjp: () => ['none'],
})

/** No gradient for indices and depth; one for the two values that it places would be an error. */
export const oneHot = defineRule({ op: 'OneHot', vjp: () => ['none', 'none'] })

/** The K largest (or smallest): their gradients go back to where they came from. None for K. */
export const topK = defineRule({
  op: 'TopK',
  vjp: ({ g, attributes, x: [X], y: [, indices], dY }) => [
    () => g.op('ScatterElements', [g.zerosLike(X!), indices, dY], { axis: attributes.int('axis', -1) }),
    'none',
  ],
})

/** The upper or lower triangle of each matrix: the same triangle of dY. None for k. */
export const trilu = defineRule({
  op: 'Trilu',
  vjp: ({ g, attributes, x: [, k], dY }) => [
    () => g.op('Trilu', [dY, k], { upper: attributes.int('upper', 1) }),
    'none',
  ],
})
