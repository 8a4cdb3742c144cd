import type { GraphBuilder, Value } from '../../builder.ts'
import { laneSum } from '../lane-sum.ts'
import { defineRule, once, type VjpContext } from '../rule.ts'

/** exp(X) over its sum along the axis (opset 13): dX = Y (dY - Σ dY Y). */
export const softmax = defineRule({
  op: 'Softmax',
  vjp: ({ g, attributes, y: [Y], dY }) => [
    () => g.mul(Y!, g.sub(dY, g.reduceSum(g.mul(dY, Y!), [attributes.int('axis', -1)], true))),
  ],
})

/**
 * X - ln Σ exp(X) along the axis (opset 13): dX = dY - exp(Y) Σ dY. For a confident row dX is a difference of nearly
 * equal floats, so exp(Y) is computed again with its sum in a defined order (see `laneSum`).
 */
export const logSoftmax = defineRule({
  op: 'LogSoftmax',
  vjp: ({ g, attributes, x: [X], y: [Y], dY }) => [
    () => {
      const axis = attributes.int('axis', -1)
      const isLast = axis === -1 || axis === X!.dims!.length - 1
      const shifted = g.sub(X!, g.reduceMax(X!, [axis], true))
      const total = isLast ? laneSum(g, g.exp(shifted)) : undefined
      const probabilities = g.exp(total ? g.sub(shifted, g.log(total)) : Y!)
      return g.sub(dY, g.mul(probabilities, g.reduceSum(dY, [axis], true)))
    },
  ],
})

/** The loss's gradient for the log-probability of each class: minus the example's weight at its label, else 0. */
const logProbabilityGradient = ({ g, attributes, x, dY }: VjpContext): Value => {
  const [X, labels, weights] = x as [Value, Value, Value | undefined]
  const ignored = attributes.int('ignore_index')
  const kept = ignored === undefined ? undefined : g.not(g.equal(labels, ignored))
  const target = kept ? g.where(kept, labels, 0) : labels
  const ofLabel = weights ? g.gather(weights, target, 0) : ones(g, labels, X)
  const weight = kept ? g.where(kept, ofLabel, 0) : ofLabel
  const reduction = attributes.string('reduction', 'mean')
  const scaled = g.mul(weight, reduction === 'mean' ? g.div(dY, g.op('ReduceSum', [weight], { keepdims: 0 })) : dY)
  const classes = g.slice(g.op('Shape', [X]), [1], [2], [0])
  const offOn = g.constant(X.dtype, [2], [0, -1])
  return g.mul(g.op('OneHot', [target, classes, offOn], { axis: 1 }), g.unsqueeze(scaled, [1]))
}

const ones = (g: GraphBuilder, like: Value, { dtype }: Value): Value => g.cast(g.onesLike(like), dtype)

/** -weight X at each label, by `reduction`. No gradient for labels and class weights. */
export const negativeLogLikelihoodLoss = defineRule({
  op: 'NegativeLogLikelihoodLoss',
  vjp: (context) => [() => logProbabilityGradient(context), 'none', 'none'],
})

/** The same of log softmax(X) over axis 1, which may be a second output. No gradient for labels and class weights. */
export const softmaxCrossEntropyLoss = defineRule({
  op: 'SoftmaxCrossEntropyLoss',
  vjp: (context) => {
    const { g, x, dYs } = context
    const dX = once(() => {
      const [ofLoss, ofOutput] = [dYs[0] && logProbabilityGradient(context), dYs[1]]
      const d = ofLoss && ofOutput ? g.add(ofLoss, ofOutput) : (ofLoss ?? ofOutput)!
      return g.sub(d, g.mul(g.softmax(x[0]!, 1), g.reduceSum(d, [1], true)))
    })
    return [dX, 'none', 'none']
  },
})
