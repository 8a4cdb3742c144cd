import { BartizanError } from '../../base/errors.ts'
import type { FoundOutput } from '../../models/outputs.ts'
import { normalise } from '../../onnx/normalise.ts'
import { tensor } from '../../onnx/tensor.ts'
import type { Attributes, DType, Graph, Model, Node } from '../../onnx/types.ts'
import { nodeNames, unusedNames, valueNames } from '../../onnx/upgrade/names.ts'

/** Under this key of a model's metadata stands the temperature that its file divides the logits by. */
export const temperatureKey = 'bartizan.temperature'

/**
 * The model with its logits divided by `temperature`, inside the graph: in front of the final Softmax or Sigmoid where
 * there is one, at the output of logits otherwise; probabilities that come from elsewhere (trees) become
 * softmax(log p / T). Whatever else reads the logits reads the divided ones, so that several outputs agree. Names,
 * metadata and, but for models with local functions, the operator set stay. The order of the classes never reverses.
 *
 * Applied twice, the temperatures multiply, and the metadata hold their product. Throws CONFIG_INVALID unless
 * `temperature` is positive, MODEL_UNSUPPORTED where no node makes the logits.
 */
export const withTemperature = (source: Model, output: FoundOutput, temperature: number): Model => {
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw new BartizanError('CONFIG_INVALID', `a temperature of ${temperature} can't divide logits`, {
      hint: 'it must be a positive number; 1 changes nothing',
    })
  const scores = output.tap ?? output.name
  // A final softmax may stand inside a local function, or be of a form that only the newer operators show.
  const model = makes(source.graph, scores) && (source.opsets[''] ?? current) >= oldest ? source : normalise(source)
  if (!makes(model.graph, scores))
    throw new BartizanError('MODEL_UNSUPPORTED', `no node makes the scores "${scores}": there is nothing to divide`)
  const dtype = model.graph.outputs.find(({ name }) => name === output.name)?.dtype ?? 'float32'
  const before = Number(model.metadata[temperatureKey] ?? 1)
  return {
    ...model,
    opsets: { ...model.opsets, '': model.opsets[''] ?? current },
    metadata: { ...model.metadata, [temperatureKey]: String(before * temperature) },
    graph: rerouted(model.graph, scores, (steps, value) => divided(steps, value, output, temperature, dtype)),
  }
}

/** From this operator set on Max, Div and Sub broadcast. */
const oldest = 8
/** For models that use no operator of ai.onnx. */
const current = 13

const makes = (graph: Graph, name: string): boolean => graph.nodes.some(({ outputs }) => outputs.includes(name))

/** Makes nodes one after another and gives the names of their results. */
interface Steps {
  node(op: string, inputs: readonly string[], attributes?: Attributes): string
  scalar(value: number, dtype: DType): string
}

const divided = (
  steps: Steps,
  value: string,
  { kind, tap }: FoundOutput,
  temperature: number,
  dtype: DType,
): string => {
  const divide = (logits: string): string => steps.node('Div', [logits, steps.scalar(temperature, dtype)])
  if (tap !== undefined || kind === 'logits' || kind === 'binary-logit') return divide(value)
  // A probability of exactly 0 stays finite, as where attacks take its logarithm.
  const least = steps.scalar(dtype === 'float16' ? 2 ** -14 : 1.1754944e-38, dtype)
  const logarithm = (p: string): string => steps.node('Log', [steps.node('Max', [p, least])])
  if (kind === 'probabilities')
    return steps.node('Softmax', [divide(logarithm(value))], { axis: { type: 'int', value: 1 } })
  const other = steps.node('Sub', [steps.scalar(1, dtype), value])
  return steps.node('Sigmoid', [divide(steps.node('Sub', [logarithm(value), logarithm(other)]))])
}

/** Everything that read `name` reads what `change` makes of it, under the same name. */
const rerouted = (graph: Graph, name: string, change: (steps: Steps, value: string) => string): Graph => {
  const unused = unusedNames(valueNames(graph))
  const unusedNode = unusedNames(nodeNames(graph))
  const raw = unused(`${name}/before-temperature`)
  const added: Node[] = []
  const push = (op: string, inputs: readonly string[], attributes: Attributes): string => {
    const result = unused(`${name}/temperature/${op}`)
    added.push({ name: unusedNode(result), op, domain: '', inputs, outputs: [result], attributes })
    return result
  }
  const last = change(
    {
      node: (op, inputs, attributes = {}) => push(op, inputs, attributes),
      // A node rather than an initializer, which old files would have to list as an input.
      scalar: (value, dtype) => push('Constant', [], { value: { type: 'tensor', value: tensor(dtype, [], [value]) } }),
    },
    raw,
  )
  const chain = added.map((node) => (node.outputs[0] === last ? { ...node, outputs: [name] } : node))
  return {
    ...graph,
    nodes: graph.nodes.flatMap((node) =>
      node.outputs.includes(name)
        ? [{ ...node, outputs: node.outputs.map((output) => (output === name ? raw : output)) }, ...chain]
        : [node],
    ),
  }
}
