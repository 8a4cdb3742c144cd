import { BartizanError } from '../../base/errors.ts'
import { asLogits, findOutput } from '../../models/outputs.ts'
import { graphBuilder, type Value } from '../../onnx/builder.ts'
import { normalise } from '../../onnx/normalise.ts'
import type { Attributes, Graph, Model, Tensor } from '../../onnx/types.ts'

interface VoteOptions {
  /** What the models were opened with. */
  readonly output?: 'auto' | 'logits' | 'probabilities'
  /** Sizes of one row. */
  readonly dims: readonly number[]
  readonly classes: number
}

/**
 * One file of many models that take the same input: its output, under the name of theirs, counts for each class the
 * models that answer it [rows, classes], float32. The largest count, of equals the smallest class, is the answer.
 */
export const voteModel = (models: readonly Model[], { output, dims, classes }: VoteOptions): Model => {
  const [first, ...others] = models.map((model) => normalise(model))
  if (!first) throw new BartizanError('INTERNAL', 'a vote needs a model')
  const input = first.graph.inputs.find(({ name }) => !first.graph.initializers.has(name))!
  const found = findOutput(first.graph, output)
  const members = [first, ...others].map(({ graph }, i) => renamed(graph, `vote${i}/`, new Set([input.name])))
  const [rows] = input.dims ?? []
  const type = { dtype: input.dtype, dims: [typeof rows === 'number' ? rows : 'batch', ...dims] }
  const g = graphBuilder(
    {
      name: first.graph.name,
      inputs: [input],
      outputs: [],
      nodes: members.flatMap(({ nodes }) => nodes),
      initializers: new Map(members.flatMap(({ initializers }) => [...initializers])),
    },
    { [input.name]: type },
  )
  const every = g.constant(
    'int64',
    [1, classes],
    Array.from({ length: classes }, (_, label) => label),
  )
  const votes = members.map((_, i): Value => {
    const named = (name: string): string => `vote${i}/${name}`
    const logits = asLogits(g, { ...found, name: named(found.name), tap: found.tap && named(found.tap) })
    return g.cast(g.equal(g.op('ArgMax', [logits], { axis: 1, keepdims: 1 }), every), 'float32')
  })
  const counts = votes.reduce((sum, vote) => g.add(sum, vote))
  g.output(found.name, { ...counts, dims: [type.dims[0]!, classes] })
  return { ...first, graph: g.build() }
}

/** The same graph with other names, but for those in `kept`; names inside the bodies of loops and branches as well. */
const renamed = (graph: Graph, prefix: string, kept: ReadonlySet<string>): Graph => {
  const name = (old: string): string => (old === '' || kept.has(old) ? old : `${prefix}${old}`)
  const info = <T extends { readonly name: string }>(value: T): T => ({ ...value, name: name(value.name) })
  return {
    ...graph,
    inputs: graph.inputs.map(info),
    outputs: graph.outputs.map(info),
    initializers: new Map<string, Tensor>([...graph.initializers].map(([old, value]) => [name(old), value])),
    nodes: graph.nodes.map((node) => ({
      ...node,
      name: `${prefix}${node.name}`,
      inputs: node.inputs.map(name),
      outputs: node.outputs.map(name),
      attributes: renamedBodies(node.attributes, prefix, kept),
    })),
  }
}

const renamedBodies = (attributes: Attributes, prefix: string, kept: ReadonlySet<string>): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      value.type === 'graph' ? { type: 'graph', value: renamed(value.value, prefix, kept) } : value,
    ]),
  )
