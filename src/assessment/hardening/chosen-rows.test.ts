import { expect, it } from 'vitest'
import { contentDigest, openData, viewAs } from '../../data/index.ts'
import { openRowStore } from '../../training/row-store.ts'
import { chosenRows } from './chosen-rows.ts'

const digits = async () => {
  const path = (name: string) => new URL(`../../../examples/digits/${name}`, import.meta.url).pathname
  const set = await openData({ path: path('images-idx3-ubyte'), labels: path('labels-idx1-ubyte'), scale: 1 / 255 })
  return viewAs(set, [1, 28, 28])
}

it('reads the rows that were chosen, in their order, whatever the batches', async () => {
  const set = await digits()
  const store = await openRowStore(set, { classes: 10, low: 0, high: 1 })
  const chosen = chosenRows(set, store, Int32Array.of(500, 3, 77))
  expect(chosen).toMatchObject({ rows: 3, offset: 0, shape: [1, 28, 28], hasLabels: true })
  const whole = await chosen.read(0, 3)
  for (const [i, row] of [500, 3, 77].entries()) {
    const { x, y } = await set.read(row, row + 1)
    expect(whole.x.slice(i * 784, (i + 1) * 784)).toEqual(x)
    expect(whole.y![i]).toBe(y![0])
  }
  const pieces: number[] = []
  for await (const { x, rows, from } of chosen.batches(2)) {
    pieces.push(from, rows)
    expect(x).toEqual(whole.x.slice(from * 784, (from + rows) * 784))
  }
  expect(pieces).toEqual([0, 2, 2, 1])
  expect(chosen.place(1, 9)).toBe(set.place(3, 9))
  expect(await contentDigest(chosen)).not.toBe(await contentDigest(chosenRows(set, store, Int32Array.of(3, 500, 77))))
})
