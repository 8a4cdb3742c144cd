import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { fitAttack, runAttack } from '../../../threat/runner.ts'
import { linearClassifier, mnistRows, someRows } from '../../testing.ts'
import { gridOf } from '../rows/grid.ts'
import { patch } from './patch.ts'
import { drawPlace, lay, placed, pullBack } from './patch-placing.ts'

describe('laying a patch', () => {
  it('shows its own pixels where nothing is turned or scaled', () => {
    const grid = gridOf([2, 5, 6])
    const row = new Float32Array(60)
    const values = Float32Array.of(1, 2, 3, 4, -1, -2, -3, -4)
    lay(row, grid, values, placed(grid, 2, { down: 1.5, right: 2.5, degrees: 0, side: 2 }))
    const at = (c: number, i: number, j: number): number => row[c * 30 + i * 6 + j]!
    expect([at(0, 1, 2), at(0, 1, 3), at(0, 2, 2), at(0, 2, 3)]).toEqual([1, 2, 3, 4])
    expect([at(1, 1, 2), at(1, 1, 3), at(1, 2, 2), at(1, 2, 3)]).toEqual([-1, -2, -3, -4])
    expect(row.filter((value) => value !== 0)).toHaveLength(8)
  })

  it('has its transpose for a gradient, and lies on the picture whole', () => {
    const grid = gridOf([1, 12, 10])
    for (let i = 0; i < 20; i++) {
      const random = stream('place', i)
      const place = drawPlace(grid, 5, { degrees: 45, scale: 0.6 }, random)
      const laid = placed(grid, 4, place)
      const values = Float32Array.from({ length: 16 }, () => random.normal())
      const gradient = Float32Array.from({ length: 120 }, () => random.normal())
      const row = new Float32Array(120)
      lay(row, grid, values, laid)
      const back = new Float64Array(16)
      pullBack(gradient, grid, back, laid)
      const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
        Array.from(a).reduce((sum, value, j) => sum + value * b[j]!, 0)
      expect(dot(row, gradient)).toBeCloseTo(dot(values, back), 4)
      expect(Math.abs(laid.pixels.length - place.side ** 2)).toBeLessThan(12)
    }
  })
})

describe('an adversarial patch', () => {
  it('turns to the ends of the range that a linear model calls for', async () => {
    const weights = Array.from({ length: 36 }, () => 1)
    const model = await linearClassifier([weights.map((w) => -w), weights], [20, -20], [1, 6, 6])
    const rows = { model, x: new Float32Array(72).fill(0.2), labels: Int32Array.of(0, 0) }
    const request = { attack: patch, ...rows, norm: 'patch', epsilon: 0.25, low: 0, high: 1 } as const
    const fitted = (await fitAttack(request))?.values
    expect([...fitted!]).toEqual(new Array(9).fill(1))
    const { distances } = await runAttack({ ...request, fitted })
    for (const share of distances) expect(share).toBeLessThanOrEqual(0.25)
  })

  it('breaks MNIST rows that it was not made from, more of them when it may be larger', async () => {
    const rows = await mnistRows(32)
    const broken: number[] = []
    for (const epsilon of [0.02, 0.25]) {
      const request = { attack: patch, norm: 'patch', epsilon, low: 0, high: 1, parameters: { steps: 60 } } as const
      const fitted = (await fitAttack({ ...request, ...someRows(rows, 0, 16) }))?.values
      const outcome = await runAttack({ ...request, ...someRows(rows, 16, 32), fitted })
      broken.push(outcome.broken.filter(Boolean).length)
    }
    expect(broken[1]).toBeGreaterThan(broken[0]!)
    expect(broken[1]).toBeGreaterThanOrEqual(8)
  })
})
