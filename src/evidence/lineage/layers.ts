import type { Lineage } from '../../contract/lineage.ts'
import { neighbours } from './reach.ts'

type Drawn = Pick<Lineage, 'nodes' | 'edges'>

/** Edges without those that would close a cycle, found by a depth-first walk. */
const acyclic = ({ nodes, edges }: Drawn): Drawn['edges'] => {
  const next = neighbours(edges, 'forward')
  const state = new Map<string, 'open' | 'done'>()
  const closing = new Set<string>()
  for (const { id } of nodes) {
    const stack = state.has(id) ? [] : [{ id, children: [...(next.get(id) ?? [])] }]
    if (stack.length > 0) state.set(id, 'open')
    while (stack.length > 0) {
      const top = stack[stack.length - 1]
      const child = top.children.shift()
      if (child === undefined) {
        state.set(top.id, 'done')
        stack.pop()
      } else if (state.get(child) === 'open') closing.add(`${top.id} ${child}`)
      else if (!state.has(child)) {
        state.set(child, 'open')
        stack.push({ id: child, children: [...(next.get(child) ?? [])] })
      }
    }
  }
  return edges.filter(({ from, to }) => !closing.has(`${from} ${to}`))
}

/** Longest-path layering: each node lies just below its lowest predecessor. */
const depths = (graph: Drawn): ReadonlyMap<string, number> => {
  const edges = acyclic(graph)
  const [before, after] = [neighbours(edges, 'backward'), neighbours(edges, 'forward')]
  const depth = new Map<string, number>()
  const waiting = new Map(graph.nodes.map(({ id }) => [id, before.get(id)?.length ?? 0]))
  const ready = graph.nodes.filter(({ id }) => waiting.get(id) === 0).map(({ id }) => id)
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    const at = Math.max(-1, ...(before.get(id) ?? []).map((above) => depth.get(above) ?? 0)) + 1
    depth.set(id, at)
    for (const below of after.get(id) ?? []) {
      const left = (waiting.get(below) ?? 0) - 1
      waiting.set(below, left)
      if (left === 0) ready.push(below)
    }
  }
  // A source that is used late is drawn just above its first use, not at the top.
  for (const { id } of graph.nodes)
    if ((before.get(id)?.length ?? 0) === 0 && (after.get(id)?.length ?? 0) > 0)
      depth.set(id, Math.max(0, Math.min(...(after.get(id) ?? []).map((below) => depth.get(below) ?? 0)) - 1))
  return depth
}

const sweeps = 8

/** An edge and the waypoints at which it passes the layers between its ends. */
export interface Route {
  readonly from: string
  readonly to: string
  readonly verified: boolean
  readonly via: readonly string[]
}

export interface Layout {
  /** Ids of nodes and waypoints in layers, sources first. */
  readonly layers: readonly (readonly string[])[]
  readonly routes: readonly Route[]
}

const routesOf = ({ edges }: Drawn, depth: ReadonlyMap<string, number>): readonly Route[] =>
  edges.map(({ from, to, verified }) => {
    const [first, last] = [depth.get(from) ?? 0, depth.get(to) ?? 0]
    const between = Math.max(0, last - first - 1)
    return { from, to, verified, via: Array.from({ length: between }, (_, i) => `via ${from} ${to} ${first + i + 1}`) }
  })

const linksOf = (routes: readonly Route[]): Drawn['edges'] =>
  routes.flatMap(({ from, to, verified, via }) => {
    const stops = [from, ...via, to]
    return stops.slice(1).map((stop, i) => ({ from: stops[i], to: stop, verified }))
  })

/** Sorts each layer by the mean place of its neighbours above, then below, several times over. */
const ordered = (start: Layout['layers'], links: Drawn['edges']): Layout['layers'] => {
  const layers = start.map((layer) => [...layer])
  const [above, below] = [neighbours(links, 'backward'), neighbours(links, 'forward')]
  const place = new Map<string, number>()
  const settle = (layer: readonly string[]): void => {
    for (const [i, id] of layer.entries()) place.set(id, i - (layer.length - 1) / 2)
  }
  for (const layer of layers) settle(layer)
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isDown = sweep % 2 === 0
    for (let i = 0; i < layers.length; i++) {
      const layer = layers[isDown ? i : layers.length - 1 - i]
      const centre = new Map(
        layer.map((id) => {
          const places = ((isDown ? above : below).get(id) ?? []).map((other) => place.get(other) ?? 0)
          return [id, places.length === 0 ? (place.get(id) ?? 0) : places.reduce((a, b) => a + b, 0) / places.length]
        }),
      )
      layer.sort((a, b) => (centre.get(a) ?? 0) - (centre.get(b) ?? 0))
      settle(layer)
    }
  }
  return layers
}

/**
 * Layers by longest path, with a waypoint where an edge passes a layer; within a layer by the barycentre of the
 * neighbours (Sugiyama, Tagawa and Toda 1981). The same graph gives the same layout.
 */
export const layered = (graph: Drawn): Layout => {
  const depth = depths(graph)
  const routes = routesOf(graph, depth)
  const layers: string[][] = Array.from({ length: Math.max(-1, ...depth.values()) + 1 }, () => [])
  for (const { id } of graph.nodes) layers[depth.get(id) ?? 0].push(id)
  for (const { from, via } of routes)
    for (const [i, stop] of via.entries()) layers[(depth.get(from) ?? 0) + 1 + i].push(stop)
  return { layers: ordered(layers, linksOf(routes)), routes }
}
