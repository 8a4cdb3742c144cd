import type { Edge, Graph } from './graph.ts'

/** Neighbours of every node, one way. */
export const neighbours = (
  edges: readonly Edge[],
  way: 'backward' | 'forward',
): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, string[]>()
  for (const { from, to } of edges) {
    const [at, next] = way === 'forward' ? [from, to] : [to, from]
    const list = found.get(at)
    if (list === undefined) found.set(at, [next])
    else list.push(next)
  }
  return found
}

/** Ids of all nodes that can be reached, the starts among them. */
export const reach = (
  edges: readonly Edge[],
  starts: readonly string[],
  way: 'backward' | 'forward',
): ReadonlySet<string> => {
  const next = neighbours(edges, way)
  const seen = new Set(starts)
  const open = [...starts]
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const neighbour of next.get(at) ?? [])
      if (!seen.has(neighbour)) {
        seen.add(neighbour)
        open.push(neighbour)
      }
  return seen
}

/** The part of a graph that is reached: backward what the starts are made of, forward what was made of them. */
export const reachedGraph = (graph: Graph, starts: readonly string[], way: 'backward' | 'forward'): Graph => {
  const reached = reach(graph.edges, starts, way)
  return {
    ...graph,
    nodes: graph.nodes.filter(({ id }) => reached.has(id)),
    edges: graph.edges.filter(({ from, to }) => reached.has(from) && reached.has(to)),
  }
}
