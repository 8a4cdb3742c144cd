import { BartizanError } from '../base/errors.ts'
import type { GraphBuilder, Value } from '../onnx/builder.ts'
import type { Graph, Node, ValueInfo } from '../onnx/types.ts'

/** What a model gives back, as found in its graph: scores of classes, numbers, or a score of each label. */
export type OutputKind =
  | 'logits'
  | 'probabilities'
  | 'binary-logit'
  | 'binary-probability'
  | 'numbers'
  | 'label-logits'
  | 'label-probabilities'

/** What the model is for; `auto`: numbers where an operator for regression makes them, else classes. */
export type OutputTask = 'auto' | 'classification' | 'regression' | 'multi-label'

export interface FoundOutput {
  readonly name: string
  readonly kind: OutputKind
  /** The value before a final Softmax or Sigmoid, where there is one: attacks on saturated probabilities see no gradient. */
  readonly tap: string | undefined
  /** How it was found out, for the report. */
  readonly because: string
}

/** Which output holds the scores, and of what kind they are. `declared` overrules what the graph says. */
export const findOutput = (
  graph: Graph,
  declared: 'auto' | 'logits' | 'probabilities' = 'auto',
  task: OutputTask = 'auto',
): FoundOutput => {
  const floats = graph.outputs.filter(({ dtype }) => dtype.includes('float'))
  if (task === 'regression') return numbersOf(floats[0] ?? refuse(graph, 'numbers'), 'declared as a regression')
  const scores = floats.filter(({ dims }) => dims === undefined || dims.length === 2)
  const named = scores.find(({ name }) => /prob|logit|score/i.test(name))
  const output = named ?? scores[0]
  if (!output) return regressionOf(graph, floats, declared, task) ?? refuse(graph, 'class scores')
  const binary = output.dims?.[1] === 1
  const producer = producerOf(graph, output.name)
  const by = producer
    ? `output "${output.name}" is made by ${producer.op} node "${producer.name}"`
    : `output "${output.name}"`
  const numbers = regressionOf(graph, [output], declared, task)
  if (numbers) return numbers
  if (task === 'multi-label') {
    const squashed = declared === 'auto' && producer?.op === 'Sigmoid'
    const chances =
      squashed || declared === 'probabilities' || (declared === 'auto' && producer?.domain === 'ai.onnx.ml')
    const kind = chances ? 'label-probabilities' : 'label-logits'
    return { name: output.name, kind, tap: squashed ? producer.inputs[0] : undefined, because: by }
  }
  if (declared === 'auto' && (producer?.op === 'Softmax' || producer?.op === 'LogSoftmax'))
    return { name: output.name, kind: 'probabilities', tap: producer.inputs[0], because: by }
  if (declared === 'auto' && producer?.op === 'Sigmoid' && binary)
    return { name: output.name, kind: 'binary-probability', tap: producer.inputs[0], because: by }
  const probabilities = declared === 'probabilities' || (declared === 'auto' && producer?.domain === 'ai.onnx.ml')
  const because = declared === 'auto' ? by : `declared as ${declared}`
  if (probabilities)
    return { name: output.name, kind: binary ? 'binary-probability' : 'probabilities', tap: undefined, because }
  return { name: output.name, kind: binary ? 'binary-logit' : 'logits', tap: undefined, because }
}

/** Numbers that an operator for regression makes, unless the caller says that they are something else. */
const regressionOf = (
  graph: Graph,
  outputs: readonly ValueInfo[],
  declared: 'auto' | 'logits' | 'probabilities',
  task: OutputTask,
): FoundOutput | undefined => {
  if (task !== 'auto' || declared !== 'auto') return undefined
  for (const output of outputs) {
    const producer = producerOf(graph, output.name)
    if (producer?.domain === 'ai.onnx.ml' && producer.op.endsWith('Regressor'))
      return numbersOf(output, `output "${output.name}" is made by ${producer.op} node "${producer.name}"`)
  }
  return undefined
}

const numbersOf = ({ name }: ValueInfo, because: string): FoundOutput => ({
  name,
  kind: 'numbers',
  tap: undefined,
  because,
})

const refuse = (graph: Graph, what: string): never => {
  const list = graph.outputs.map(({ name, dtype, dims }) => `"${name}" (${dtype} [${dims ?? '?'}])`).join(', ')
  throw new BartizanError('MODEL_UNSUPPORTED', `no output of the model holds ${what}: it has ${list}`, {
    hint: 'a classifier gives float scores [rows, classes]; scikit-learn models must be exported with zipmap=False',
  })
}

/** The node that makes a value, looking through nodes that only pass it on. */
const producerOf = (graph: Graph, name: string): Node | undefined => {
  const node = graph.nodes.find(({ outputs }) => outputs.includes(name))
  return node?.op === 'Identity' ? producerOf(graph, node.inputs[0]!) : node
}

/**
 * Logits [rows, classes] of whatever was found: two columns for a single binary score, log-probabilities without a tap.
 * Numbers as they are, [rows, outputs]; a logit for each label, [rows, labels].
 */
export const asLogits = (g: GraphBuilder, { name, kind, tap }: FoundOutput): Value => {
  if (kind === 'logits' || kind === 'label-logits') return g.value(name)
  const score = g.value(tap ?? name)
  if (kind === 'numbers') return score.dims?.length === 2 ? score : g.op('Flatten', [score], { axis: 1 })
  if (kind === 'probabilities') return tap === undefined ? logarithm(g, score) : score
  const logit =
    kind === 'binary-logit' || tap !== undefined ? score : g.sub(logarithm(g, score), logarithm(g, g.sub(1, score)))
  if (kind === 'label-probabilities') return logit
  return g.concat([g.mul(logit, 0), logit], 1)
}

/** Probabilities of exactly 0 stay finite: the smallest normal float32 stands for them. */
const logarithm = (g: GraphBuilder, probability: Value): Value => g.log(g.max(probability, 1.1754944e-38))
