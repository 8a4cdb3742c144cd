import { describe, expect, it } from 'vitest'
import { distances } from '../../../threat/norm.ts'
import { linearClassifier, mnistRows, rawCandidates, someRows } from '../../testing.ts'
import { ddn } from './ddn.ts'
import { fmn } from './fmn.ts'
import { saturated, steep, threeClasses, wayToClass } from './testing.ts'

const smooth = [
  { attack: ddn, id: ddn.id, norm: 'l2' },
  { attack: fmn, id: fmn.id, norm: 'linf' },
  { attack: fmn, id: fmn.id, norm: 'l2' },
  { attack: fmn, id: fmn.id, norm: 'l1' },
] as const
const all = [...smooth, { attack: fmn, id: fmn.id, norm: 'l0' }] as const

describe.each(smooth)('$id in $norm, on a linear model', ({ attack, norm }) => {
  it.each([steep, saturated])(
    'finds the nearest boundary to within a hundredth, logits %d times as steep',
    async (scale) => {
      const rows = await threeClasses(scale)
      const { candidates, predicted } = await rawCandidates(attack, rows, { norm, epsilon: 10 })
      const exact = wayToClass(2, norm)
      const [found] = distances(norm, candidates, rows.x, 4)
      expect([...predicted]).toEqual([2])
      expect(found).toBeGreaterThanOrEqual(exact * (1 - 1e-6))
      expect(found).toBeLessThan(exact * 1.01)
    },
  )

  it('finds the boundary of a target', async () => {
    const rows = await threeClasses()
    for (const aim of [1, 2]) {
      const targets = Int32Array.of(aim)
      const { candidates, predicted } = await rawCandidates(attack, rows, { norm, epsilon: 10, targets })
      expect([...predicted]).toEqual([aim])
      const [found] = distances(norm, candidates, rows.x, 4)
      expect(found).toBeGreaterThanOrEqual(wayToClass(aim, norm) * (1 - 1e-6))
      if (aim === 2) expect(found).toBeLessThan(wayToClass(2, norm) * 1.01)
    }
  })

  it('does so whatever the unit of the inputs', async () => {
    const unit = 5000
    const weights = [
      [1, -0.5, 0.25],
      [-0.5, 0.5, 1],
    ]
    const x = [0.7, 0.4, 0.5]
    const small = { model: await linearClassifier(weights, [0, 0]), x: Float32Array.from(x), labels: Int32Array.of(0) }
    const large = { ...small, x: Float32Array.from(x, (v) => v * unit) }
    const [a, b] = [
      await rawCandidates(attack, small, { norm, epsilon: 1 }),
      await rawCandidates(attack, large, { norm, epsilon: unit, high: unit }),
    ]
    const [near] = distances(norm, a.candidates, small.x, 3)
    expect(distances(norm, b.candidates, large.x, 3)[0]! / unit / near!).toBeCloseTo(1, 3)
  })
})

describe('fmn in l0', () => {
  it('changes the one coordinate that suffices', async () => {
    const model = await linearClassifier(
      [
        [1, 1, 1, 1],
        [0.9, 0.9, 0.9, -1.5],
      ],
      [-0.4, 0],
    )
    const rows = { model, x: Float32Array.of(0.5, 0.5, 0.5, 0.5), labels: Int32Array.of(0) }
    const { candidates, predicted } = await rawCandidates(fmn, rows, { norm: 'l0', epsilon: 4 })
    expect([...predicted]).toEqual([1])
    expect([...candidates.subarray(0, 3)]).toEqual([0.5, 0.5, 0.5])
  })
})

describe.each(all)('$id in $norm', ({ attack, norm }) => {
  it('starts any way where there is no gradient, and keeps clean values where nothing breaks', async () => {
    const flat = [
      [0, 0],
      [0, 0],
    ]
    const rows = { model: await linearClassifier(flat, [1, 0]), x: Float32Array.of(0.2, 0.7), labels: Int32Array.of(0) }
    const { candidates, target } = await rawCandidates(attack, rows, { norm, epsilon: 1, parameters: { steps: 5 } })
    expect(candidates).toEqual(rows.x)
    expect(target.queries).toEqual({ forward: 6, gradient: 5 })
  })

  it('leaves a row as soon as it is broken within the budget, where asked to', async () => {
    const rows = await mnistRows(4)
    const epsilon = { linf: 0.3, l2: 4, l1: 30, l0: 60 }[norm]
    const run = (early: boolean) =>
      rawCandidates(attack, rows, { norm, epsilon, parameters: { steps: 20, 'early-stop': early } })
    const [early, full] = [await run(true), await run(false)]
    expect(early.target.queries.gradient).toBeLessThan(full.target.queries.gradient)
    for (const { candidates, predicted } of [early, full]) {
      expect([...predicted].every((k, row) => k !== rows.labels[row])).toBe(true)
      expect(Math.max(...distances(norm, candidates, rows.x, rows.model.size))).toBeLessThanOrEqual(epsilon)
    }
  })

  it('treats rows of a convolutional net alike together and apart', async () => {
    const rows = await mnistRows(4)
    const setting = { norm, epsilon: 1, parameters: { steps: 30 } }
    const together = await rawCandidates(attack, rows, setting)
    const apart = await rawCandidates(attack, someRows(rows, 2, 4), { ...setting, firstRow: 2 })
    const half = together.candidates.subarray(2 * rows.model.size)
    for (const [i, value] of apart.candidates.entries()) expect(Math.abs(value - half[i]!)).toBeLessThan(1e-5)
  })
})
