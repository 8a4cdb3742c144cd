import { defineShape, typedAs } from './rule.ts'

/** A scalar, or one value a label; SoftmaxCrossEntropyLoss also gives the log probabilities. */
export const loss = defineShape({
  op: ['NegativeLogLikelihoodLoss', 'SoftmaxCrossEntropyLoss'],
  infer: ({ inputs: [x, labels], attributes }) => [
    typedAs(x, attributes.string('reduction', 'mean') === 'none' ? labels?.dims : []),
    typedAs(x, x?.dims),
  ],
})
