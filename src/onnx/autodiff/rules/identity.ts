import { defineRule } from '../rule.ts'

/** Y = X; Dropout of an exported model is at inference, where it is the identity. */
export const identity = defineRule({ op: ['Identity', 'Dropout'], vjp: ({ dY }) => [() => dY, 'none', 'none'] })

/** A change of float type; the gradient goes back in the type it came from. Between integers it stays in floats. */
export const cast = defineRule({
  op: 'Cast',
  vjp: ({ g, x: [X], dY }) => [() => (X!.dtype.includes('float') ? g.cast(dY, X!.dtype) : dY)],
})

/** A change to the type of another value, which gets no gradient. */
export const castLike = defineRule({
  op: 'CastLike',
  vjp: ({ g, x: [X], dY }) => [() => (X!.dtype.includes('float') ? g.op('CastLike', [dY, X]) : dY), 'none'],
})
