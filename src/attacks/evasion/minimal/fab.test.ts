import { describe, expect, it } from 'vitest'
import { distances } from '../../../threat/norm.ts'
import { linearClassifier, mnistRows, rawCandidates } from '../../testing.ts'
import { fabTargeted } from './fab.ts'

const weights = [
  [1, -0.5, 0.25, 0],
  [-0.25, 0.5, 1, 0.5],
  [0.1, 0.9, -0.3, 0.4],
]
const x0 = Float32Array.of(0.7, 0.4, 0.5, 0.5)
const linear = async () => ({ model: await linearClassifier(weights, [0.2, 0, 0]), x: x0, labels: Int32Array.of(0) })

const distanceTo = (aim: number, norm: 'linf' | 'l2' | 'l1'): number => {
  const w = weights[0]!.map((v, i) => v - weights[aim]![i]!)
  const margin = 0.2 + w.reduce((sum, v, i) => sum + v * x0[i]!, 0)
  const dual = {
    linf: w.reduce((sum, v) => sum + Math.abs(v), 0),
    l2: Math.hypot(...w),
    l1: Math.max(...w.map(Math.abs)),
  }
  return margin / dual[norm]
}

describe.each(['linf', 'l2', 'l1'] as const)('in %s, on a linear model', (norm) => {
  it('finds the nearest boundary of all, to within a hundredth', async () => {
    const { candidates, predicted } = await rawCandidates(fabTargeted, await linear(), { norm, epsilon: 10 })
    const [found] = distances(norm, candidates, x0, 4)
    const exact = Math.min(distanceTo(1, norm), distanceTo(2, norm))
    expect(predicted[0]).not.toBe(0)
    expect(found).toBeGreaterThanOrEqual(exact * (1 - 1e-6))
    expect(found).toBeLessThan(exact * 1.01)
  })

  it('finds the boundary of a given target', async () => {
    const setting = { norm, epsilon: 10, targets: Int32Array.of(1) }
    const { candidates, predicted } = await rawCandidates(fabTargeted, await linear(), setting)
    expect(predicted[0]).toBe(1)
    expect(distances(norm, candidates, x0, 4)[0]).toBeLessThan(distanceTo(1, norm) * 1.01)
  })
})

describe('on a convolutional net', async () => {
  const rows = await mnistRows(4)
  const setting = { norm: 'linf', epsilon: 0.25 } as const

  it('finds points near enough, and nearer ones with more steps', async () => {
    const sizes = async (steps: number): Promise<Float64Array> => {
      const parameters = { steps, targets: 1 }
      const { candidates, predicted } = await rawCandidates(fabTargeted, rows, { ...setting, parameters })
      expect([...predicted].every((k, row) => k !== rows.labels[row])).toBe(true)
      return distances('linf', candidates, rows.x, rows.model.size)
    }
    const [few, many] = [await sizes(8), await sizes(40)]
    for (const [row, size] of many.entries()) expect(size).toBeLessThanOrEqual(few[row]! + 1e-7)
    expect(Math.max(...many)).toBeLessThan(0.25)
  })

  it('leaves a row as soon as it is broken within the budget, where asked to', async () => {
    const run = (early: boolean) =>
      rawCandidates(fabTargeted, rows, { ...setting, parameters: { steps: 15, targets: 1, 'early-stop': early } })
    expect((await run(true)).target.queries.gradient).toBeLessThan((await run(false)).target.queries.gradient)
  })

  it('searches again from random points, and keeps the nearest of all', async () => {
    const run = async (restarts: number) => {
      const parameters = { steps: 6, targets: 1, restarts }
      const { candidates, target } = await rawCandidates(fabTargeted, rows, { ...setting, parameters })
      return { sizes: distances('linf', candidates, rows.x, rows.model.size), gradients: target.queries.gradient }
    }
    const [once, thrice] = [await run(1), await run(3)]
    expect(thrice.gradients).toBe(3 * once.gradients)
    for (const [row, size] of thrice.sizes.entries()) expect(size).toBeLessThanOrEqual(once.sizes[row]! + 1e-7)
  })
})
