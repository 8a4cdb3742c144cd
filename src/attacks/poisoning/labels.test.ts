import { describe, expect, it } from 'vitest'
import { labelFlip } from './label-flip.ts'
import { nearestClass } from './rows/nearest-class.ts'
import { targetedLabelFlip } from './targeted-label-flip.ts'
import { contextOf, poisonedBy } from './testing.ts'

describe('label-flip', () => {
  it('gives each of the other classes to about as many rows, and never their own', async () => {
    const labels = new Int32Array(6000).fill(2)
    const context = contextOf(labelFlip, [1], { labels, x: new Float32Array(6000), budget: 3000 })
    const { labels: flipped, poisoned } = await poisonedBy(labelFlip, context)
    expect(poisoned.length).toBe(3000)
    const counts = [0, 0, 0, 0]
    for (const row of poisoned) counts[flipped[row]!]!++
    expect(counts[2]).toBe(0)
    // Four standard deviations of a binomial of 3,000 and a third.
    for (const other of [0, 1, 3]) expect(Math.abs(counts[other]! - 1000)).toBeLessThan(4 * Math.sqrt(3000 * (2 / 9)))
  })

  it('flips nothing where there is one class', async () => {
    const given = { classes: 1, target: 0, labels: new Int32Array(40) }
    const { poisoned, labels } = await poisonedBy(labelFlip, contextOf(labelFlip, [7], given))
    expect([poisoned.length, ...labels]).toEqual(new Array(41).fill(0))
  })
})

describe('targeted-label-flip', () => {
  it('flips rows of the source only, to the target, and is about judged rows of the source', async () => {
    const context = contextOf(targetedLabelFlip, [7], { budget: 4, target: 0 })
    const { labels, poisoned, victims } = await poisonedBy(targetedLabelFlip, context, { source: 3 })
    expect(poisoned.length).toBe(4)
    for (const row of poisoned) expect([context.labels[row], labels[row]]).toEqual([3, 0])
    expect([...victims!].map((row) => context.judged.labels[row])).toEqual([3, 3, 3])
  })

  it.each([[4], [1]])('refuses the source class %d', async (source) => {
    await expect(poisonedBy(targetedLabelFlip, contextOf(targetedLabelFlip, [7]), { source })).rejects.toMatchObject({
      code: 'USAGE',
    })
  })
})

describe('the class nearest to the target', () => {
  // Means: class 0 at 0, class 1 at 5, class 2 at 9, class 3 without rows.
  const given = { x: Float32Array.of(-1, 1, 5, 8, 10), labels: Int32Array.of(0, 0, 1, 2, 2), size: 1, classes: 4 }

  it.each([
    [0, 1],
    [1, 2],
    [2, 1],
    [3, 0],
  ])('of %d is %d', (target, nearest) => {
    expect(nearestClass({ ...given, target })).toBe(nearest)
  })

  it('passes over values that are no numbers', () => {
    expect(nearestClass({ ...given, x: Float32Array.of(-1, 1, 5, Number.NaN, 18), target: 0 })).toBe(1)
  })

  it('is none where only the target has rows', () => {
    expect(nearestClass({ ...given, labels: new Int32Array(5), target: 0 })).toBeUndefined()
  })
})
