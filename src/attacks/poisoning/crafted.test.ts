import { describe, expect, it } from 'vitest'
import { forward } from '../../models/program.ts'
import { gatherRows } from '../../threat/rows.ts'
import { randomNet } from '../testing.ts'
import { adversarialPoison } from './adversarial-poison.ts'
import { cleanLabel } from './clean-label.ts'
import { contextOf, poisonedBy } from './testing.ts'

const dims = [1, 6, 7]
const model = await randomNet(dims, 4)

/** Mean of the log-probability of a class of each row. */
const surprise = async (x: Float32Array, classes: Int32Array): Promise<number> => {
  const { logits } = await (await model.program(forward)).run(classes.length, { x })
  const of = (row: number): number => {
    const z = logits!.subarray(row * 4, row * 4 + 4)
    const most = Math.max(...z)
    return z[classes[row]!]! - most - Math.log(z.reduce((sum, value) => sum + Math.exp(value - most), 0))
  }
  return classes.reduce((sum, _, row) => sum + of(row), 0) / classes.length
}

describe('rows crafted by PGD', () => {
  it('clean-label: hard for the model, within epsilon, their labels right', async () => {
    const context = contextOf(cleanLabel, dims, { model })
    const parameters = { epsilon: 0.25, size: 1, inset: 0 }
    const { x, labels, poisoned } = await poisonedBy(cleanLabel, context, parameters)
    expect(labels).toEqual(context.labels)
    const own = gatherRows(labels, poisoned, 1)
    expect([...own]).toEqual(new Array(6).fill(1))
    const [before, after] = [gatherRows(context.x, poisoned, 42), gatherRows(x, poisoned, 42)]
    expect(await surprise(after, own)).toBeLessThan((await surprise(before, own)) - 1)
    for (const [at, value] of after.entries())
      if (at % 42 === 41) expect(value).toBe(1)
      else expect(Math.abs(value - before[at]!)).toBeLessThanOrEqual(0.25 + 1e-6)
  })

  it('adversarial-poison: towards the next class, within epsilon of the range, their labels right', async () => {
    const context = contextOf(adversarialPoison, dims, { model, low: -1, high: 1 })
    const { x, labels, poisoned } = await poisonedBy(adversarialPoison, context, { epsilon: 0.05, shift: 3 })
    expect(labels).toEqual(context.labels)
    const next = gatherRows(labels, poisoned, 1).map((label) => (label + 3) % 4)
    const [before, after] = [gatherRows(context.x, poisoned, 42), gatherRows(x, poisoned, 42)]
    expect(await surprise(after, next)).toBeGreaterThan((await surprise(before, next)) + 0.5)
    for (const [at, value] of after.entries()) expect(Math.abs(value - before[at]!)).toBeLessThanOrEqual(0.1 + 1e-6)
  })

  it('adversarial-poison moves nothing where the shift leads back to the class', async () => {
    const { poisoned } = await poisonedBy(adversarialPoison, contextOf(adversarialPoison, dims, { model }), {
      shift: 8,
    })
    expect(poisoned.length).toBe(0)
  })
})
