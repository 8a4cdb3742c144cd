import { describe, expect, it } from 'vitest'
import { binomialTest } from '../../stats/index.ts'
import { predictSmoothed } from './predict.ts'
import { classifierOf, collect, halfPlane, thirds } from './testing.ts'

describe('predictSmoothed', () => {
  it('gives the commonest class, which may be another than the bare model gives', async () => {
    // Class 1 only in the strip |x| < 0.1: the model says 1 at its middle, nearly all the noise around it says 0.
    const model = await classifierOf((g, x) => {
      const first = g.slice(x, [0], [1], [1])
      return g.concat([g.sub(g.abs(first), 0.1), g.mul(first, 0)], 1)
    })
    const [middle] = await collect(predictSmoothed(model, { x: new Float32Array(2), rows: 1 }, { sigma: 1, n: 500 }))
    expect(middle!.prediction).toBe(0)
    expect(middle!.pValue).toBe(binomialTest(middle!.counts[0]!, 500))
  })

  it('abstains where two classes tie, by the test over these two alone', async () => {
    const angle = Math.PI / 3
    const x = Float32Array.of(Math.cos(angle), Math.sin(angle), 1, 0)
    const [between, inside] = await collect(
      predictSmoothed(await thirds(), { x, rows: 2 }, { sigma: 0.5, n: 500, seed: 2 }),
    )
    expect(between!.prediction).toBe('abstain')
    const [first, second] = [...between!.counts].sort((a, b) => b - a)
    expect(between!.pValue).toBe(binomialTest(first!, first! + second!))
    expect(inside!.prediction).toBe(0)
  })

  it('is wrong at a tie no oftener than alpha allows', async () => {
    const rows = 400
    const answers = await collect(
      predictSmoothed(await halfPlane(), { x: new Float32Array(2 * rows), rows }, { sigma: 1, n: 60, alpha: 0.05 }),
    )
    const decided = answers.filter(({ prediction }) => prediction !== 'abstain').length
    expect(decided).toBeGreaterThan(0)
    expect(decided / rows).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / rows))
  })

  it('abstains where the model gives no class at all', async () => {
    const model = await classifierOf((g, x) => g.sqrt(g.sub(g.mul(x, 0), 1)))
    const [row] = await collect(predictSmoothed(model, { x: new Float32Array(2), rows: 1 }, { sigma: 1, n: 50 }))
    expect(row).toEqual({ row: 0, prediction: 'abstain', pValue: 1, counts: [0, 0] })
  })

  it('gets the same answer in any batch, and refuses too few copies to decide', async () => {
    const source = { x: Float32Array.of(0.3, 0.1, -0.2, 0.5), rows: 2 }
    const run = async (batch: number, n = 200) =>
      collect(predictSmoothed(await thirds(), source, { sigma: 0.5, n, batch }))
    expect(await run(3)).toEqual(await run(500))
    await expect(run(3, 10)).rejects.toMatchObject({ code: 'USAGE' })
    await expect(run(3, 11)).resolves.toHaveLength(2)
  })
})
