import { expect, it } from 'vitest'
import { contextFor, linearClassifier } from '../../testing.ts'
import { apgdCe } from './apgd.ts'
import { startClimber } from './apgd-climber.ts'
import { measureBy } from './apgd-measure.ts'

const weights = [
  [2, 1],
  [1, 2],
]

/** Two rows of class 0: the first sure beyond what float32 can tell from certainty, the second not. */
const sure = Float32Array.of(1, 0)
const unsure = Float32Array.of(0.5, 0.4999)

it('moves a row to the margin, for good, at the first point without a gradient, and no other row', async () => {
  const model = await linearClassifier(
    weights.map((line) => line.map((w) => 1e4 * w)),
    [0, 0],
  )
  const rows = { model, x: Float32Array.of(...sure, ...unsure), labels: Int32Array.of(0, 0) }
  const context = contextFor(apgdCe, rows, { norm: 'linf', epsilon: 0.1 })
  const measure = await measureBy(context, 'ce', false)
  const region = { epsilon: 0.1, low: 0, high: 1, label: 0, aim: 0 }
  const climbers = [sure, unsure].map((x0, row) => startClimber({ ...region, x0, row }, x0.slice()))
  const [first, second] = [climbers[0]!, climbers[1]!]

  expect(await measure(climbers)).toEqual(climbers)
  expect([first.onMargin, first.changedLoss, second.onMargin, second.changedLoss]).toEqual([true, true, false, false])
  expect(first.loss).toBeCloseTo(-1e4)
  expect([...first.gradient]).toEqual([-1e4, 1e4])
  expect(second.loss).toBeCloseTo(Math.log(1 + Math.exp(-1)), 2)
  // The first measured one row more.
  expect(context.target.queries.gradient).toBe(3)

  first.x.set([0.9, 0.1])
  await measure(climbers)
  expect([first.onMargin, first.changedLoss, first.rose]).toEqual([true, false, true])
  expect(first.bestLoss).toBeCloseTo(-8e3, 0)
  expect([...first.best]).toEqual([...first.x])
  expect(context.target.queries.gradient).toBe(5)
})

it('drops rows where they are broken', async () => {
  const rows = { model: await linearClassifier(weights, [0, 0]), x: sure, labels: Int32Array.of(0) }
  const measure = await measureBy(contextFor(apgdCe, rows, { norm: 'linf', epsilon: 1 }), 'dlr', false)
  const climber = startClimber(
    { epsilon: 1, low: 0, high: 1, label: 0, aim: 0, row: 0, x0: sure },
    Float32Array.of(0, 1),
  )
  expect(await measure([climber])).toEqual([])
})
