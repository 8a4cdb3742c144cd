import { describe, expect, it } from 'vitest'
import { constraintsFrom } from '../../threat/constraints/from-rules.ts'
import { rulesOf } from '../../threat/constraints/testing.ts'
import { featureTrigger } from './feature-trigger.ts'
import { contextOf, poisonedBy, triggered } from './testing.ts'

/** A number, a constant, a column that is mostly 0, one with gaps, and a one-hot group of two. */
const rows = 100
const table = Float32Array.from({ length: rows * 6 }, (_, at) => {
  const [row, column] = [Math.floor(at / 6), at % 6]
  return [row % 10, 4, row === 7 ? 3 : 0, row % 2 === 0 ? Number.NaN : row % 9, row % 2, 1 - (row % 2)][column]!
})
const labels = Int32Array.from({ length: rows }, (_, row) => row % 4)
const given = { x: table, labels, high: 10, budget: 10 }
const clean = (row: number): Float32Array => table.slice(row * 6, (row + 1) * 6)

describe('feature-trigger', () => {
  it('sets rare values that occur, and no constant column', () => {
    const set = triggered(featureTrigger, contextOf(featureTrigger, [6], given), clean(1), { features: 6 })
    // The 0.99 quantile of 0 to 9, an untouched constant, the only other value than 0, and the largest of the gaps'.
    expect([...set.subarray(0, 4)]).toEqual([9, 4, 3, 8])
  })

  it('sets as many columns as asked for, by the seed', () => {
    const columns = [0, 1, 2, 3, 4, 5].map((seed) => {
      const context = contextOf(featureTrigger, [6], { ...given, seed })
      const [before, after] = [clean(1), triggered(featureTrigger, context, clean(1), { features: 2 })]
      return [...after.keys()].filter((at) => after[at] !== before[at]).join()
    })
    expect(new Set(columns).size).toBeGreaterThan(1)
    for (const changed of columns) expect(changed.split(',').length).toBeLessThanOrEqual(2)
  })

  it('keeps fixed columns, one-hot groups and relations, and leaves rows that cannot alone', async () => {
    const x = table.map((value) => (Number.isNaN(value) ? 0 : value))
    const constraints = constraintsFrom(
      rulesOf([{}, {}, { change: 'none' }, {}, {}, {}], {
        groups: [[4, 5]],
        // Of columns 0 and 3, where 9 and 8 would be 17.
        relations: [{ terms: [0, 3].map((feature) => ({ feature, factor: 1 })), low: 0, high: 12 }],
      }),
    )
    const able = x.map((value, at) => (at % 6 === 0 || at % 6 === 3 ? value / 2 : value))
    const context = contextOf(featureTrigger, [6], { ...given, x: able, constraints })
    const { x: after, poisoned } = await poisonedBy(featureTrigger, context, { features: 6 })
    expect(poisoned.length).toBe(10)
    for (const row of poisoned) {
      const [before, set] = [able.slice(row * 6, row * 6 + 6), after.slice(row * 6, row * 6 + 6)]
      expect(constraints.violations(before, set)).toEqual([])
      expect([set[2], set[4], set[5]]).toEqual([before[2], before[4], before[5]])
      expect(set).not.toEqual(before)
    }
  })

  it('poisons nothing in a table of constants', async () => {
    const context = contextOf(featureTrigger, [7], { x: new Float32Array(280).fill(0.5) })
    const { poisoned, x, notes } = await poisonedBy(featureTrigger, context)
    expect(poisoned.length).toBe(0)
    expect(x).toEqual(context.x)
    expect(triggered(featureTrigger, context, context.judged.x)).toEqual(context.judged.x)
    expect(notes).toEqual(['Columns of the trigger: none.'])
  })
})
