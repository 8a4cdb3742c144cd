import { type AnyDefense, defineDefense } from '../../threat/defense.ts'
import { type AnyTransform, withTransform } from '../transforms/index.ts'
import { graphRange } from './graph-range.ts'
import { withOpened } from './opened.ts'

/** A transform of inputs, put into the graph in front of the network. */
export const transformDefense = (transform: AnyTransform): AnyDefense => {
  const { id, title, reference, holds, parameters, random } = transform
  return defineDefense({
    id,
    title,
    reference,
    holds,
    parameters,
    run: (context, given) =>
      withOpened(context, ({ input, preprocessing }) => ({
        model: withTransform(context.source, input, transform, given, graphRange(context, preprocessing)),
        epochs: [],
        notes: random ? ['Each run of the model draws anew: the same input may get another answer.'] : [],
      })),
  })
}
