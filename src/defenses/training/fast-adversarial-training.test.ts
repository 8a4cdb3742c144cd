import { describe, expect, it } from 'vitest'
import type { AnyAttack, AttackContext } from '../../threat/attack.ts'
import { contextOf, harden, insteadOfPgd, pictures } from '../testing.ts'
import { weightsOf } from './testing.ts'

/** Rows of the next class in place of the attacked ones: far away, but the budget is the whole range. */
const ofNextClass = ({ x0, rows, labels, size }: AttackContext): Float32Array => {
  const others = pictures(3, 'others')
  const x = new Float32Array(x0.length)
  for (let row = 0; row < rows; row++) {
    const other = (labels[row]! + 1) % 3
    x.set(others.x.subarray(other * size, (other + 1) * size), row * size)
  }
  return x
}

/** Trains on clean rows; the watched rows withstand so many checks, and then fall. */
const overfittingAfter = (checks: number): { readonly pgd: AnyAttack; readonly seen: number[] } => {
  const seen: number[] = []
  const pgd = insteadOfPgd((context, steps) => {
    if (steps === 1) return context.x0
    seen.push(context.rows)
    return seen.length > checks ? ofNextClass(context) : context.x0
  })
  return { pgd, seen }
}

// 96 rows: six steps an epoch.
const recipe = { epochs: 4, batch: 16, schedule: 'constant', 'watch-rows': 30, 'validation-steps': 0 } as const

describe('fast adversarial training', () => {
  it('stops when the watched rows fall, and gives the weights of the last epoch before that', async () => {
    const { pgd, seen } = overfittingAfter(3)
    const context = contextOf({ pgd, context: { epsilon: 1 } })
    const watched = { ...recipe, 'learning-rate': 0.1, 'watch-every': 5 }
    const { stopped, epochs, model } = await harden('fast-adversarial-training', context, watched)
    expect(stopped).toMatchObject({ reason: 'catastrophic overfitting' })
    expect(stopped?.detail).toMatch(/within step 20$/)
    expect(seen).toHaveLength(4)
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3])
    const best = epochs.findLast((epoch) => epoch.best)!.epoch
    const good = await harden('fast-adversarial-training', context, { ...watched, epochs: best, 'watch-every': 0 })
    expect(good.stopped?.reason).toBe('finished')
    expect(weightsOf(model)).toEqual(weightsOf(good.model))
  })

  it('goes on while the fall is smaller than the stated share', async () => {
    const { pgd } = overfittingAfter(2)
    const context = contextOf({ pgd, context: { epsilon: 1 } })
    const { stopped } = await harden('fast-adversarial-training', context, {
      ...recipe,
      'watch-every': 5,
      'watch-drop': 1,
    })
    expect(stopped?.reason).toBe('finished')
  })

  it('watches training rows where there are no others, and nothing where it is told so', async () => {
    const validation = { x: new Float32Array(), labels: new Int32Array() }
    const counts = async (every: number): Promise<number> => {
      const { pgd, seen } = overfittingAfter(100)
      const context = contextOf({ pgd, validation, context: { epsilon: 1 } })
      await harden('fast-adversarial-training', context, { ...recipe, epochs: 1, 'watch-every': every })
      return seen.length
    }
    expect(await counts(2)).toBe(3)
    expect(await counts(0)).toBe(0)
  })

  it('takes one step of 1.25 epsilon, growing with the budget, at rates that rise and fall', async () => {
    const steps: { readonly size: unknown; readonly epsilon: number }[] = []
    const pgd = insteadOfPgd(({ x0, epsilon }, count, parameters) => {
      if (count === 1) steps.push({ size: parameters['step-size'], epsilon })
      return x0
    })
    const { epochs } = await harden('fast-adversarial-training', contextOf({ pgd }), { epochs: 5, batch: 48 })
    expect(steps).toHaveLength(10)
    expect(steps.map(({ epsilon }) => epsilon)).toEqual(
      [0, 0.05, ...new Array(8).fill(0.1)].map((e) => expect.closeTo(e, 12)),
    )
    for (const { size, epsilon } of steps) expect(size).toBeCloseTo(1.25 * epsilon, 12)
    const rates = epochs.map(({ rate }) => rate)
    expect(rates[1]).toBeGreaterThan(rates[0]!)
    expect(rates[4]).toBeLessThan(rates[2]!)
  })
})
