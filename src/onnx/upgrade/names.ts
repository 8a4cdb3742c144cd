import type { Graph, Node } from '../types.ts'

/** Graphs that attributes of a node hold: the branches of If, the bodies of loops. */
export const nestedGraphs = (node: Node): readonly Graph[] =>
  Object.values(node.attributes).flatMap((attribute) => (attribute.type === 'graph' ? [attribute.value] : []))

/** The node with its nested graphs replaced. */
export const mapNested = (node: Node, map: (graph: Graph) => Graph): Node =>
  nestedGraphs(node).length === 0
    ? node
    : {
        ...node,
        attributes: Object.fromEntries(
          Object.entries(node.attributes).map(([name, attribute]) => [
            name,
            attribute.type === 'graph' ? { type: 'graph', value: map(attribute.value) } : attribute,
          ]),
        ),
      }

/** Every name of a value in a graph and the graphs inside it. */
export const valueNames = (graph: Graph, into = new Set<string>()): Set<string> => {
  for (const { name } of [...graph.inputs, ...graph.outputs]) into.add(name)
  for (const name of graph.initializers.keys()) into.add(name)
  for (const node of graph.nodes) {
    for (const name of [...node.inputs, ...node.outputs]) into.add(name)
    for (const inner of nestedGraphs(node)) valueNames(inner, into)
  }
  return into
}

/** Every name of a node in a graph and the graphs inside it. */
export const nodeNames = (graph: Graph, into = new Set<string>()): Set<string> => {
  for (const node of graph.nodes) {
    into.add(node.name)
    for (const inner of nestedGraphs(node)) nodeNames(inner, into)
  }
  return into
}

/** Every name that something reads: inputs of nodes and outputs of graphs, nested ones included. */
export const readNames = (graph: Graph, into = new Set<string>()): Set<string> => {
  for (const { name } of graph.outputs) into.add(name)
  for (const node of graph.nodes) {
    for (const name of node.inputs) into.add(name)
    for (const inner of nestedGraphs(node)) readNames(inner, into)
  }
  return into
}

/** Gives names that no value has, and remembers them. */
export const unusedNames = (taken: Set<string>): ((stem: string) => string) => {
  const counters = new Map<string, number>()
  return (stem) => {
    for (;;) {
      const count = counters.get(stem) ?? 0
      counters.set(stem, count + 1)
      const name = count === 0 ? stem : `${stem}_${count}`
      if (taken.has(name)) continue
      taken.add(name)
      return name
    }
  }
}
