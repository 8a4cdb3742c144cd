import { describe, expect, it } from 'vitest'
import { contextOf, harden, pictures, storeOf, untrained } from '../testing.ts'
import { logitsOf, softmax } from './testing.ts'
import { lossesOf, smallest } from './trimmed-loss.ts'

describe('trimmed-loss', () => {
  const clean = pictures(90, 'training')
  /** Every fifth row has the label of the next class. */
  const flipped = clean.labels.map((label, row) => (row % 5 === 0 ? (label + 1) % 3 : label))
  const recipe = { epochs: 3, 'early-epochs': 3, batch: 16, 'learning-rate': 0.05, trim: 0.2 }

  it('does not learn from the rows whose labels contradict the rest', async () => {
    const context = contextOf({ source: untrained(1, 'dense classes'), training: { x: clean.x, labels: flipped } })
    const { model, notes } = await harden('trimmed-loss', context, recipe)
    expect(notes.at(-1)).toBe(
      'Of 90 training rows the 18 with the largest losses after 2 short trainings were not learned from: 6 of class 0, 6 of class 1, 6 of class 2.',
    )
    const opened = await context.open(model)
    const losses = await lossesOf(opened, storeOf({ x: clean.x, labels: flipped }))
    await opened.release()
    const kept = [...smallest(losses, 72)]
    expect(kept.filter((row) => row % 5 === 0)).toEqual([])
  })

  it('measures the cross-entropy of each row', async () => {
    const context = contextOf()
    const { model } = await harden('standard', context, { epochs: 1, batch: 16 })
    const opened = await context.open(model)
    const losses = await lossesOf(opened, storeOf(clean))
    await opened.release()
    for (const [row, logits] of (await logitsOf(model, clean.x)).entries())
      expect(losses[row]).toBeCloseTo(-Math.log(softmax(logits)[clean.labels[row]!]!), 5)
  })

  it('keeps the smallest losses, of equal ones the first, and infinite ones last', () => {
    const losses = Float64Array.of(3, 1, Number.POSITIVE_INFINITY, 1, 2)
    expect([...smallest(losses, 3)]).toEqual([1, 3, 4])
    expect([...smallest(losses, 1)]).toEqual([1])
  })

  it('refuses to trim everything, and says that one round trims nothing', async () => {
    const one = contextOf({ training: pictures(1, 'one') })
    const { notes } = await harden('trimmed-loss', one, { epochs: 1, rounds: 1, trim: 0.5 })
    expect(notes.at(-1)).toContain('nothing is trimmed')
  })
})
