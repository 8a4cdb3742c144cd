import { BartizanError } from '../../base/errors.ts'
import { stream } from '../../base/random.ts'
import type { Classifier } from '../../models/classifier.ts'
import { modelHead } from '../../models/head.ts'
import { tensor } from '../../onnx/tensor.ts'
import type { Graph, Tensor } from '../../onnx/types.ts'
import { modelDraft } from '../../training/architecture/draft.ts'
import { isBatchNormalization } from '../../training/training-mode/batch-statistics.ts'
import { type WeightStart, weightStarts } from './weight-starts.ts'

/**
 * The named weights as they would be before any training, drawn by torch's defaults, and the running statistics of batch
 * normalisation at 0 and 1. Values follow from the seed and the weight's name alone, as `buildArchitecture` draws them.
 * Throws MODEL_UNSUPPORTED for a weight whose layer has no such default.
 */
export const drawnAnew = (
  model: Pick<Classifier, 'source' | 'model' | 'input' | 'output' | 'preprocessing'>,
  trainable: readonly string[],
  seed: number,
): ReadonlyMap<string, Tensor> => {
  const { graph } = model.model
  const { g } = modelHead(graph, model)
  const running = graph.nodes
    .filter(isBatchNormalization)
    .flatMap(({ inputs }) => inputs.slice(3))
    .filter((name) => graph.initializers.get(name)?.dtype === 'float32' && isOfFile(model.source.graph, name))
  const names = [...new Set([...trainable, ...running])]
  const starts = weightStarts({
    graph,
    input: model.input.name,
    names,
    dimsOf: (name) => g.value(name).dims as readonly number[],
  })
  return new Map(
    names.map((name) => {
      const start = starts.get(name)
      if (!start)
        throw new BartizanError('MODEL_UNSUPPORTED', `weight "${name}" has no usual values to start training from`, {
          hint: 'train from the weights of the file: --set from=weights',
          data: { weight: name },
        })
      return [name, started(name, graph.initializers.get(name)!.dims, start, seed)]
    }),
  )
}

/** Local functions have values of their own, which come to light when they are inlined. */
const isOfFile = ({ initializers, nodes }: Graph, name: string): boolean =>
  initializers.has(name) || nodes.some(({ op, outputs }) => op === 'Constant' && outputs[0] === name)

const started = (name: string, dims: readonly number[], start: WeightStart, seed: number): Tensor => {
  const draft = modelDraft(seed, undefined)
  if (start.kind === 'uniform') draft.drawn(name, dims, start.fanIn)
  else draft.filled(name, dims, start.kind === 'filled' ? start.value : 0)
  const value = draft.initializers.get(name)!
  if (start.kind !== 'normal') return value
  const values = new Float32Array(value.data.length)
  stream(seed, 'initial weights', name).fillNormals(values)
  return tensor('float32', dims, values)
}
