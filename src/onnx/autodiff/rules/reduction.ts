import type { Value } from '../../builder.ts'
import { defineRule, type VjpContext } from '../rule.ts'

/** A result of a reduction with its reduced axes put back as 1, so that it broadcasts against the input. */
const restored = ({ g, attributes, x: [, axes] }: VjpContext, reduced: Value): Value => {
  if (attributes.int('keepdims', 1) === 1) return reduced
  return axes ? g.op('Unsqueeze', [reduced, axes]) : reduced
}

/** Sum over axes: each element gets the sum's gradient. */
export const reduceSum = defineRule({
  op: 'ReduceSum',
  vjp: (context) => [() => context.g.expand(restored(context, context.dY), context.g.shapeOf(context.x[0]!)), 'none'],
})
