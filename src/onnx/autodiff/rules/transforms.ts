import { ownDomain, straightThroughs } from '../../straight-through.ts'
import { defineRule } from '../rule.ts'

/**
 * Rounding, clipping and casts back from integers marked to be passed straight through: dX = dY, none for bounds (backward pass differentiable
 * approximation, Athalye et al. 2018, arXiv:1802.00420).
 */
export const straightThrough = defineRule({
  op: straightThroughs,
  domain: ownDomain,
  caveat: 'straight-through estimate: it is taken for the identity',
  throughIntegers: true,
  vjp: ({ dY }) => [() => dY, 'none', 'none'],
})

/** Numbers drawn anew in each run: nothing flows to the value that only lends its shape. */
export const random = defineRule({
  op: ['RandomUniformLike', 'RandomNormalLike'],
  caveat: 'the gradient of one draw: each run draws anew, so average over runs',
  vjp: () => ['none'],
})
