import { describe, expect, it } from 'vitest'
import { queriesToBreak, queryCurve } from './query-curve.ts'

const curve = (broken: readonly boolean[], brokenAfter: readonly number[]) =>
  queryCurve({ broken, brokenAfter }, broken.length)

describe('success against queries', () => {
  it('rises to the share of broken rows, at the last success', () => {
    const points = curve([true, true, false, true], [1, 10, 500, 37])!
    expect(points[0]).toMatchObject({ queries: 1, success: { value: 0.25, n: 4 } })
    expect(points.find(({ queries }) => queries === 10)).toMatchObject({ success: { value: 0.5 } })
    expect(points.at(-1)).toMatchObject({ queries: 37, success: { value: 0.75 } })
    expect(points.map(({ queries }) => queries)).toEqual([1, 2, 3, 6, 10, 18, 32, 37])
  })

  it('is none where nothing broke, or where no queries were counted', () => {
    expect(curve([false, false], [3, 4])).toBeUndefined()
    expect(curve([true, true], [0, 0])).toBeUndefined()
  })

  it('says what half and nine in ten of the broken rows had cost', () => {
    const brokenAfter = [40, 10, 30, 20, 50, 60, 70, 80, 90, 100, 7]
    const broken = brokenAfter.map((queries) => queries !== 7)
    expect(queriesToBreak({ broken, brokenAfter })).toEqual({ rows: 10, median: 55, ninety: 90, most: 100 })
    expect(queriesToBreak({ broken: [true, false], brokenAfter: [0, 5] })).toBeUndefined()
  })
})
