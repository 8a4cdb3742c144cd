import { describe, expect, it } from 'vitest'
import { fitAttack, runAttack } from '../../../threat/runner.ts'
import { linearClassifier, mnistRows, predictedRows, someRows } from '../../testing.ts'
import { universal } from './universal.ts'

describe('a universal perturbation', () => {
  it('of a linear model of two classes is the one step that all rows of a class share', async () => {
    const model = await linearClassifier(
      [
        [1, -2, 0.5],
        [-1, 2, -0.5],
      ],
      [0, 0],
    )
    const all = await predictedRows(model, 40)
    const ones = [...all.labels.keys()].filter((row) => all.labels[row] === 1)
    const x = Float32Array.from(ones.flatMap((row) => [...all.x.subarray(3 * row, 3 * row + 3)]))
    const rows = { model, x, labels: Int32Array.from(ones, () => 1) }
    const fitted = (await fitAttack({ attack: universal, ...rows, norm: 'linf', epsilon: 0.2, low: 0, high: 1 }))
      ?.values
    for (const [j, sign] of [1, -1, 1].entries()) expect(fitted![j]).toBeCloseTo(0.2 * sign, 6)
  })

  it('breaks MNIST rows that it was not made from, more of them than ART by FGSM', async () => {
    const rows = await mnistRows(32)
    const request = { attack: universal, norm: 'linf', epsilon: 0.3, low: 0, high: 1 } as const
    const fitted = (await fitAttack({ ...request, ...someRows(rows, 0, 16) }))?.values
    const { broken } = await runAttack({ ...request, ...someRows(rows, 16, 32), fitted })
    // ART leaves 0.7578 of 128 rows robust, and it is made from them.
    expect(broken.filter(Boolean).length / 16).toBeGreaterThan(1 - 0.7578)
  })

  it('adds the same to every row', async () => {
    const rows = await mnistRows(6)
    const request = { attack: universal, norm: 'l2', epsilon: 2, low: -9, high: 9, ...rows } as const
    const fitted = (await fitAttack({ ...request, parameters: { epochs: 2 } }))?.values
    const { adversarial } = await runAttack({ ...request, fitted })
    for (let row = 0; row < 6; row++)
      for (let j = 0; j < 784; j++)
        expect(adversarial[row * 784 + j]! - rows.x[row * 784 + j]!).toBeCloseTo(fitted![j]!, 5)
    expect(Math.hypot(...fitted!)).toBeLessThanOrEqual(2.0001)
  })
})
