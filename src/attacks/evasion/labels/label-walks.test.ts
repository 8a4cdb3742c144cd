import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { distances } from '../../../threat/norm.ts'
import { runAttack } from '../../../threat/runner.ts'
import {
  contextFor,
  denseClassifier,
  linearClassifier,
  mnistRows,
  predictedRows,
  rawCandidates,
  someRows,
} from '../../testing.ts'
import { boundary } from './boundary.ts'
import { type Walk, type WalkStart, walkRows } from './label-walks.ts'
import { surfree } from './surfree.ts'

const size = 12
const random = stream('label walks test')
const weights = Array.from({ length: size }, () => random.normal())
/** Class 1 where weights x is above 0, on rows from -1 to 1. */
const plane = await predictedRows(await linearClassifier([weights.map((w) => -w), weights], [0, 0]), 6, -1, 1)
const setting = { norm: 'l2' as const, epsilon: 1, low: -3, high: 3 }
const noClass = await predictedRows(await linearClassifier([weights.map(() => 0), weights.map(() => 0)], [1, 0]), 3)
/** Class 2 is out of reach. */
const three = await predictedRows(
  await linearClassifier([weights.map((w) => -w), weights, weights.map(() => 0)], [0, 0, -100]),
  ...([4, -1, 1] as const),
)
/** y = x/2 - z + w/4 and its negative: what moves 0.7, or turns a label, is a plane. */
const slope = [0.5, -1, 0.25]
const numbers = await denseClassifier([3], [{ weights: [slope], biases: [0.3] }], 'regression')
const marks = await denseClassifier([3], [{ weights: [slope, slope.map((w) => -w)], biases: [0, 9] }], 'multi-label')
const margin = (row: number): number =>
  Math.abs(weights.reduce((sum, w, j) => sum + w * plane.x[row * size + j]!, 0)) / Math.hypot(...weights)

describe.each([boundary, surfree])('$id', (attack) => {
  it('comes within a few percent of the distance to a plane', async () => {
    const { candidates, predicted } = await rawCandidates(attack, plane, { ...setting, parameters: { queries: 3000 } })
    for (const [row, found] of distances('l2', candidates, plane.x, size).entries()) {
      expect(predicted[row]).not.toBe(plane.labels[row])
      expect(found / margin(row)).toBeGreaterThan(1 - 1e-4)
      expect(found / margin(row)).toBeLessThan(1.03)
    }
  })

  it.each([1, 2, 9, 17, 61, 150])('asks no row for more than %d queries', async (queries) => {
    const { candidates, target } = await rawCandidates(attack, someRows(plane, 0, 1), {
      ...setting,
      parameters: { queries },
    })
    expect(target.queries.forward).toBeLessThanOrEqual(queries)
    expect(target.queries.forward).toBeGreaterThan(0.8 * queries - 20)
    expect(candidates.every((value) => value >= -3 && value <= 3)).toBe(true)
  })

  it('leaves rows as they are where nothing is adversarial, after the tries for a start', async () => {
    const { candidates, target } = await rawCandidates(attack, noClass, {
      ...{ norm: 'l2', epsilon: 1 },
      parameters: { 'initial-tries': 25 },
    })
    expect(candidates).toEqual(noClass.x)
    expect(target.queries.forward).toBe(3 * 25)
  })

  it('reaches a target class, and goes on without the row whose target is out of reach', async () => {
    const targets = Int32Array.from(three.labels, (label, row) => (row === 2 ? 2 : 1 - label))
    const request = { attack, ...three, targets, ...setting, epsilon: 10, parameters: { queries: 400 } }
    const { broken, distances: lengths, brokenAfter } = await runAttack(request)
    expect(broken).toEqual([true, true, false, true])
    expect(lengths[2]).toBe(0)
    expect([...brokenAfter].map((spent) => spent > 0 && spent <= 400)).toEqual([true, true, false, true])
  })

  it('ends on a row that is misclassified from the start, with numbers', async () => {
    const labels = plane.labels.map((label, row) => (row === 1 ? 1 - label : label))
    const request = { ...setting, parameters: { queries: 500 } }
    const { candidates, predicted, target } = await rawCandidates(attack, { ...plane, labels }, request)
    expect(candidates.every(Number.isFinite)).toBe(true)
    expect([...predicted].every((label, row) => label !== labels[row])).toBe(true)
    expect(target.queries.forward).toBeLessThanOrEqual(6 * 500)
    expect(distances('l2', candidates, plane.x, size)[1]).toBeLessThan(0.01)
  })

  it.each([
    {
      kind: 'regression',
      subject: numbers,
      task: { kind: 'regression', tolerance: 0.7, relative: 0, direction: 'either' },
    },
    { kind: 'multi-label', subject: marks, task: { kind: 'multi-label', flips: 1 }, truth: Float32Array.of(1, 1) },
  ] as const)('is brought to the distance of a $kind model', async ({ subject, task, ...known }) => {
    // The prediction is 2.3, and the first label 2 from turning.
    const x = Float32Array.of(1, -1.375, 0.5)
    const request = { attack, model: subject, x, labels: new Int32Array(1), task, norm: 'l2' as const, epsilon: 20 }
    const found = await runAttack({
      ...request,
      ...('truth' in known && { numbers: known.truth }),
      low: -10,
      high: 10,
      parameters: { queries: 600 },
    })
    const nearest = (task.kind === 'regression' ? 0.7 : 2) / Math.hypot(...slope)
    expect(found.broken).toEqual([true])
    expect(found.distances[0]! / nearest).toBeGreaterThan(0.999)
    expect(found.distances[0]! / nearest).toBeLessThan(1.05)
  })

  it('works on rows of a single value', async () => {
    const line = await predictedRows(await linearClassifier([[-1], [1]], [0.25, -0.25]), 5)
    const { candidates, predicted } = await rawCandidates(attack, line, { norm: 'l2', epsilon: 1 })
    for (const value of candidates) expect(value).toBeCloseTo(0.25, 2)
    expect([...predicted].every((label, row) => label !== line.labels[row])).toBe(true)
  })

  it('tells at what cost a digit was first within the budget: a smaller one is met later or not at all', async () => {
    const rows = { ...(await mnistRows(4)), low: 0, high: 1, seed: 1 }
    const request = { attack, ...setting, ...rows, parameters: { queries: 600 } }
    const wide = await runAttack({ ...request, epsilon: 5 })
    const tight = await runAttack({ ...request, epsilon: 3.5 })
    expect(wide.broken).toEqual([true, true, true, true])
    expect(wide.refused).toEqual([])
    expect(tight.broken.some(Boolean)).toBe(true)
    for (const [row, spent] of wide.brokenAfter.entries()) {
      expect(spent).toBeGreaterThan(0)
      expect(spent).toBeLessThanOrEqual(600)
      if (tight.broken[row]) expect(tight.brokenAfter[row]).toBeGreaterThanOrEqual(spent)
    }
  })
})

describe('walkRows', () => {
  it('asks all open rows at once, and lets each end by itself', async () => {
    const context = contextFor(surfree, plane, setting)
    const sizes: number[] = []
    const target: typeof context.target = {
      ...context.target,
      decide: (goal, x, rows) => {
        sizes.push(rows.length)
        return context.target.decide(goal, x, rows)
      },
    }
    let started = 0
    const request = {
      ...{ queries: 1000, tries: 100 },
      *walk({ point, place }: WalkStart): Walk {
        place.set(point)
        const number = started++
        for (let asked = 0; asked <= number; asked++) expect(yield).toBe(true)
      },
    }
    await walkRows({ ...context, target }, request)
    expect(sizes.slice(-7)).toEqual([6, 5, 4, 3, 2, 1, 6])
  })
})
