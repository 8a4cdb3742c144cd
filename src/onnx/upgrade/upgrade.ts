import { attributesOf } from '../attributes.ts'
import { inferNode, knownTensor } from '../shapes/infer.ts'
import { type Known, unknown } from '../shapes/rule.ts'
import type { Graph, Node, Tensor } from '../types.ts'
import { adapterFor } from './adapters/index.ts'
import { mapNested, readNames, unusedNames, valueNames } from './names.ts'

interface Naming {
  readonly unused: (stem: string) => string
  readonly read: ReadonlySet<string>
}

type Scope = ReadonlyMap<string, Known>

/** The operator set that adapters lead to. */
export const upgradedTo = 21

/**
 * Brings the operators of ai.onnx `version` to the forms of operator set 21, in nested graphs too; a graph of that
 * version or a later one stays as it is. Names of inputs and outputs are kept; `unused` gives names for what is added
 * where the graph is part of a larger one. Throws MODEL_UNSUPPORTED for the few old forms that nothing replaces.
 */
export const upgradeNodes = (graph: Graph, version: number, unused = unusedNames(valueNames(graph))): Graph =>
  version >= upgradedTo ? graph : upgraded(graph, version, { unused, read: readNames(graph) }, new Map())

const upgraded = (graph: Graph, version: number, naming: Naming, outer: Scope): Graph => {
  const known = new Map(outer)
  const initializers = new Map(graph.initializers)
  for (const [name, value] of initializers) known.set(name, knownTensor(value))
  for (const input of graph.inputs) if (!initializers.has(input.name)) known.set(input.name, input)
  const constant = (name: string, value: Tensor): void => {
    initializers.set(name, value)
    known.set(name, knownTensor(value))
  }
  const nodes = graph.nodes.flatMap((node) => {
    const current = adapted(node, version, known, naming, constant)
    return current.map((step) => {
      const whole = mapNested(step, (inner) => upgraded(inner, version, naming, known))
      learn(whole, known)
      return whole
    })
  })
  return { ...graph, nodes, initializers }
}

const learn = (node: Node, known: Map<string, Known>): void => {
  const inputs = node.inputs.map((name) => (name ? (known.get(name) ?? unknown) : undefined))
  const outputs = inferNode(node, inputs, known)
  for (const [i, name] of node.outputs.entries()) if (name) known.set(name, outputs[i]!)
}

/** Applies adapters in the order of versions until none is left for a node. */
const adapted = (
  node: Node,
  version: number,
  known: Scope,
  naming: Naming,
  constant: (name: string, value: Tensor) => void,
): readonly Node[] => {
  const adapter = node.domain === '' ? adapterFor(node.op, version) : undefined
  if (!adapter) return [node]
  const named = (stem: string) => naming.unused(`${node.outputs.find(Boolean) ?? node.name}/${stem}`)
  const steps = adapter.adapt(node, {
    attributes: attributesOf(node),
    type: (name) => known.get(name) ?? unknown,
    isUsed: (name) => naming.read.has(name),
    name: named,
    constant: (stem, value) => {
      const name = named(stem)
      constant(name, value)
      return name
    },
  })
  return steps.flatMap((step) => adapted(step, adapter.until, known, naming, constant))
}
