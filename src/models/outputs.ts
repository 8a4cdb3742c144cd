import { BartizanError } from '../base/errors.ts'
import type { GraphBuilder, Value } from '../onnx/builder.ts'
import type { Graph, Node } from '../onnx/types.ts'

/** What a classifier gives back, as found in its graph. */
export type OutputKind = 'logits' | 'probabilities' | 'binary-logit' | 'binary-probability'

export interface FoundOutput {
  readonly name: string
  readonly kind: OutputKind
  /** The value before a final Softmax or Sigmoid, where there is one: attacks on saturated probabilities see no gradient. */
  readonly tap: string | undefined
  /** How it was found out, for the report. */
  readonly because: string
}

/** Which output holds the scores, and of what kind they are. `declared` overrules what the graph says. */
export const findOutput = (graph: Graph, declared: 'auto' | 'logits' | 'probabilities' = 'auto'): FoundOutput => {
  const scores = graph.outputs.filter(
    ({ dtype, dims }) => dtype.includes('float') && (dims === undefined || dims.length === 2),
  )
  const named = scores.find(({ name }) => /prob|logit|score/i.test(name))
  const output = named ?? scores[0]
  if (!output) {
    const list = graph.outputs.map(({ name, dtype, dims }) => `"${name}" (${dtype} [${dims ?? '?'}])`).join(', ')
    throw new BartizanError('MODEL_UNSUPPORTED', `no output of the model holds class scores: it has ${list}`, {
      hint: 'a classifier gives float scores [rows, classes]; scikit-learn models must be exported with zipmap=False',
    })
  }
  const binary = output.dims?.[1] === 1
  const producer = producerOf(graph, output.name)
  const by = producer
    ? `output "${output.name}" is made by ${producer.op} node "${producer.name}"`
    : `output "${output.name}"`
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

/** The node that makes a value, looking through nodes that only pass it on. */
const producerOf = (graph: Graph, name: string): Node | undefined => {
  const node = graph.nodes.find(({ outputs }) => outputs.includes(name))
  return node?.op === 'Identity' ? producerOf(graph, node.inputs[0]!) : node
}

/** Logits [rows, classes] of whatever was found: two columns for a single binary score, log-probabilities without a tap. */
export const asLogits = (g: GraphBuilder, { name, kind, tap }: FoundOutput): Value => {
  if (kind === 'logits') return g.value(name)
  const score = g.value(tap ?? name)
  if (kind === 'probabilities') return tap === undefined ? logarithm(g, score) : score
  const logit =
    kind === 'binary-logit' || tap !== undefined ? score : g.sub(logarithm(g, score), logarithm(g, g.sub(1, score)))
  return g.concat([g.mul(logit, 0), logit], 1)
}

/** Probabilities of exactly 0 stay finite: the smallest normal float32 stands for them. */
const logarithm = (g: GraphBuilder, probability: Value): Value => g.log(g.max(probability, 1.1754944e-38))
