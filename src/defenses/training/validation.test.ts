import { describe, expect, it } from 'vitest'
import { pictures, storeOf } from '../testing.ts'
import { drawnRows } from './validation.ts'

describe('drawn rows', () => {
  const rows = pictures(90, 'drawn')
  // Sorted by class, as folders of pictures are.
  const order = [...rows.labels.keys()].sort((a, b) => rows.labels[a]! - rows.labels[b]!)
  const sorted = storeOf({
    x: Float32Array.from(order.flatMap((row) => [...rows.x.subarray(row * 64, (row + 1) * 64)])),
    labels: Int32Array.from(order, (row) => rows.labels[row]!),
  })
  const firsts = ({ x }: { readonly x: Float32Array }) => [...x].filter((_, i) => i % 64 === 0)

  it('are different rows of all classes, each with its label', async () => {
    const drawn = await drawnRows(sorted, 30, 0)
    expect(drawn.labels).toHaveLength(30)
    expect(new Set(drawn.labels).size).toBe(3)
    const known = new Map(order.map((row) => [rows.x.slice(row * 64, (row + 1) * 64).join(), rows.labels[row]]))
    const found = [...drawn.labels.keys()].map((i) => drawn.x.slice(i * 64, (i + 1) * 64).join())
    expect(new Set(found).size).toBe(30)
    expect(found.map((values) => known.get(values))).toEqual([...drawn.labels])
  })

  it('are the same for the same seed, and all where there are no more', async () => {
    expect(await drawnRows(sorted, 10, 3)).toEqual(await drawnRows(sorted, 10, 3))
    expect(firsts(await drawnRows(sorted, 10, 3))).not.toEqual(firsts(await drawnRows(sorted, 10, 4)))
    expect((await drawnRows(sorted, 1000, 3)).labels).toHaveLength(90)
  })
})
