import type { Route } from './layers.ts'

/** What stands in a row, with its width. */
export interface Placeable {
  readonly id: string
  readonly width: number
}

const sweeps = 12

/**
 * Centres nearest to the wanted ones (least squares) that keep the order and `apart[i]` between i and i + 1: pool adjacent
 * violators (Ayer et al. 1955) over the wanted places less the room that those before need.
 */
const spaced = (wanted: readonly number[], apart: readonly number[], from: number, to: number): readonly number[] => {
  const before = wanted.map((_, i) => apart.slice(0, i).reduce((sum, each) => sum + each, 0))
  const pools: { sum: number; count: number }[] = []
  for (const [i, place] of wanted.entries()) {
    let pool = { sum: place - before[i], count: 1 }
    for (let last = pools.at(-1); last && last.sum / last.count > pool.sum / pool.count; last = pools.at(-1)) {
      pools.pop()
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count }
    }
    pools.push(pool)
  }
  const highest = Math.max(from, to - (before.at(-1) ?? 0))
  const means = pools.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count))
  return means.map((mean, i) => Math.min(highest, Math.max(from, mean)) + before[i])
}

/**
 * Centres of all boxes: each as near as its row leaves room to the mean of what it is joined with, above, then below, several
 * times over; never outside `width`, less a margin. The same rows give the same places.
 */
export const centres = (
  rows: readonly (readonly Placeable[])[],
  routes: readonly Route[],
  { width, margin, gap }: { readonly width: number; readonly margin: number; readonly gap: number },
): ReadonlyMap<string, number> => {
  const rowOf = new Map(rows.flatMap((row, i) => row.map(({ id }) => [id, i] as const)))
  const joined = new Map<string, string[]>()
  for (const { from, to, via } of routes) {
    const stops = [from, ...via, to].filter((id) => rowOf.has(id))
    for (const [i, stop] of stops.slice(1).entries())
      for (const [at, other] of [
        [stops[i], stop],
        [stop, stops[i]],
      ])
        joined.set(at, [...(joined.get(at) ?? []), other])
  }
  const place = new Map<string, number>()
  for (const row of rows) {
    const total = row.reduce((sum, each) => sum + each.width, 0) + gap * Math.max(0, row.length - 1)
    let x = (width - total) / 2
    for (const each of row) {
      place.set(each.id, x + each.width / 2)
      x += each.width + gap
    }
  }
  for (let sweep = 0; sweep < sweeps; sweep++)
    for (let step = 0; step < rows.length; step++) {
      const isDown = sweep % 2 === 0
      const at = isDown ? step : rows.length - 1 - step
      const row = rows[at]
      const wanted = row.map(({ id }) => {
        const all = joined.get(id) ?? []
        const side = all.filter((other) => (rowOf.get(other) ?? 0) < at === isDown)
        const places = (side.length > 0 ? side : all).map((other) => place.get(other) ?? 0)
        return places.length === 0 ? (place.get(id) ?? 0) : places.reduce((sum, each) => sum + each, 0) / places.length
      })
      const apart = row.slice(1).map((each, i) => (each.width + row[i].width) / 2 + gap)
      const [first, last] = [row[0]?.width ?? 0, row.at(-1)?.width ?? 0]
      const found = spaced(wanted, apart, margin + first / 2, width - margin - last / 2)
      for (const [i, { id }] of row.entries()) place.set(id, found[i])
    }
  return place
}
