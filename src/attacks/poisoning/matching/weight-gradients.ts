import type { Classifier } from '../../../models/classifier.ts'
import { featuresOf } from '../../../models/features.ts'
import { type Head, modelHead } from '../../../models/head.ts'
import { addGradient } from '../../../onnx/autodiff/gradient.ts'
import type { Value } from '../../../onnx/builder.ts'
import { oneHot, preciseCrossEntropy } from '../../../onnx/losses.ts'
import { trainingGraph } from '../../../training/training-mode/index.ts'

/** Which weights the gradients are of. */
export type MatchedWeights = 'all' | 'last layer'

export interface WeightGradients extends Head {
  /** int64 [rows]. */
  readonly labels: Value
  /** Gradients of the rows' summed cross-entropy by each weight, of the weight's shape. */
  readonly gradients: readonly Value[]
}

/**
 * The model up to the gradients of its weights, as values of the graph that can be differentiated again. Those of the last
 * layer are written out, (softmax - one-hot)ᵀ features, for models whose other gradients can't be. The network is in
 * inference mode. Throws MODEL_UNSUPPORTED for a last layer that isn't linear, GRAPH_OP_UNSUPPORTED for an operator without
 * a gradient.
 */
export const weightGradients = (model: Classifier, weights: MatchedWeights): WeightGradients => {
  const { g, x, logits } = modelHead(model.model.graph, model)
  const labels = g.input('bz:labels', 'int64', ['batch'])
  if (weights === 'last layer') {
    const errors = g.sub(g.softmax(logits, 1), oneHot(g, labels, logits))
    return { g, x, logits, labels, gradients: [g.matmul(g.transpose(errors, [1, 0]), featuresOf({ g, logits }).value)] }
  }
  const { trainable } = trainingGraph(model, { batchNormalization: 'inference' })
  const withRespectTo = trainable.map((name) => g.value(name))
  const gradients = addGradient(g, g.build([]), { of: preciseCrossEntropy(g, logits, labels), withRespectTo })
  return { g, x, logits, labels, gradients: gradients.map((value, i) => ({ ...value, dims: withRespectTo[i]!.dims })) }
}
