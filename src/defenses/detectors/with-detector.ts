import { BartizanError } from '../../base/errors.ts'
import type { ClassifierOptions } from '../../models/classifier.ts'
import { asLogits, findOutput } from '../../models/outputs.ts'
import type { ProgramBuilder } from '../../models/program.ts'
import { type GraphBuilder, graphBuilder } from '../../onnx/builder.ts'
import { normalise } from '../../onnx/normalise.ts'
import { again } from '../../onnx/rewrite/again.ts'
import type { Graph, Model } from '../../onnx/types.ts'
import type { FittedDetector } from '../../threat/detector.ts'
import { idKey, scoreOutput, thresholdKey } from './deployed.ts'
import { entryScale } from './entry-scale.ts'

export interface DeployOptions extends Pick<ClassifierOptions, 'output' | 'preprocessing'> {
  readonly detector: FittedDetector
  readonly id: string
  /** A row is flagged where its score is above this. */
  readonly threshold: number
  /** Sizes of one row, as `Classifier.input.dims`. */
  readonly dims: readonly number[]
}

/**
 * The model with the detector's score as one more output, `detector_score` (float [rows]), and its id and threshold in
 * the metadata; the operator set becomes the builder's. Inputs and all other outputs stay as they are. `output` and
 * `preprocessing` are what the model was opened with: the file still takes what it took, and the detector sees those
 * values brought back to the user's range. Throws MODEL_UNSUPPORTED where the model has such an output already, and what
 * building the score throws.
 */
export const withDetector = (source: Model, options: DeployOptions): Model => {
  const { detector, id, threshold, dims } = options
  const model = normalise(source)
  const input = inputOf(model.graph)
  const [rows] = input.dims ?? []
  const type = { dtype: input.dtype, dims: [typeof rows === 'number' ? rows : 'batch', ...dims] }
  const g = graphBuilder(model.graph, { [input.name]: type })
  if (g.has(scoreOutput))
    throw new BartizanError('MODEL_UNSUPPORTED', `the model has a value named "${scoreOutput}" already`, {
      hint: 'it seems to have a detector: start from the model without one',
    })
  const score = detector.score(around(g, model.graph, input.name, options))
  // One value a row, whatever inference makes of it: an output of unknown shape might be taken for class scores.
  g.output(scoreOutput, { ...score, dims: type.dims.slice(0, 1) })
  return {
    ...model,
    metadata: { ...model.metadata, [idKey]: id, [thresholdKey]: String(threshold) },
    graph: g.build(),
  }
}

const inputOf = (graph: Graph): Graph['inputs'][number] => {
  const [input, ...others] = graph.inputs.filter(({ name }) => !graph.initializers.has(name))
  if (!input || others.length > 0)
    throw new BartizanError(
      'MODEL_UNSUPPORTED',
      `the model has ${input ? others.length + 1 : 0} inputs; one is supported`,
    )
  return input
}

/** The model as a detector builds on it. */
const around = (
  g: GraphBuilder,
  graph: Graph,
  input: string,
  { dims, output, preprocessing }: DeployOptions,
): ProgramBuilder => {
  const entry = g.value(input)
  const logits = asLogits(g, findOutput(graph, output))
  const built = g.build([])
  const before = { ...built, nodes: [...built.nodes] }
  const { toUser, toModel } = entryScale(g, dims, preprocessing)
  return {
    g,
    x: toUser(entry),
    logits,
    input: onlyInPrograms,
    gradient: onlyInPrograms,
    logitsAt: (x) => again(g, before, { from: entry, to: logits }, toModel(x)),
  }
}

const onlyInPrograms = (): never => {
  throw new BartizanError('INTERNAL', 'a detector in a file has neither gradients nor inputs of its own')
}
