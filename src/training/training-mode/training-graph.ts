import { BartizanError, isBartizanError } from '../../base/errors.ts'
import type { Classifier } from '../../models/classifier.ts'
import { modelHead } from '../../models/head.ts'
import { addGradient } from '../../onnx/autodiff/gradient.ts'
import type { Graph, ValueInfo } from '../../onnx/types.ts'
import type { TrainedGraph } from '../gradient-step.ts'
import { isBatchNormalization, withBatchStatistics } from './batch-statistics.ts'
import { withDropoutMasks } from './dropout-masks.ts'
import { chosenWeights } from './weight-choice.ts'
import { weightsOf } from './weights.ts'

export interface TrainingModeOptions {
  /** Names of the weights to train, `*` standing for any characters; all that `weightsOf` finds where not given. */
  readonly weights?: readonly string[]
  /** inference: batch normalisation keeps the statistics that it has. Default training. */
  readonly batchNormalization?: 'training' | 'inference'
}

export interface TrainingGraph extends TrainedGraph {
  /** What the user should know: what is not trained, or not as it once was. */
  readonly notes: readonly string[]
}

type Trained = Pick<Classifier, 'source' | 'model' | 'input' | 'output' | 'preprocessing'>

/**
 * A network as it is trained: which of its values are weights, batch normalisation by the batch, dropout by masks that
 * the caller feeds. Names, and the initializers' values, stay. Throws GRAPH_NOT_DIFFERENTIABLE where there is nothing to
 * train, GRAPH_OP_UNSUPPORTED for an operator without a gradient, CONFIG_INVALID for a weight that isn't there.
 */
export const trainingGraph = (model: Trained, options: TrainingModeOptions = {}): TrainingGraph => {
  const { source, input } = model
  const own = new Set([
    ...source.graph.initializers.keys(),
    ...source.graph.nodes.filter(({ op }) => op === 'Constant').flatMap(({ outputs }) => outputs),
  ])
  const base = model.model.graph
  const { g } = modelHead(base, model)
  const dropout = withDropoutMasks(base, (name) => g.value(name).dims)
  const normalised =
    options.batchNormalization === 'inference'
      ? { ...withBatchStatistics(dropout.graph, () => false), notes: [] }
      : withBatchStatistics(dropout.graph, (name) => own.has(name))
  const running = new Set(base.nodes.filter(isBatchNormalization).flatMap(({ inputs }) => inputs.slice(3)))
  const wanted = options.weights
    ? chosenWeights(
        options.weights,
        [...base.initializers]
          .filter(([name, { dtype }]) => dtype === 'float32' && own.has(name) && !running.has(name))
          .map(([name]) => name),
      )
    : weightsOf(base, source, input.name)
  const trained = { graph: normalised.graph, statistics: normalised.statistics, masks: dropout.masks }
  const { reached, missed } = differentiable(model, trained, wanted)
  return {
    ...trained,
    trainable: reached,
    notes: [
      ...dropout.notes,
      ...normalised.notes,
      ...(missed.length > 0 ? [`No gradient reaches ${missed.join(', ')}: they stay as they are.`] : []),
      ...foldedNote(base),
    ],
  }
}

/** The weights that the logits depend on in a differentiable way. */
const differentiable = (
  model: Trained,
  { graph, statistics, masks }: Omit<TrainedGraph, 'trainable'>,
  wanted: readonly string[],
): { readonly reached: readonly string[]; readonly missed: readonly string[] } => {
  const missed: string[] = []
  for (;;) {
    const reached = wanted.filter((name) => !missed.includes(name))
    if (reached.length === 0)
      throw new BartizanError('GRAPH_NOT_DIFFERENTIABLE', 'the model has no weight that gradients reach', {
        hint: 'trees and other models without layers are not trained by gradients',
      })
    const trainable = [...reached, ...statistics.map(({ name }) => name)]
    const inputs = masks.map(({ name, dims }): ValueInfo => ({ name, dtype: 'float32', dims: ['batch', ...dims] }))
    const { g, logits } = modelHead(graph, { ...model, trainable, inputs })
    try {
      const of = g.reduceSum(logits, [1])
      addGradient(g, g.build([]), { of, withRespectTo: reached.map((name) => g.value(name)) })
      return { reached, missed }
    } catch (error) {
      const lost = isBartizanError(error, 'GRAPH_NOT_DIFFERENTIABLE') ? error.data.input : undefined
      if (typeof lost !== 'string' || !reached.includes(lost)) throw error
      missed.push(lost)
    }
  }
}

/** What exporters call the kernels that they multiplied the scales of batch normalisation into. */
const foldedNames = /^onnx::Conv_\d+$|batch_?norm/i

const foldedNote = (graph: Graph): readonly string[] => {
  const folded = graph.nodes.some(
    ({ op, inputs }) => op === 'Conv' && inputs.slice(1).some((name) => foldedNames.test(name)),
  )
  if (!folded || graph.nodes.some(isBatchNormalization)) return []
  return [
    'Batch normalisation was folded into the convolutions when the model was exported, so it is trained without it; ' +
      'to keep it, export with training=torch.onnx.TrainingMode.PRESERVE.',
  ]
}
