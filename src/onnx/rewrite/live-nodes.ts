import type { Graph, Node } from '../types.ts'

/** The graph without nodes and weights that no output depends on: the runtime would compute them all the same. */
export const liveNodes = (graph: Graph): Graph => {
  const needed = new Set(graph.outputs.map(({ name }) => name))
  const nodes = graph.nodes
    .toReversed()
    .filter((node) => {
      if (!node.outputs.some((name) => needed.has(name))) return false
      for (const name of namesIn(node)) needed.add(name)
      return true
    })
    .toReversed()
  const initializers = new Map([...graph.initializers].filter(([name]) => needed.has(name)))
  return { ...graph, nodes, initializers }
}

/** Inputs of a node and whatever graphs inside it may read from around them. */
export const namesIn = (node: Node): readonly string[] => [
  ...node.inputs,
  ...Object.values(node.attributes).flatMap((attribute) =>
    attribute.type === 'graph'
      ? [...attribute.value.nodes.flatMap(namesIn), ...attribute.value.outputs.map(({ name }) => name)]
      : [],
  ),
]
