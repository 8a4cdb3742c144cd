import { describe, expect, it } from 'vitest'
import { distances } from '../../../threat/norm.ts'
import { linearClassifier, mnistRows, rawCandidates, someRows } from '../../testing.ts'
import { deepfool } from './deepfool.ts'
import { saturated, threeClasses, wayToClass } from './testing.ts'

/** Where the last step ended. */
const noWayBack = { halvings: 0 }

describe.each(['l2', 'linf'] as const)('in %s, on a linear model', (norm) => {
  it('ends just beyond the nearest boundary of all', async () => {
    const rows = await threeClasses()
    const { candidates, predicted, target } = await rawCandidates(deepfool, rows, {
      norm,
      epsilon: 10,
      parameters: noWayBack,
    })
    expect([...predicted]).toEqual([2])
    expect(distances(norm, candidates, rows.x, 4)[0]).toBeCloseTo(1.02 * (wayToClass(2, norm) + 1e-4), 5)
    // One step: the two classes' gradients come of one pass, a second pass sees that it is done, a first ranks classes.
    expect(target.queries).toEqual({ forward: 3, gradient: 2 })
  })

  // In Linf, sign steps turn for ever between the two boundaries that class 1 lies behind.
  it.each(norm === 'l2' ? [1, 2] : [2])('reaches the target %d', async (aim) => {
    const rows = await threeClasses()
    const targets = Int32Array.of(aim)
    const { candidates, predicted } = await rawCandidates(deepfool, rows, { norm, epsilon: 10, targets })
    expect([...predicted]).toEqual([...targets])
    expect(distances(norm, candidates, rows.x, 4)[0]).toBeGreaterThan(wayToClass(aim, norm))
  })

  it('finds the same where the softmax saturates', async () => {
    const [plain, steeper] = [await threeClasses(), await threeClasses(saturated)]
    const [a, b] = [
      await rawCandidates(deepfool, plain, { norm, epsilon: 10 }),
      await rawCandidates(deepfool, steeper, { norm, epsilon: 10 }),
    ]
    for (const [i, value] of a.candidates.entries()) expect(value).toBeCloseTo(b.candidates[i]!, 5)
  })

  it('comes back to the boundary', async () => {
    const rows = await threeClasses()
    const { candidates, predicted } = await rawCandidates(deepfool, rows, { norm, epsilon: 10 })
    expect([...predicted]).toEqual([2])
    const share = distances(norm, candidates, rows.x, 4)[0]! / wayToClass(2, norm)
    expect(share).toBeGreaterThanOrEqual(1 - 1e-6)
    expect(share).toBeLessThan(1.0015)
  })

  it('aims only at as many classes as it is told', async () => {
    const rows = await threeClasses()
    const parameters = { candidates: 2, ...noWayBack }
    const { candidates, target } = await rawCandidates(deepfool, rows, { norm, epsilon: 10, parameters })
    // At the likelier of the other two, which is not the nearer.
    expect(distances(norm, candidates, rows.x, 4)[0]).toBeGreaterThan(1.1 * wayToClass(2, norm))
    expect(target.queries.gradient).toBe(1)
  })
})

describe('rows', () => {
  it('stay where they broke, whatever steps others still take', async () => {
    const rows = await mnistRows(8)
    const setting = { norm: 'l2', epsilon: 10 } as const
    const together = await rawCandidates(deepfool, rows, setting)
    expect([...together.predicted].every((k, row) => k !== rows.labels[row])).toBe(true)
    const costs = new Set<number>()
    for (let row = 0; row < 8; row++) {
      const alone = await rawCandidates(deepfool, someRows(rows, row, row + 1), { ...setting, firstRow: row })
      costs.add(alone.target.queries.gradient)
      const ours = together.candidates.subarray(row * rows.model.size, (row + 1) * rows.model.size)
      for (const [i, value] of alone.candidates.entries()) expect(Math.abs(value - ours[i]!)).toBeLessThan(1e-5)
    }
    expect(costs.size).toBeGreaterThan(1)
  })

  it('without a gradient are left alone at once', async () => {
    const flat = [
      [0, 0],
      [0, 0],
    ]
    const rows = { model: await linearClassifier(flat, [1, 0]), x: Float32Array.of(0.2, 0.7), labels: Int32Array.of(0) }
    const { candidates, target } = await rawCandidates(deepfool, rows, { norm: 'l2', epsilon: 10 })
    expect(candidates).toEqual(rows.x)
    expect(target.queries.gradient).toBe(1)
  })

  it('out of reach of every boundary keep their clean values', async () => {
    const model = await linearClassifier(
      [
        [1, 0],
        [0, 0],
      ],
      [1, 0],
    )
    const rows = { model, x: Float32Array.of(0.5, 0.5), labels: Int32Array.of(0) }
    const { candidates } = await rawCandidates(deepfool, rows, { norm: 'linf', epsilon: 10 })
    expect(candidates).toEqual(rows.x)
  })
})
