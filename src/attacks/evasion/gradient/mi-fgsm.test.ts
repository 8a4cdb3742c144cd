import { describe, expect, it } from 'vitest'
import type { AnyParameters } from '../../../threat/parameters.ts'
import { runAttack } from '../../../threat/runner.ts'
import { linearClassifier, mnistRows, predictedRows, randomNet, rawCandidates, someRows } from '../../testing.ts'
import { miFgsm } from './mi-fgsm.ts'

it('takes the steps that the paper describes', async () => {
  // The loss is convex along w, so its gradient keeps the direction of w: sign steps to the corner of the ball.
  const w = [0.5, -0.25, 1]
  const rows = {
    model: await linearClassifier([w, w.map((v) => -v)], [0, 0]),
    x: Float32Array.of(0.5, 0.5, 0.5),
    labels: Int32Array.of(0),
  }
  const parameters = { steps: 4, 'early-stop': false }
  const { candidates, target } = await rawCandidates(miFgsm, rows, { norm: 'linf', epsilon: 0.2, parameters })
  for (const [i, value] of candidates.entries()) expect(value).toBeCloseTo(0.5 - 0.2 * Math.sign(w[i]!), 6)
  expect(target.queries).toEqual({ forward: 4, gradient: 4 })
})

it('goes on with what it gathered where the gradient turns: without decay it follows the last gradient only', async () => {
  const rows = await predictedRows(await randomNet([6], 3), 4)
  const after = async (decay: number) => {
    const parameters = { steps: 6, decay, 'early-stop': false }
    return (await rawCandidates(miFgsm, rows, { norm: 'linf', epsilon: 0.3, parameters })).candidates
  }
  expect(await after(0)).not.toEqual(await after(1))
})

it('reaches given targets', async () => {
  const rows = await mnistRows(8)
  const targets = rows.labels.map((label) => (label + 1) % 10)
  const { broken } = await runAttack({ attack: miFgsm, ...rows, targets, norm: 'linf', epsilon: 0.4, low: 0, high: 1 })
  expect(broken.filter(Boolean).length).toBeGreaterThanOrEqual(6)
})

describe.each<AnyParameters>([{ diversity: 1 }, { kernel: 5 }, { diversity: 0.5, kernel: 15 }])(
  'with %o',
  async (more) => {
    const rows = await mnistRows(6)
    const setting = { norm: 'linf', epsilon: 0.2, parameters: { ...more, 'early-stop': false } } as const

    it('changes what is made of pictures, treats rows alike together and apart, and still breaks some', async () => {
      const { candidates, predicted } = await rawCandidates(miFgsm, rows, setting)
      const plain = await rawCandidates(miFgsm, rows, { ...setting, parameters: { 'early-stop': false } })
      expect(candidates).not.toEqual(plain.candidates)
      expect([...predicted].filter((k, row) => k !== rows.labels[row]).length).toBeGreaterThan(0)
      const apart = await rawCandidates(miFgsm, someRows(rows, 2, 4), { ...setting, firstRow: 2 })
      for (const [i, value] of apart.candidates.entries())
        expect(Math.abs(value - candidates[2 * 784 + i]!)).toBeLessThan(1e-5)
    })
  },
)

it('leaves rows that are no pictures whole', async () => {
  const rows = await predictedRows(await randomNet([7], 3), 5)
  const made = async (parameters: object) =>
    (await rawCandidates(miFgsm, rows, { norm: 'l2', epsilon: 0.3, parameters: { ...parameters } })).candidates
  expect(await made({ diversity: 1, kernel: 15 })).toEqual(await made({}))
})
