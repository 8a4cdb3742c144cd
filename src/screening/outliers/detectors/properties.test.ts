import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { fitOutliers } from '../detector.ts'
import { kdTree } from '../neighbours/kd-tree.ts'
import { nearestSearch } from '../neighbours/nearest.ts'
import { ascendingOrder, sortingSpace } from '../radix-order.ts'
import { type Rows, rowsAt } from '../rows.ts'
import { selectSmallest } from '../select.ts'
import { normalRows, rowsOf } from '../testing.ts'
import { outlierDetectors } from './index.ts'

const quick = { autoencoder: { epochs: 2 } } as Readonly<Record<string, { readonly epochs: number }>>
const fit = (id: string, rows: Rows) =>
  fitOutliers(outlierDetectors.get(id)!, rows, {
    random: stream(1, id),
    ...(quick[id] && { parameters: quick[id] }),
  })

/** Rows that detectors stumble over, each with as many columns as the others of its set. */
const awkward: Readonly<Record<string, Rows>> = {
  'ties everywhere': rowsOf(Array.from({ length: 40 }, (_, i) => [i % 2, i % 3, (i * 7) % 2])),
  'a constant column': rowsOf(Array.from({ length: 40 }, (_, i) => [i, 5, Math.sin(i)])),
  'identical rows': rowsOf(Array.from({ length: 40 }, () => [0.1, 1e6, -3])),
  'identical rows but one': rowsOf(Array.from({ length: 40 }, (_, i) => [0.1, i === 7 ? 1 : 0, -3])),
  'columns that are multiples of one another': rowsOf(Array.from({ length: 40 }, (_, i) => [i, 2 * i, -i])),
  'huge and tiny values': rowsOf(
    Array.from({ length: 40 }, (_, i) => [3e38 * (-1) ** i, i * 1e-38, i === 3 ? 3e38 : 0]),
  ),
  'two rows': rowsOf([
    [1, 2, 3],
    [4, 5, 6],
  ]),
}

describe.each([...outlierDetectors.keys()])('%s', (id) => {
  it('gives a row the same score alone, in a batch, and in another order', async () => {
    const fitted = await fit(id, normalRows(120, 5, 'fitted'))
    const rows = normalRows(30, 5, 'scored')
    const together = await fitted.score(rows)
    const backwards = await fitted.score(
      rowsAt(
        rows,
        Int32Array.from({ length: 30 }, (_, i) => 29 - i),
      ),
    )
    for (let row = 0; row < 30; row += 7) {
      const [alone] = await fitted.score(rowsAt(rows, Int32Array.of(row)))
      // A network's sums may be grouped otherwise in another batch.
      expect(Math.abs(alone! / together[row]! - 1)).toBeLessThan(id === 'autoencoder' ? 1e-5 : 1e-15)
      expect(Math.abs(backwards[29 - row]! / together[row]! - 1)).toBeLessThan(id === 'autoencoder' ? 1e-5 : 1e-15)
    }
  })

  it('gives rows that are far from all others higher scores, and the same ones again', async () => {
    const rows = normalRows(200, 4, 'far')
    for (const row of [10, 90, 150]) for (let j = 0; j < 4; j++) rows.values[row * 4 + j] = j % 2 === 0 ? 9 : -9
    const scores = await (await fit(id, rows)).score(rows)
    const others = [...scores].filter((_, row) => ![10, 90, 150].includes(row)).sort((a, b) => a - b)
    for (const row of [10, 90, 150]) expect(scores[row]).toBeGreaterThan(others[Math.floor(0.97 * others.length)]!)
    expect(await (await fit(id, rows)).score(rows)).toEqual(scores)
  })

  it.each(Object.entries(awkward))('has finite scores for %s, and for rows elsewhere', async (_, rows) => {
    const fitted = await fit(id, rows)
    const elsewhere = rowsOf([
      [0, 0, 0],
      [-3e38, 3e38, -3e38],
      [1e-40, -1e-40, 7],
    ])
    const scores = [...(await fitted.score(rows)), ...(await fitted.score(elsewhere))]
    expect([...scores, ...((await fitted.scoreFitted?.()) ?? [])].filter((score) => !Number.isFinite(score))).toEqual(
      [],
    )
  })

  it('has finite scores where there are more columns than rows', async () => {
    const scores = await (await fit(id, normalRows(8, 50, 'wide'))).score(normalRows(3, 50, 'wide too'))
    expect(scores.every(Number.isFinite)).toBe(true)
  })

  it('takes one row, or says how many it needs', async () => {
    const one = rowsOf([[1, 2]])
    if (outlierDetectors.get(id)!.least > 1)
      await expect(fit(id, one)).rejects.toMatchObject({ code: 'DATA_SHAPE_MISMATCH' })
    else
      expect(
        (
          await (
            await fit(id, one)
          ).score(
            rowsOf([
              [1, 2],
              [3, 4],
            ]),
          )
        ).every(Number.isFinite),
      ).toBe(true)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %d by row and column, when fitted and when scoring',
    async (bad) => {
      const rows = normalRows(20, 3, 'bad')
      const fitted = await fit(id, normalRows(20, 3, 'bad'))
      rows.values[4 * 3 + 2] = bad
      const refusal = { code: 'DATA_OUT_OF_RANGE', data: { row: 4, column: 2 } }
      await expect(fit(id, rows)).rejects.toMatchObject(refusal)
      await expect(fitted.score(rows)).rejects.toMatchObject(refusal)
    },
  )

  it('refuses rows of another width', async () =>
    expect((await fit(id, normalRows(20, 3, 'w'))).score(normalRows(2, 4, 'w'))).rejects.toMatchObject({
      code: 'DATA_SHAPE_MISMATCH',
    }))
})

describe('machinery, against a slow oracle', () => {
  it.each([
    [1, 1, 1],
    [30, 2, 4],
    [700, 3, 7],
    [400, 20, 5],
  ])('finds the nearest of %i rows of %i', (rows, width, k) => {
    const points = normalRows(rows, width, 'tree')
    for (let i = 0; i < points.values.length; i += 3) points.values[i] = Math.round(points.values[i]!)
    const queries = normalRows(20, width, 'queries')
    const search = nearestSearch(kdTree(points), k)
    for (let row = 0; row < 20; row++) {
      search.find(queries.values, row * width)
      const all = Float64Array.from({ length: rows }, (_, point) => {
        let square = 0
        for (let j = 0; j < width; j++)
          square += (queries.values[row * width + j]! - points.values[point * width + j]!) ** 2
        return square
      })
      for (const [i, found] of search.rows.entries()) expect(search.squares[i]).toBe(all[found])
      expect(search.squares).toEqual(all.slice().sort().slice(0, k))
      expect(new Set(search.rows).size).toBe(k)
    }
  })

  it('orders float32 values as a comparison does, with signs, zeros and infinities of size', () => {
    const values = Float32Array.of(3e38, -3e38, 0, -0, 1e-45, -1e-45, ...normalRows(500, 1, 'order').values)
    const { order, sorted } = ascendingOrder(values, sortingSpace(values.length))
    expect([...order].map((at) => values[at]! + 0)).toEqual([...sorted])
    for (let i = 1; i < sorted.length; i++) expect(sorted[i - 1]! <= sorted[i]!).toBe(true)
    expect(new Set(order).size).toBe(values.length)
  })

  it('selects the smallest, ties or not', () => {
    for (const size of [1, 2, 9, 200])
      for (const count of [0, 1, size >> 1, size]) {
        const random = stream('select', size, count)
        const keys = Float64Array.from({ length: size }, () => random.integer(size))
        const original = keys.slice()
        const items = Int32Array.from({ length: size }, (_, i) => i)
        selectSmallest(keys, items, { from: 0, to: size, count })
        expect(keys.slice(0, count).sort()).toEqual(original.slice().sort().slice(0, count))
        expect([...items].map((item) => original[item]!)).toEqual([...keys])
      }
  })
})
