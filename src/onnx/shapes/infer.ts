import { BartizanError } from '../../base/errors.ts'
import { attributesOf } from '../attributes.ts'
import { sizeOf, toNumbers } from '../tensor.ts'
import type { Dims, Graph, Node, Tensor, TensorType } from '../types.ts'
import { shapeRules } from './index.ts'
import { type Known, type ShapeRequest, unknown } from './rule.ts'
import { withElements } from './values/index.ts'
import { smallSize } from './values/rule.ts'

/** What is known of a tensor that is part of the graph. */
export const knownTensor = (value: Tensor): Known => ({
  dtype: value.dtype,
  dims: value.dims,
  constant: value,
  ...(isShapeLike(value) ? { elements: toNumbers(value) } : {}),
})

const isShapeLike = ({ dtype, dims }: Tensor): boolean =>
  (dtype === 'int64' || dtype === 'int32') && dims.length <= 1 && sizeOf(dims) <= smallSize

let lastFresh = 0
const fresh = (): string => `?${++lastFresh}`

/** Loops in loops cost a few turns a level; below this depth a graph's own word is taken for its outputs. */
const maxDepth = 4

type Scope = ReadonlyMap<string, Known>

/**
 * The types of a node's outputs, as far as they follow from its inputs; unknown where there is no rule. `scope` holds
 * the values that nested graphs of the node may use. Throws GRAPH_INVALID where the inputs don't fit the operator.
 */
export const inferNode = (
  node: Node,
  inputs: readonly (Known | undefined)[],
  scope: Scope = new Map(),
  depth = 0,
): readonly Known[] => {
  const request: ShapeRequest = {
    node,
    attributes: attributesOf(node),
    inputs,
    outputCount: node.outputs.length,
    fresh,
    nested: (graph, operands = []) =>
      depth < maxDepth ? nestedOutputs(graph, operands, scope, depth + 1) : graph.outputs,
  }
  const types = shapeRules.get(ruleKey(node))?.infer(request) ?? []
  for (const { dims } of types)
    if (dims?.some((dim) => typeof dim !== 'string' && !(Number.isSafeInteger(dim) && dim >= 0)))
      throw new BartizanError('GRAPH_INVALID', `${node.op} "${node.name}" would have the shape [${dims}]`)
  return withElements(
    request,
    node.outputs.map((_, i) => types[i] ?? unknown),
  )
}

export const ruleKey = ({ domain, op }: Pick<Node, 'domain' | 'op'>): string => (domain ? `${domain}:${op}` : op)

/** Types of all values of a graph, by name. `inputTypes` sharpens what the graph says of its inputs. */
export const inferShapes = (graph: Graph, inputTypes: Readonly<Record<string, TensorType>> = {}): Scope => {
  const known = new Map<string, Known>()
  for (const { name, dtype, dims } of graph.inputs)
    known.set(name, inputTypes[name] ?? { dtype, dims: dims && renewed(dims) })
  return inferInto(known, graph)
}

/** Sizes that the file left open are called ?axis by the reader: each input gets names of its own. */
const renewed = (dims: Dims): Dims =>
  dims.map((dim) => (typeof dim === 'string' && /^\?\d*$/.test(dim) ? fresh() : dim))

const inferInto = (known: Map<string, Known>, graph: Graph, depth = 0): Scope => {
  const own = new Set(graph.inputs.map(({ name }) => name))
  for (const [name, value] of graph.initializers)
    known.set(name, own.has(name) ? defaulted(known.get(name), value) : knownTensor(value))
  for (const node of graph.nodes) {
    const outputs = inferNode(
      node,
      node.inputs.map((name) => (name ? (known.get(name) ?? unknown) : undefined)),
      known,
      depth,
    )
    for (const [i, name] of node.outputs.entries()) if (name) known.set(name, outputs[i]!)
  }
  return known
}

/** An input with a default, as files before IR 4 list their weights: its shape is fixed, its values may be fed. */
const defaulted = (input: Known | undefined, value: Tensor): Known => {
  const { dtype, dims, elements } = knownTensor(value)
  return { dtype, dims: input?.dims ?? dims, ...(elements && { elements }) }
}

/** Outputs of a graph inside a node: what the values around it make of it, else what it says itself. */
const nestedOutputs = (
  graph: Graph,
  operands: readonly (Known | undefined)[],
  scope: Scope,
  depth: number,
): readonly Known[] => {
  const known = new Map(scope)
  graph.inputs.forEach(({ name, dtype, dims }, i) => {
    known.set(name, operands[i] ?? { dtype, dims: dims && renewed(dims) })
  })
  inferInto(known, graph, depth)
  return graph.outputs.map(({ name, dtype, dims }) => {
    const inferred = known.get(name) ?? unknown
    return inferred.dtype === 'undefined' && !inferred.dims ? { dtype, dims: dims && renewed(dims) } : inferred
  })
}
