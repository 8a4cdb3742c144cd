import { describe, expect, it } from 'vitest'
import { runAttack } from '../../../threat/runner.ts'
import { linearClassifier, mnistRows } from '../../testing.ts'
import { zoo } from './zoo.ts'

describe('ZOO', () => {
  it('comes near the smallest change of a linear model, with more coordinates asked for than there are', async () => {
    // The lead is 2 (w.x - 1.5) with w = (2, 1): from (1, 1) the boundary is 1.5 / sqrt(5) away.
    const model = await linearClassifier(
      [
        [2, 1],
        [-2, -1],
      ],
      [-1.5, 1.5],
    )
    const rows = { model, x: Float32Array.of(1, 1), labels: Int32Array.of(0) }
    const request = { attack: zoo, ...rows, norm: 'l2', epsilon: 2, low: -1, high: 2 } as const
    const { broken, distances, queries, brokenAfter } = await runAttack({
      ...request,
      parameters: { queries: 3000, searches: 6, 'step-size': 0.005 },
    })
    expect(broken).toEqual([true])
    expect(distances[0]).toBeGreaterThanOrEqual(1.5 / Math.sqrt(5))
    expect(distances[0]).toBeLessThan((1.05 * 1.5) / Math.sqrt(5))
    expect(queries.forward).toBeLessThanOrEqual(3000)
    expect(brokenAfter[0]).toBeGreaterThan(0)
  })

  it('breaks MNIST rows nearer than ART, which breaks one of the first four, at no more questions', async () => {
    const { model, x, labels } = await mnistRows(2)
    const request = { attack: zoo, model, x, labels, norm: 'l2', epsilon: 28, low: 0, high: 1 } as const
    const { broken, distances, queries } = await runAttack({ ...request, parameters: { queries: 14_600 } })
    expect(broken).toEqual([true, true])
    expect(Math.max(...distances)).toBeLessThan(3.09)
    expect(queries.forward / 2).toBeLessThanOrEqual(14_651)
  })
})
