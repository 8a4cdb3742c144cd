import { describe, expect, it } from 'vitest'
import { runAttack } from '../../../threat/runner.ts'
import { linearClassifier, mnistRows } from '../../testing.ts'
import { simba } from './simba.ts'

describe('SimBA', () => {
  it('takes the steps that a linear model calls for, and counts its questions', async () => {
    // The lead of class 0 is 2 (x0 - x1 + 0.1): it ends where x0 is down by 0.1 or x1 up by it.
    const model = await linearClassifier(
      [
        [1, -1],
        [-1, 1],
      ],
      [0.1, -0.1],
    )
    const rows = { model, x: Float32Array.of(0.5, 0.35, 0.5, 0.5), labels: Int32Array.of(0, 0) }
    const request = { attack: simba, ...rows, norm: 'l2', epsilon: 2, low: 0, high: 1 } as const
    const { adversarial, broken, queries, brokenAfter } = await runAttack({
      ...request,
      parameters: { 'step-size': 0.15 },
    })
    expect(broken).toEqual([true, true])
    // One clean question each, then at most two for each step.
    expect(brokenAfter[1]).toBeGreaterThanOrEqual(2)
    expect(brokenAfter[1]).toBeLessThanOrEqual(3)
    expect(queries.forward).toBe(brokenAfter[0]! + brokenAfter[1]!)
    const moved = [0, 1].map((i) => adversarial[i]! - rows.x[i]!)
    expect(moved.map((by) => Math.abs(Math.round(by / 0.15)))).toEqual([1, 1])
  })

  it('asks no more than it may, and no question about what the range undoes', async () => {
    const model = await linearClassifier(
      [
        [1, 0],
        [0, 0],
      ],
      [5, 0],
    )
    const corner = { model, x: Float32Array.of(0, 0), labels: Int32Array.of(0) }
    const request = { attack: simba, ...corner, norm: 'l2', epsilon: 9, low: 0, high: 0.1 } as const
    const { broken, queries } = await runAttack({ ...request, parameters: { queries: 7 } })
    expect(broken).toEqual([false])
    expect(queries.forward).toBeLessThanOrEqual(7)
  })

  it.each([
    ['values', 2.967, 957],
    ['cosines', 2.531, 579],
  ] as const)('by %s is as strong as ART on MNIST, at no more questions', async (basis, median, queries) => {
    const { model, x, labels } = await mnistRows(8)
    const request = { attack: simba, model, x, labels, norm: 'l2', epsilon: 28, low: 0, high: 1 } as const
    const outcome = await runAttack({ ...request, parameters: { basis, queries: 4000, 'step-size': 0.2 } })
    expect(outcome.broken).toEqual(labels.length === 8 ? new Array(8).fill(true) : [])
    const sizes = [...outcome.distances].sort((a, b) => a - b)
    expect((sizes[3]! + sizes[4]!) / 2).toBeLessThanOrEqual(1.05 * median)
    expect(outcome.queries.forward / 8).toBeLessThanOrEqual(queries)
  })
})
