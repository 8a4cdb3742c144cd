import { describe, expect, it } from 'vitest'
import { runAttack } from '../../../threat/runner.ts'
import { linearClassifier, mnistRows, predictedRows, randomNet, rawCandidates } from '../../testing.ts'
import { square } from './square.ts'

describe('on a linear model', () => {
  const w = [0.5, -0.25, 1, 0.75, -1, 0.5]
  const rowsOf = async (dims: readonly number[]) => ({
    model: await linearClassifier([w, w.map((v) => -v)], [0, 0], dims),
    x: Float32Array.of(0.6, 0.5, 0.5, 0.5, 0.5, 0.5),
    labels: Int32Array.of(0),
  })
  // w x = 0.8, and the sum of |w| is 4: the boundary is 0.2 away in Linf.

  it.each([[[6]], [[1, 2, 3]], [[2, 3]], [[3, 1, 2]]])(
    'breaks rows of shape %j just beyond their distance, and never within',
    async (dims) => {
      const rows = await rowsOf(dims)
      const setting = { norm: 'linf', parameters: { queries: 400 } } as const
      expect((await rawCandidates(square, rows, { ...setting, epsilon: 0.205 })).predicted[0]).toBe(1)
      expect((await rawCandidates(square, rows, { ...setting, epsilon: 0.195 })).predicted[0]).toBe(0)
    },
  )

  it('does not ask about proposals that change nothing', async () => {
    const rows = {
      model: await linearClassifier([[1], [-1]], [0, 0]),
      x: Float32Array.of(0.5),
      labels: Int32Array.of(0),
    }
    const { target, candidates } = await rawCandidates(square, rows, {
      norm: 'linf',
      epsilon: 0.1,
      parameters: { queries: 100 },
    })
    expect(candidates[0]).toBeCloseTo(0.4, 6)
    expect(target.queries.forward).toBeGreaterThan(20)
    expect(target.queries.forward).toBeLessThan(80)
  })
})

describe.each([
  { norm: 'linf', epsilon: 0.3 },
  { norm: 'l2', epsilon: 5 },
  { norm: 'l1', epsilon: 60 },
] as const)('in $norm at $epsilon on a convolutional net', async ({ norm, epsilon }) => {
  const rows = await mnistRows(8)

  it('breaks rows, asks at most as often as allowed, and stops asking about broken rows', async () => {
    const { predicted, target } = await rawCandidates(square, rows, { norm, epsilon, parameters: { queries: 150 } })
    const broken = [...predicted].filter((k, row) => k !== rows.labels[row]).length
    expect(broken).toBeGreaterThan(2)
    expect(target.queries.forward).toBeLessThan(8 * 150)
    expect(target.queries.gradient).toBe(0)
  })
})

it('reaches given targets', async () => {
  const rows = await predictedRows(await randomNet([1, 6, 6], 4), 4)
  const targets = rows.labels.map((label) => (label + 1) % 4)
  const { predicted } = await rawCandidates(square, rows, {
    norm: 'linf',
    epsilon: 0.5,
    targets,
    parameters: { queries: 300 },
  })
  expect([...predicted]).toEqual([...targets])
})

it('starts again for rows that hold out', async () => {
  const rows = await predictedRows(await randomNet([1, 6, 6], 4), 2)
  const run = (restarts: number) =>
    rawCandidates(square, rows, { norm: 'l2', epsilon: 1e-3, parameters: { queries: 10, restarts } })
  expect((await run(1)).target.queries.forward).toBe(20)
  expect((await run(3)).target.queries.forward).toBe(60)
})

describe('what a row had cost when it broke', async () => {
  const request = { attack: square, ...(await mnistRows(8)), norm: 'linf', epsilon: 0.2, low: 0, high: 1 } as const

  it('is told of every row that broke, and of no other', async () => {
    const parameters = { queries: 150, restarts: 2 }
    const { broken, brokenAfter, queries } = await runAttack({ ...request, parameters })
    expect(new Set(broken).size).toBe(2)
    expect([...brokenAfter].map((count) => count > 0)).toEqual(broken)
    const held = broken.filter((done) => !done).length
    expect(brokenAfter.reduce((sum, count) => sum + count, 300 * held)).toBeGreaterThanOrEqual(queries.forward)
  })

  it('is the least that breaks it', async () => {
    const run = (queries: number) => runAttack({ ...request, parameters: { queries, 'rescale-schedule': false } })
    const { brokenAfter } = await run(150)
    const row = brokenAfter.findIndex((count) => count > 1)
    expect((await run(brokenAfter[row]! - 1)).broken[row]).toBe(false)
  })
})
