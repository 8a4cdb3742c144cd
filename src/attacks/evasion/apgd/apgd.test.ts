import { describe, expect, it } from 'vitest'
import { argmaxRows } from '../../../base/argmax.ts'
import type { Norm } from '../../../threat/norm.ts'
import { targetOf } from '../../../threat/target.ts'
import { linearClassifier, mnistRows, type Rows, rawCandidates } from '../../testing.ts'
import { pgd } from '../gradient/pgd.ts'
import { apgdCe, apgdDlr, apgdTargeted } from './apgd.ts'

const weights = [
  [1, -0.5, 0.25, 0],
  [-0.25, 0.5, 1, 0.5],
  [0.1, 0.9, -0.3, 0.4],
  [-1, -1, 0.2, 0.3],
]
/** A row of class 0, away from the box, whose next class is 2. */
const x0 = Float32Array.of(0.7, 0.4, 0.5, 0.5)

const rowsOf = async (classes: number, scale = 1): Promise<Rows> => ({
  model: await linearClassifier(
    weights.slice(0, classes).map((line) => line.map((w) => w * scale)),
    [0.4, 0, 0, 0].slice(0, classes).map((b) => b * scale),
  ),
  x: x0,
  labels: Int32Array.of(0),
})

/** How far the nearest class is: margin over the dual norm of the difference of weights. */
const distanceIn = (norm: Norm, classes: number): number =>
  Math.min(
    ...weights.slice(1, classes).map((line) => {
      const w = line.map((v, i) => weights[0]![i]! - v)
      const margin = 0.4 + w.reduce((sum, v, i) => sum + v * x0[i]!, 0)
      const dual = {
        linf: w.reduce((sum, v) => sum + Math.abs(v), 0),
        l2: Math.hypot(...w),
        l1: Math.max(...w.map(Math.abs)),
      }
      return margin / dual[norm as 'linf']
    }),
  )

const attacksByClasses = [
  { attack: apgdCe, classes: 2 },
  // DLR orders three logits, targeted DLR four: with fewer classes both climb the margin.
  { attack: apgdDlr, classes: 2 },
  { attack: apgdDlr, classes: 3 },
  { attack: apgdTargeted, classes: 2 },
  { attack: apgdTargeted, classes: 3 },
  { attack: apgdTargeted, classes: 4 },
].flatMap((entry) => (['linf', 'l2', 'l1'] as const).map((norm) => ({ ...entry, id: entry.attack.id, norm })))

describe('on a linear model', () => {
  it.each(attacksByClasses)(
    '$id with $classes classes breaks a row just beyond its distance in $norm, and never within',
    async ({ attack, classes, norm }) => {
      const rows = await rowsOf(classes)
      const distance = distanceIn(norm, classes)
      const beyond = await rawCandidates(attack, rows, { norm, epsilon: 1.02 * distance })
      expect(beyond.predicted[0]).not.toBe(0)
      const within = await rawCandidates(attack, rows, { norm, epsilon: 0.98 * distance })
      expect(within.predicted[0]).toBe(0)
    },
  )

  it.each([apgdCe, apgdDlr])('$id ends in the corner of the ball that is nearest to the boundary', async (attack) => {
    const { candidates } = await rawCandidates(attack, await rowsOf(2), { norm: 'linf', epsilon: 0.05 })
    for (const [i, sign] of [-1, 1, 1, 1].entries()) expect(candidates[i]).toBeCloseTo(x0[i]! + 0.05 * sign, 6)
  })

  it('apgd-ce ends where the gradient meets the sphere', async () => {
    const { candidates } = await rawCandidates(apgdCe, await rowsOf(2), { norm: 'l2', epsilon: 0.05 })
    const direction = [-1.25, 1, 0.75, 0.5]
    for (const [i, v] of direction.entries())
      expect(candidates[i]).toBeCloseTo(x0[i]! + (0.05 * v) / Math.hypot(...direction), 4)
  })

  it('reaches a given target, and nothing else counts', async () => {
    for (const attack of [apgdCe, apgdDlr, apgdTargeted]) {
      const setting = { norm: 'linf', epsilon: 0.6, targets: Int32Array.of(1) } as const
      expect((await rawCandidates(attack, await rowsOf(4), setting)).predicted[0]).toBe(1)
    }
  })

  it('climbs the margin where the softmax is so sure that the cross-entropy has no gradient', async () => {
    const rows = await rowsOf(4, 1e4)
    const epsilon = 1.02 * distanceIn('linf', 4)
    expect((await rawCandidates(pgd, rows, { norm: 'linf', epsilon })).predicted[0]).toBe(0)
    expect((await rawCandidates(apgdCe, rows, { norm: 'linf', epsilon })).predicted[0]).not.toBe(0)
  })

  it('leaves a row alone that no loss has a gradient for', async () => {
    const model = await linearClassifier(
      [
        [0, 0],
        [0, 0],
      ],
      [1, 0],
    )
    const rows = { model, x: Float32Array.of(0.5, 0.5), labels: Int32Array.of(0) }
    expect((await rawCandidates(apgdDlr, rows, { norm: 'l2', epsilon: 0.1 })).predicted[0]).toBe(0)
  })
})

describe('on a convolutional net', async () => {
  const rows = await mnistRows(8)

  it('stops asking about a row as soon as it is broken', async () => {
    const { predicted, target } = await rawCandidates(apgdCe, rows, { norm: 'linf', epsilon: 0.4 })
    expect([...predicted].every((k, row) => k !== rows.labels[row])).toBe(true)
    expect(target.queries.gradient).toBeLessThan(8 * 20)
  })

  it('raises the loss of rows that hold out above that of their random start', async () => {
    const climbed = await rawCandidates(apgdDlr, rows, { norm: 'linf', epsilon: 0.02, parameters: { steps: 10 } })
    const margins = async (x: Float32Array): Promise<number> => {
      const logits = await targetOf(rows.model, 'scores').logits(x, 8)
      expect([...argmaxRows(logits, 10)]).toEqual([...rows.labels])
      return rows.labels.reduce((sum, label, row) => {
        const scores = [...logits.subarray(row * 10, row * 10 + 10)]
        return sum + scores[label]! - Math.max(...scores.filter((_, k) => k !== label))
      }, 0)
    }
    expect(await margins(climbed.candidates)).toBeLessThan(0.95 * (await margins(rows.x)))
  })
})
