import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LineageNode } from '../../contract/lineage.ts'
import { layered } from './layers.ts'

const node = (id: string): LineageNode => ({ type: 'step', id, title: id, records: [], verified: true, params: {} })
const edge = (from: string, to: string) => ({ from, to, verified: true })

describe('layered', () => {
  it('puts every node once, edges downwards, one layer at a time, cycles or not', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const id = fc.constantFrom(...ids)
    fc.assert(
      fc.property(fc.array(fc.tuple(id, id), { maxLength: 14 }), fc.boolean(), (pairs, isAcyclic) => {
        const edges = pairs.filter(([a, b]) => a !== b).map(([a, b]) => (isAcyclic && a > b ? edge(b, a) : edge(a, b)))
        const { layers, routes } = layered({ nodes: ids.map(node), edges })
        const layerOf = new Map(layers.flatMap((layer, i) => layer.map((id) => [id, i] as const)))
        expect(
          layers
            .flat()
            .filter((id) => ids.includes(id))
            .sort(),
        ).toEqual(ids)
        expect(new Set(layers.flat()).size).toBeLessThanOrEqual(layers.flat().length)
        if (!isAcyclic) return
        for (const { from, to, via } of routes) {
          const stops = [from, ...via, to].map((id) => layerOf.get(id) ?? -1)
          for (const [i, layer] of stops.slice(1).entries()) expect(layer).toBe(stops[i] + 1)
        }
      }),
    )
  })
  it('draws a ladder without crossings', () => {
    const nodes = ['a1', 'a2', 'a3', 'b3', 'b2', 'b1'].map(node)
    const edges = [edge('a1', 'b1'), edge('a2', 'b2'), edge('a3', 'b3')]
    const { layers } = layered({ nodes, edges })
    expect(layers[1].map((id) => id.slice(1))).toEqual(layers[0].map((id) => id.slice(1)))
  })
})
