import { describe, expect, it } from 'vitest'
import { runAttack } from '../../../threat/runner.ts'
import { contextFor, linearClassifier, mnistRows } from '../../testing.ts'
import { estimatedDescent } from './estimated-descent.ts'
import { nes } from './nes.ts'
import { spsa } from './spsa.ts'

describe('estimated gradients', () => {
  it('are those of a linear model, on average', async () => {
    const weights = [3, -1, 0.5, 2]
    const model = await linearClassifier([weights, weights.map((w) => -w)], [0, 0])
    const rows = { model, x: Float32Array.of(0.5, 0.5, 0.5, 0.5), labels: Int32Array.of(0) }
    const context = contextFor(nes, rows, { norm: 'l2', epsilon: 9, low: -9, high: 9 })
    let estimate = new Float64Array(4)
    await estimatedDescent(context, {
      queries: 4003,
      pairs: 2000,
      width: 0.01,
      draw: (random, direction) => random.fillNormals(direction),
      update: (_, __, gradient) => {
        estimate = Float64Array.from(gradient)
      },
    })
    // The lead is 2 w.x; the estimate's own spread is |2 w| / sqrt(2000).
    for (const [j, w] of weights.entries()) expect(Math.abs(estimate[j]! - 2 * w)).toBeLessThan(0.8)
  })

  it.each([nes, spsa])('$id breaks MNIST at Linf 0.3 within its questions, and counts them', async (attack) => {
    const { model, x, labels } = await mnistRows(6)
    const request = { attack, model, x, labels, norm: 'linf', epsilon: 0.3, low: 0, high: 1 } as const
    const { broken, brokenAfter, queries } = await runAttack({ ...request, parameters: { queries: 4000 } })
    expect(broken).toEqual([true, true, true, true, true, true])
    expect(brokenAfter.every((spent) => spent > 0 && spent <= 4000)).toBe(true)
    expect(queries.forward).toBe(brokenAfter.reduce((sum, spent) => sum + spent))
  })

  it.each([nes, spsa])('$id ends where the model has no slope, within the questions it may ask', async (attack) => {
    const model = await linearClassifier(
      [
        [0, 0],
        [0, 0],
      ],
      [1, 0],
    )
    const rows = { model, x: Float32Array.of(0.5, 0.5), labels: Int32Array.of(0) }
    const request = { attack, ...rows, norm: 'l2', epsilon: 1, low: 0, high: 1 } as const
    const { broken, queries, distances } = await runAttack({ ...request, parameters: { queries: 501 } })
    expect([broken[0], distances[0]]).toEqual([false, 0])
    expect(queries.forward).toBeLessThanOrEqual(501)
    expect(queries.forward).toBeGreaterThan(400)
  })
})
