import type { GraphBuilder, Value } from './builder.ts'

/**
 * Losses as graph builders, each from logits [rows, classes] and what it compares them with to one value a row.
 * Attacks climb them; training descends them.
 */
export type Loss = (g: GraphBuilder, logits: Value, labels: Value) => Value

/** One-hot rows of int64 labels [rows], in the type of `logits`. */
export const oneHot = (g: GraphBuilder, labels: Value, logits: Value): Value => {
  const classes = logits.dims?.[1]
  const depth = typeof classes === 'number' ? g.ints([classes]) : g.slice(g.op('Shape', [logits]), [1], [2], [0])
  return g.op('OneHot', [labels, depth, g.constant(logits.dtype, [2], [0, 1])], { axis: -1 })
}

/** The logit of each row's own label. */
export const ofLabel = (g: GraphBuilder, logits: Value, labels: Value): Value =>
  g.reduceSum(g.mul(logits, oneHot(g, labels, logits)), [1])

/** The largest logit of each row but that of its label. */
export const largestOther = (g: GraphBuilder, logits: Value, labels: Value): Value =>
  g.reduceMax(others(g, logits, labels), [1])

/** Below any logit, and still finite in float32. */
const lowest = -3e38

/** Every logit but the label's, which is put below any other. */
const others = (g: GraphBuilder, logits: Value, labels: Value): Value =>
  g.where(g.cast(oneHot(g, labels, logits), 'bool'), lowest, logits)

/** -log softmax(z)_y. */
export const crossEntropy: Loss = (g, logits, labels) => g.neg(ofLabel(g, g.logSoftmax(logits, 1), labels))

/**
 * Cross-entropy from the logits' distances to the label's, log Σ exp(z_j - z_y), for training. Where a row is all but
 * certain, the gradient of the other form is p - 1, of which float32 keeps few digits and in the end none: here the
 * label's own term is a constant, and no such difference is formed.
 */
export const preciseCrossEntropy: Loss = (g, logits, labels) => {
  const distances = g.sub(logits, g.unsqueeze(ofLabel(g, logits, labels), [1]))
  const apart = g.where(g.cast(oneHot(g, labels, logits), 'bool'), 0, distances)
  return g.op('ReduceLogSumExp', [apart, g.ints([1])], { keepdims: 0 })
}

/** Cross-entropy against (1 - share) of the label and `share` spread evenly over all classes. */
export const smoothedCrossEntropy = (g: GraphBuilder, logits: Value, labels: Value, share: number): Value => {
  const ofLabels = preciseCrossEntropy(g, logits, labels)
  if (share === 0) return ofLabels
  const even = g.neg(g.reduceMean(g.logSoftmax(logits, 1), [1]))
  return g.add(g.mul(ofLabels, 1 - share), g.mul(even, share))
}

/** max_{j≠y} z_j - z_y: positive where the row is misclassified (Carlini and Wagner 2017, arXiv:1608.04644). */
export const margin: Loss = (g, logits, labels) => g.sub(largestOther(g, logits, labels), ofLabel(g, logits, labels))

/**
 * Difference of logits ratio, -(z_y - max_{j≠y} z_j) / (z_(1) - z_(3)) with z sorted downwards (Croce and Hein 2020,
 * arXiv:2003.01690). Needs three classes.
 */
export const dlr: Loss = (g, logits, labels) => {
  const top = sorted(g, logits, 3)
  return g.div(margin(g, logits, labels), g.add(g.sub(top(0), top(2)), 1e-12))
}

/** Targeted DLR, -(z_y - z_t) / (z_(1) - (z_(3) + z_(4)) / 2); needs four classes. */
export const targetedDlr =
  (targets: Value): Loss =>
  (g, logits, labels) => {
    const top = sorted(g, logits, 4)
    const scale = g.sub(top(0), g.mul(g.add(top(2), top(3)), 0.5))
    return g.div(g.sub(ofLabel(g, logits, targets), ofLabel(g, logits, labels)), g.add(scale, 1e-12))
  }

/** Kullback-Leibler divergence of softmax(logits) from softmax(reference), KL(reference || logits). */
export const klDivergence = (g: GraphBuilder, logits: Value, reference: Value): Value => {
  const [q, p] = [g.logSoftmax(logits, 1), g.logSoftmax(reference, 1)]
  return g.reduceSum(g.mul(g.exp(p), g.sub(p, q)), [1])
}

/** Mean squared difference over all but the first axis. */
export const meanSquaredError = (g: GraphBuilder, value: Value, reference: Value): Value => {
  const axes = (value.dims ?? []).map((_, axis) => axis).slice(1)
  return g.reduceMean(g.square(g.sub(value, reference)), axes)
}

/** The k-th largest logit of each row, k from 0. */
const sorted = (g: GraphBuilder, logits: Value, count: number): ((k: number) => Value) => {
  const [values] = g.ops('TopK', [logits, g.ints([count])], { axis: 1 }, { outputs: 2 })
  return (k) => g.squeeze(g.slice(values!, [k], [k + 1], [1]), [1])
}
