import { inferShapes } from '../shapes/infer.ts'
import type { Graph, ValueInfo } from '../types.ts'
import { liveNodes, namesIn } from './live-nodes.ts'

const random = /^(Random|Bernoulli|Multinomial|Dropout)/

export interface Stages {
  /** From the inputs that are given first to what the second stage takes of them; undefined where it takes none. */
  readonly first: Graph | undefined
  /** The graph's outputs, from its other inputs and the first stage's outputs. */
  readonly second: Graph
}

/**
 * A graph in two stages, for runs that share some inputs: what those alone decide is computed once. Nodes that draw
 * random numbers or hold graphs, and those that make the outputs, stay in the second stage.
 */
export const inStages = (graph: Graph, shared: ReadonlySet<string>): Stages => {
  const results = new Set(graph.outputs.map(({ name }) => name))
  const fixed = new Set(graph.initializers.keys())
  const decided = new Set(shared)
  const [early, late]: [Graph['nodes'][number][], Graph['nodes'][number][]] = [[], []]
  for (const node of graph.nodes) {
    const inputs = node.inputs.filter((name) => name !== '')
    const ready =
      inputs.some((name) => decided.has(name)) &&
      inputs.every((name) => decided.has(name) || fixed.has(name)) &&
      !random.test(node.op) &&
      !Object.values(node.attributes).some(({ type }) => type === 'graph') &&
      !node.outputs.some((name) => results.has(name))
    if (ready) for (const name of node.outputs) decided.add(name)
    ;(ready ? early : late).push(node)
  }
  const read = new Set(late.flatMap(namesIn))
  const made = early.flatMap(({ outputs }) => outputs).filter((name) => read.has(name))
  if (made.length === 0) return { first: undefined, second: graph }
  const types = inferShapes(graph, Object.fromEntries(graph.inputs.map((input) => [input.name, input])))
  const handed = made.map((name): ValueInfo => ({ ...types.get(name)!, name }))
  return {
    first: liveNodes({
      ...graph,
      nodes: early,
      inputs: graph.inputs.filter(({ name }) => shared.has(name)),
      outputs: handed,
    }),
    second: liveNodes({
      ...graph,
      nodes: late,
      inputs: [...graph.inputs.filter(({ name }) => read.has(name)), ...handed],
    }),
  }
}
