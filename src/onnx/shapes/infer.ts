import { attributesOf } from '../attributes.ts'
import { sizeOf, toNumbers } from '../tensor.ts'
import type { Graph, Node, Tensor, TensorType } from '../types.ts'
import { shapeRules } from './index.ts'
import type { Known } from './rule.ts'

/** Constants above this many elements are weights: nothing about shapes is read from them. */
const smallConstant = 1024

/** What is known of a tensor that is part of the graph. */
export const knownTensor = (value: Tensor): Known => ({
  dtype: value.dtype,
  dims: value.dims,
  constant: value,
  ...(isShapeLike(value) ? { elements: toNumbers(value) } : {}),
})

const isShapeLike = ({ dtype, dims }: Tensor): boolean =>
  (dtype === 'int64' || dtype === 'int32') && dims.length <= 1 && sizeOf(dims) <= smallConstant

let lastFresh = 0
const fresh = (): string => `?${++lastFresh}`

/** The types of a node's outputs, as far as they follow from its inputs; unknown where there is no rule. */
export const inferNode = (node: Node, inputs: readonly (Known | undefined)[]): readonly Known[] => {
  const rule = shapeRules.get(ruleKey(node))
  const outputs = rule?.infer({ node, attributes: attributesOf(node), inputs, outputCount: node.outputs.length, fresh })
  return node.outputs.map((_, i) => outputs?.[i] ?? { dtype: 'undefined', dims: undefined })
}

export const ruleKey = ({ domain, op }: Pick<Node, 'domain' | 'op'>): string => (domain ? `${domain}:${op}` : op)

/** Types of all values of a graph, by name. `inputTypes` sharpens what the graph says of its inputs. */
export const inferShapes = (
  graph: Graph,
  inputTypes: Readonly<Record<string, TensorType>> = {},
): ReadonlyMap<string, Known> => {
  const known = new Map<string, Known>()
  for (const input of graph.inputs) known.set(input.name, inputTypes[input.name] ?? input)
  for (const [name, value] of graph.initializers) if (!known.has(name)) known.set(name, knownTensor(value))
  for (const node of graph.nodes) {
    const outputs = inferNode(
      node,
      node.inputs.map((name) => (name ? known.get(name) : undefined)),
    )
    for (const [i, name] of node.outputs.entries()) if (name) known.set(name, outputs[i]!)
  }
  return known
}
