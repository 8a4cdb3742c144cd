import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { centres, type Placeable } from './coordinates.ts'
import type { Route } from './layers.ts'

const room = { width: 600, margin: 16, gap: 14 }
const route = (from: string, to: string, ...via: readonly string[]): Route => ({ from, to, verified: true, via })
const row = (...ids: readonly string[]): readonly Placeable[] =>
  ids.map((id) => ({ id, width: id.startsWith('v') ? 10 : 172 }))

describe('centres', () => {
  it('sets a chain below one another, and a passing line straight down', () => {
    const routes = [route('a', 'c'), route('c', 'e'), route('b', 'f', 'v1', 'v2')]
    const place = centres([row('a', 'b'), row('c', 'v1'), row('e', 'v2'), row('f')], routes, room)
    for (const id of ['c', 'e']) expect(place.get(id)).toBeCloseTo(place.get('a') ?? 0, 0)
    for (const id of ['v1', 'v2', 'f']) expect(place.get(id)).toBeCloseTo(place.get('b') ?? 0, 0)
  })
  it('keeps the order and the gaps of every row, within the width, whatever is joined', () => {
    const ids = ['a', 'b', 'c', 'd', 'v1', 'e', 'f', 'v2', 'g']
    const id = fc.constantFrom(...ids)
    fc.assert(
      fc.property(fc.array(fc.tuple(id, id), { maxLength: 12 }), (pairs) => {
        const rows = [row('a', 'b', 'c'), row('d', 'v1'), row('e', 'f', 'v2'), row('g')]
        const place = centres(
          rows,
          pairs.map(([from, to]) => route(from, to)),
          room,
        )
        for (const each of rows) {
          const edges = each.map(({ id, width }) => [
            (place.get(id) ?? Number.NaN) - width / 2,
            (place.get(id) ?? Number.NaN) + width / 2,
          ])
          expect(edges[0][0]).toBeGreaterThanOrEqual(room.margin - 1e-6)
          expect(edges.at(-1)?.[1]).toBeLessThanOrEqual(room.width - room.margin + 1e-6)
          for (const [i, [left]] of edges.slice(1).entries())
            expect(left - edges[i][1]).toBeGreaterThanOrEqual(room.gap - 1e-6)
        }
      }),
    )
  })
})
