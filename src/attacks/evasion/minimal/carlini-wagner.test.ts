import { describe, expect, it } from 'vitest'
import { distances, type Norm } from '../../../threat/norm.ts'
import type { AnyParameters } from '../../../threat/parameters.ts'
import { targetOf } from '../../../threat/target.ts'
import { linearClassifier, mnistRows, type Rows, rawCandidates, someRows } from '../../testing.ts'
import { cwL2 } from './cw-l2.ts'
import { cwLinf } from './cw-linf.ts'
import { ead } from './ead.ts'
import { threeClasses, wayToClass } from './testing.ts'

/** The same model and row in a range of any width. */
const inRange = async (width: number): Promise<Rows> => ({
  model: await linearClassifier(
    [
      [1 / width, -0.5 / width],
      [-0.25 / width, 0.5 / width],
    ],
    [0.2, 0],
  ),
  x: Float32Array.of(0.7 * width, 0.4 * width),
  labels: Int32Array.of(0),
})

const cases = [
  {
    attack: cwL2,
    id: 'cw-l2',
    norm: 'l2',
    close: 1.02,
    parameters: { 'binary-search-steps': 8, steps: 100, 'learning-rate': 0.03 },
  },
  { attack: cwLinf, id: 'cw-linf', norm: 'linf', close: 1.01, parameters: {} },
  {
    attack: ead,
    id: 'ead',
    norm: 'l1',
    close: 1.1,
    parameters: { steps: 150, beta: 0.002, 'binary-search-steps': 6, 'learning-rate': 0.01 },
  },
] as const

describe.each(cases)('$id, on a linear model', ({ attack, norm, close, parameters }) => {
  it('comes near the nearest boundary of all', async () => {
    const rows = await threeClasses(1)
    const { candidates, predicted } = await rawCandidates(attack, rows, { norm, epsilon: 10, parameters })
    const [found] = distances(norm, candidates, rows.x, 4)
    const exact = Math.min(wayToClass(1, norm), wayToClass(2, norm))
    expect(predicted[0]).not.toBe(0)
    expect(found).toBeGreaterThanOrEqual(exact * (1 - 1e-6))
    expect(found).toBeLessThan(exact * close)
  })

  it('comes near the boundary of a given target', async () => {
    const setting = { norm, epsilon: 10, targets: Int32Array.of(2), parameters }
    const rows = await threeClasses(1)
    const { candidates, predicted } = await rawCandidates(attack, rows, setting)
    expect(predicted[0]).toBe(2)
    expect(distances(norm, candidates, rows.x, 4)[0]).toBeLessThan(wayToClass(2, norm) * close)
  })

  it('finds the same in any range, up to its width', async () => {
    const setting = { norm, epsilon: 1e4, parameters }
    const [unit, bytes] = [
      await rawCandidates(attack, await inRange(1), setting),
      await rawCandidates(attack, await inRange(255), { ...setting, high: 255 }),
    ]
    for (const [i, value] of unit.candidates.entries()) expect(bytes.candidates[i]! / 255).toBeCloseTo(value, 3)
  })

  it('reaches the margin asked for', async () => {
    const rows = await threeClasses(1)
    const setting = { norm, epsilon: 10, parameters: { ...parameters, confidence: 0.05 } }
    const { candidates } = await rawCandidates(attack, rows, setting)
    const logits = await targetOf(rows.model, 'scores').logits(candidates, 1)
    expect(Math.max(logits[1]!, logits[2]!) - logits[0]!).toBeGreaterThanOrEqual(0.05 - 1e-6)
  })

  it('leaves clean what it can not break', async () => {
    const model = await linearClassifier(
      [
        [0, 0],
        [0, 0],
      ],
      [1, 0],
    )
    const rows = { model, x: Float32Array.of(0, 1), labels: Int32Array.of(0) }
    const { candidates } = await rawCandidates(attack, rows, { norm, epsilon: 1, parameters: { steps: 20 } })
    expect([...candidates]).toEqual([0, 1])
  })
})

describe('on a convolutional net', async () => {
  const rows = await mnistRows(4)
  const small: AnyParameters = { steps: 40 }
  const settings = cases.map(({ attack, id, norm }) => ({ attack, id, norm }))

  it.each(settings)(
    '$id leaves a row once it is broken within the budget, where asked to',
    async ({ attack, norm }) => {
      const epsilon = { l2: 3, linf: 0.3, l1: 40 }[norm]
      const run = (early: boolean) =>
        rawCandidates(attack, rows, { norm, epsilon, parameters: { ...small, 'early-stop': early } })
      const [early, late] = [await run(true), await run(false)]
      expect(early.target.queries.gradient).toBeLessThan(late.target.queries.gradient)
      for (const size of distances(norm, early.candidates, rows.x, 784)) expect(size).toBeLessThanOrEqual(epsilon)
      expect([...early.predicted].every((k, row) => k !== rows.labels[row])).toBe(true)
    },
  )

  // A check on the loss of all rows together would end or keep them all at once.
  it('the abort check of one row is none of the others', async () => {
    const parameters = { steps: 30, 'binary-search-steps': 3 }
    const run = (part: Rows) => rawCandidates(cwL2, part, { norm: 'l2', epsilon: 10, parameters })
    const [together, first, rest] = [await run(rows), await run(someRows(rows, 0, 1)), await run(someRows(rows, 1, 4))]
    const apart = [...first.candidates, ...rest.candidates]
    for (const [at, value] of together.candidates.entries()) expect(Math.abs(value - apart[at]!)).toBeLessThan(1e-4)
    expect(together.target.queries.gradient).toBe(first.target.queries.gradient + rest.target.queries.gradient)
  })

  it('keeps to less L1 by an L1 decision, and to a smaller elastic net by that one', async () => {
    const run = async (decision: string) => {
      const parameters = { decision, steps: 30, beta: 0.05 }
      const { candidates } = await rawCandidates(ead, rows, { norm: 'l1', epsilon: 100, parameters })
      const [l1, l2] = (['l1', 'l2'] satisfies Norm[]).map((norm) => distances(norm, candidates, rows.x, 784))
      return { l1: l1!, net: l2!.map((size, row) => size ** 2 + 0.05 * l1![row]!) }
    }
    const [byL1, byNet] = [await run('l1'), await run('elastic-net')]
    for (let row = 0; row < 4; row++) {
      expect(byL1.l1[row]).toBeLessThanOrEqual(byNet.l1[row]! + 1e-9)
      expect(byNet.net[row]).toBeLessThanOrEqual(byL1.net[row]! + 1e-9)
    }
    expect(byL1.l1).not.toEqual(byNet.l1)
  })

  it('goes on without momentum', async () => {
    const setting = { norm: 'l1', epsilon: 100, parameters: { momentum: false, steps: 50 } } as const
    const { predicted } = await rawCandidates(ead, rows, setting)
    expect([...predicted].every((k, row) => k !== rows.labels[row])).toBe(true)
  })
})
