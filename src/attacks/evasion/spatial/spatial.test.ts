import { describe, expect, it } from 'vitest'
import { runAttack } from '../../../threat/runner.ts'
import { linearClassifier, mnistRows } from '../../testing.ts'
import { gridOf } from '../rows/grid.ts'
import { placements } from './placements.ts'
import { spatial } from './spatial.ts'
import { type Fill, type Placement, warp } from './warp.ts'

const moved = (
  values: readonly number[],
  dims: readonly number[],
  at: Partial<Placement>,
  fill: Fill = 0,
): number[] => {
  const into = new Float32Array(values.length)
  const placement = { degrees: 0, right: 0, down: 0, ...at }
  warp(Float32Array.from(values), Int32Array.of(0), gridOf(dims), placement, { fill, into })
  return [...into].map((value) => Math.round(value * 1e6) / 1e6)
}
const square = [1, 2, 3, 4, 5, 6, 7, 8, 9]

describe('moving a picture', () => {
  it.each([
    ['to the right', { right: 1 }, [0, 1, 2, 0, 4, 5, 0, 7, 8]],
    ['up', { down: -1 }, [4, 5, 6, 7, 8, 9, 0, 0, 0]],
    ['by half a pixel', { right: 0.5 }, [0.5, 1.5, 2.5, 2, 4.5, 5.5, 3.5, 7.5, 8.5]],
    ['by a quarter turn', { degrees: 90 }, [3, 6, 9, 2, 5, 8, 1, 4, 7]],
    ['by half a turn', { degrees: 180 }, [9, 8, 7, 6, 5, 4, 3, 2, 1]],
    ['first turned, then shifted', { degrees: 90, right: 1 }, [0, 3, 6, 0, 2, 5, 0, 1, 4]],
  ] as const)('%s', (_, at, expected) => {
    expect(moved(square, [1, 3, 3], at)).toEqual(expected)
  })

  it('leaves it alone where nothing moves, and fills with its edge where that is asked for', () => {
    expect(moved(square, [1, 3, 3], {})).toEqual(square)
    expect(moved(square, [1, 3, 3], { right: 1 }, 'edge')).toEqual([1, 1, 2, 4, 4, 5, 7, 7, 8])
  })

  it('moves every channel alike, first or last', () => {
    const first = moved([...square, ...square.map((v) => -v)], [2, 3, 3], { right: 1 })
    expect(first.slice(9)).toEqual(first.slice(0, 9).map((v) => 0 - v))
    const pairs = Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? i : -i + 1))
    const last = moved(pairs, [5, 5, 2], { down: 1 })
    for (let i = 0; i < 50; i += 2) expect(last[i]! + last[i + 1]!).toBeCloseTo(0, 9)
  })
})

describe('the grid', () => {
  it('holds every combination but none at all, smallest first', () => {
    const grid = placements({ degrees: 30, down: 2, right: 3, rotations: 3, shifts: 3 })
    expect(grid).toHaveLength(26)
    expect(grid.every(({ share }, i) => i === 0 || share >= grid[i - 1]!.share)).toBe(true)
    expect(new Set(grid.map(({ degrees, down, right }) => `${degrees} ${down} ${right}`)).size).toBe(26)
  })
})

describe('spatial', () => {
  it('takes the smallest move that breaks a row, and says how large it is', async () => {
    // Class 0 as long as the pixel in the middle is lit.
    const weights = Array.from({ length: 25 }, (_, i) => (i === 12 ? 1 : 0))
    const model = await linearClassifier([weights, weights.map((w) => -w)], [-0.2, 0.2], [1, 5, 5])
    const x = Float32Array.from({ length: 25 }, (_, i) => (i === 12 ? 1 : 0))
    const request = { attack: spatial, model, x, labels: Int32Array.of(0), norm: 'spatial', low: 0, high: 1 } as const
    const parameters = { degrees: 0, shift: 0.4, shifts: 9, rotations: 1 }
    const outcome = await runAttack({ ...request, epsilon: 1, parameters })
    expect([outcome.broken[0], outcome.distances[0]]).toEqual([true, 0.5])
    expect(outcome.brokenAfter[0]).toBeGreaterThan(0)
    const less = await runAttack({ ...request, epsilon: 0.4, parameters })
    expect([less.broken[0], less.queries.forward]).toEqual([false, 8])
  })

  it('breaks some digits by 30 degrees and 3 pixels, and no more within half of it', async () => {
    const rows = await mnistRows(8)
    const request = { attack: spatial, ...rows, norm: 'spatial', low: 0, high: 1 } as const
    const parameters = { rotations: 7, shifts: 3 }
    const whole = await runAttack({ ...request, epsilon: 1, parameters })
    const half = await runAttack({ ...request, epsilon: 0.5, parameters })
    const count = (broken: readonly boolean[]): number => broken.filter(Boolean).length
    expect(count(whole.broken)).toBeGreaterThan(0)
    expect(count(half.broken)).toBeLessThanOrEqual(count(whole.broken))
    for (const [row, broken] of half.broken.entries())
      if (broken) expect(half.distances[row]).toBe(whole.distances[row])
  })
})
