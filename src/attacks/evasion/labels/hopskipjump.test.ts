import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { distances, type Norm } from '../../../threat/norm.ts'
import { runAttack } from '../../../threat/runner.ts'
import { linearClassifier, mnistRows, predictedRows, type Rows, rawCandidates, someRows } from '../../testing.ts'
import { hopskipjump } from './hopskipjump.ts'

const size = 12
const random = stream('hopskipjump test')
const weights = Array.from({ length: size }, () => random.normal())
/** Class 1 where weights x is above 0, on rows from -1 to 1. */
const plane = await predictedRows(await linearClassifier([weights.map((w) => -w), weights], [0, 0]), 6, -1, 1)
/** Wide enough to hold the nearest points of the plane. */
const range = { low: -3, high: 3 }

/** Distance of each row to the plane: |w x| over the dual norm of w. */
const marginsOf = ({ x, labels }: Rows, norm: Norm): number[] => {
  const dual = norm === 'l2' ? Math.hypot(...weights) : weights.reduce((sum, w) => sum + Math.abs(w), 0)
  return Array.from(labels, (_, row) => Math.abs(weights.reduce((sum, w, j) => sum + w * x[row * size + j]!, 0) / dual))
}

describe('hopskipjump', () => {
  it.each(['l2', 'linf'] as const)('comes within a few percent of the nearest boundary in %s', async (norm) => {
    const setting = { norm, epsilon: 1, ...range, parameters: { queries: 4000 } }
    const { candidates, predicted } = await rawCandidates(hopskipjump, plane, setting)
    const found = distances(norm, candidates, plane.x, size)
    for (const [row, margin] of marginsOf(plane, norm).entries()) {
      expect(predicted[row]).not.toBe(plane.labels[row])
      expect(found[row]! / margin).toBeGreaterThan(1 - 1e-4)
      expect(found[row]! / margin).toBeLessThan(1.03)
    }
  })

  it.each([1, 2, 9, 10, 17, 60, 61, 62, 150, 151, 400])('asks no row for more than %d queries', async (queries) => {
    const setting = { norm: 'l2' as const, epsilon: 1, ...range, parameters: { queries } }
    const { candidates, target } = await rawCandidates(hopskipjump, someRows(plane, 0, 1), setting)
    expect(target.queries.forward).toBeLessThanOrEqual(queries)
    expect(target.queries.forward).toBeGreaterThan(0.8 * queries - 20)
    expect(candidates.every((value) => value >= -3 && value <= 3)).toBe(true)
  })

  it('comes nearer with more queries, and stops after the steps that were asked for', async () => {
    const total = async (queries: number, steps: number) => {
      const setting = { norm: 'l2' as const, epsilon: 1, ...range, parameters: { queries, steps } }
      const { candidates, target } = await rawCandidates(hopskipjump, plane, setting)
      return {
        sum: distances('l2', candidates, plane.x, size).reduce((a, b) => a + b),
        queries: target.queries.forward,
      }
    }
    const [few, many, short] = [await total(200, 64), await total(2000, 64), await total(2000, 1)]
    expect(many.sum).toBeLessThan(few.sum)
    expect(short.queries).toBeLessThan(0.2 * many.queries)
  })

  it('gives up on a classifier that knows one class, and leaves the rows as they are', async () => {
    const constant = await predictedRows(
      await linearClassifier([weights.map(() => 0), weights.map(() => 0)], [1, 0]),
      3,
    )
    const setting = { norm: 'l2' as const, epsilon: 1, parameters: { 'initial-tries': 25 } }
    const { candidates, target } = await rawCandidates(hopskipjump, constant, setting)
    expect(candidates).toEqual(constant.x)
    expect(target.queries.forward).toBe(3 * 25)
  })

  it('reaches a target class, and leaves rows alone whose target is out of reach', async () => {
    const three = await predictedRows(
      await linearClassifier([weights.map((w) => -w), weights, weights.map(() => 0)], [0, 0, -100]),
      4,
      -1,
      1,
    )
    const targets = Int32Array.from(three.labels, (label, row) => (row === 2 ? 2 : 1 - label))
    const outcome = await runAttack({
      ...{ attack: hopskipjump, ...three, targets, norm: 'l2', epsilon: 10, ...range },
      parameters: { queries: 400 },
    })
    expect(outcome.broken).toEqual([true, true, false, true])
    expect(outcome.distances[2]).toBe(0)
  })

  it('gives each row the same point alone and in company, though budgets run out at different steps', async () => {
    const setting = { norm: 'linf' as const, epsilon: 1, ...range, parameters: { queries: 333 } }
    const together = await rawCandidates(hopskipjump, plane, setting)
    for (const row of [0, 5]) {
      const alone = await rawCandidates(hopskipjump, someRows(plane, row, row + 1), { ...setting, firstRow: row })
      expect([...alone.candidates]).toEqual([...together.candidates.subarray(row * size, (row + 1) * size)])
    }
  })

  it('breaks digits of a convolutional net, points that stay broken when they are predicted again', async () => {
    const request = { attack: hopskipjump, ...(await mnistRows(4)), norm: 'l2' as const, epsilon: 4, low: 0, high: 1 }
    const { broken, refused, brokenAfter } = await runAttack({ ...request, parameters: { queries: 1500 } })
    expect(refused).toEqual([])
    expect(broken).toEqual([true, true, true, true])
    const nearer = await runAttack({ ...request, epsilon: 2.5, parameters: { queries: 1500 } })
    // A smaller budget is met later or not at all.
    for (const [row, spent] of brokenAfter.entries()) {
      expect(spent).toBeGreaterThan(0)
      expect(spent).toBeLessThanOrEqual(1500)
      if (nearer.broken[row]) expect(nearer.brokenAfter[row]).toBeGreaterThanOrEqual(spent)
    }
  })
})
