import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { AnyParameters } from '../../threat/parameters.ts'
import type { AnyPoisonAttack, PoisonContext } from '../../threat/poisoning.ts'
import { randomNet } from '../testing.ts'
import { poisonAttacks } from './index.ts'
import { contextOf, labelledRows, poisonedBy, triggered } from './testing.ts'

const [images, pictures] = [
  [2, 6, 6],
  [1, 6, 7],
] as const
const models = { images: await randomNet(images, 4), picture: await randomNet(pictures, 4) }

type Given = Parameters<typeof contextOf>[2]
const shapesOf = ({ domain }: AnyPoisonAttack): readonly (readonly number[])[] =>
  domain === 'tables' ? [[7]] : domain === 'images' ? [[1, 6, 7]] : [[7], [1, 6, 7], [2, 6, 6]]
const modelFor = (dims: readonly number[]) => (dims.length === 3 && dims[0] === 1 ? models.picture : models.images)
const settled = (attack: AnyPoisonAttack, dims: readonly number[], given: Given = {}): PoisonContext =>
  contextOf(attack, dims, { ...(attack.needsModel && { model: modelFor(dims) }), ...given })
/** Less work, for whatever parameter an attack has. */
const quickFor = ({ parameters }: AnyPoisonAttack): AnyParameters => ('steps' in parameters ? { steps: 3 } : {})

const every = [...poisonAttacks.values()].flatMap((attack) =>
  shapesOf(attack).map((dims) => ({ attack, id: attack.id, dims })),
)
const poison = ({ attack, dims }: (typeof every)[number], given: Given = {}) =>
  poisonedBy(attack, settled(attack, dims, given), quickFor(attack))

describe('every poisoning attack', () => {
  it('has a file of its name, and every such file is registered', () => {
    const files = readdirSync(new URL('.', import.meta.url))
      .filter(
        (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !['index.ts', 'testing.ts'].includes(name),
      )
      .map((name) => name.replace('.ts', ''))
    expect([...poisonAttacks.keys()].sort()).toEqual(files.sort())
  })

  it.each(every.flatMap((one) => [0, 1, 6, 400].map((budget) => ({ ...one, budget }))))(
    '$id changes at most $budget rows of [$dims], tells which, and leaves all others alone',
    async ({ budget, ...one }) => {
      const { x, labels, size } = settled(one.attack, one.dims)
      const before = [x.slice(), labels.slice()]
      const result = await poisonedBy(
        one.attack,
        settled(one.attack, one.dims, { x, labels, budget }),
        quickFor(one.attack),
      )
      expect([x, labels]).toEqual(before)
      expect(result.x.length).toBe(x.length)
      expect(result.labels.length).toBe(labels.length)
      const changed = [...labels.keys()].filter(
        (row) =>
          result.labels[row] !== labels[row] ||
          result.x.subarray(row * size, (row + 1) * size).some((value, j) => !Object.is(value, x[row * size + j])),
      )
      expect([...result.poisoned]).toEqual(changed)
      expect(changed.length).toBeLessThanOrEqual(budget)
      // Label flips of one class, and clean labels, have a quarter of the rows to choose from.
      expect(changed.length).toBeGreaterThanOrEqual(Math.min(budget, 10))
      expect(result.x.every((value) => value >= 0 && value <= 1)).toBe(true)
      expect(result.labels.every((label) => Number.isInteger(label) && label >= 0 && label < 4)).toBe(true)
    },
  )

  it.each(every)('$id is a function of the seed on rows of [$dims]', async (one) => {
    const [first, again, other] = [await poison(one), await poison(one), await poison(one, { seed: 1 })]
    expect(again).toEqual(first)
    expect(other.poisoned).not.toEqual(first.poisoned)
  })

  it.each(every)('$id poisons, of [$dims], the rows of a smaller budget and more', async (one) => {
    const [few, many] = [await poison(one, { budget: 3 }), await poison(one, { budget: 8 })]
    expect([...many.poisoned]).toEqual(expect.arrayContaining([...few.poisoned]))
  })

  it.each(every)('$id chooses victims that are no rows of the target, on [$dims]', async (one) => {
    const { judged, target } = settled(one.attack, one.dims)
    const { victims } = await poison(one)
    expect(victims !== undefined).toBe(one.attack.aim === 'targeted')
    for (const row of victims ?? []) expect(judged.labels[row]).not.toBe(target)
  })

  it.each(every)('$id copes with a target class that has no rows, and with no rows at all, of [$dims]', async (one) => {
    const { x, labels } = labelledRows(one.dims, 40, 4)
    const without = labels.map((label) => (label === 1 ? 2 : label))
    for (const given of [
      { x, labels: without },
      { x: x.slice(0, 0), labels: labels.slice(0, 0) },
    ]) {
      const result = await poison(one, given)
      expect(result.poisoned.length).toBeLessThanOrEqual(given.labels.length)
      expect(result.x.every(Number.isFinite)).toBe(true)
    }
  })

  it.each(every)('$id copes with rows of one class only, of [$dims]', async (one) => {
    const { x, labels } = labelledRows(one.dims, 40, 4)
    for (const label of [1, 3]) {
      const result = await poison(one, { x, labels: labels.map(() => label) })
      expect(result.x.every(Number.isFinite)).toBe(true)
      expect(result.labels.every((given) => given >= 0 && given < 4)).toBe(true)
    }
  })
})

const needing = every.filter(({ attack }) => attack.needsModel)

describe('attacks that craft rows by gradients', () => {
  it.each(needing)('$id says that it needs a model', async ({ attack, dims }) => {
    await expect(poisonedBy(attack, contextOf(attack, dims))).rejects.toMatchObject({ code: 'ATTACK_NOT_APPLICABLE' })
  })

  it.each(needing)('$id says that the model is not of this data', async ({ attack, dims }) => {
    await expect(poisonedBy(attack, contextOf(attack, dims, { model: models.images }))).rejects.toMatchObject({
      code: 'ATTACK_NOT_APPLICABLE',
    })
  })
})

const backdoors = every.filter(({ attack }) => attack.trigger)

describe('every trigger', () => {
  it.each(backdoors)('$id is of the aim backdoor, and no other aim has one', ({ attack }) => {
    expect(attack.aim).toBe('backdoor')
  })

  it.each(backdoors)('$id changes every row within the range, the same way each time', ({ attack, dims }) => {
    const context = settled(attack, dims)
    const { x, labels } = context.judged
    const before = x.slice()
    const result = triggered(attack, context, x)
    expect(x).toEqual(before)
    expect(result.length).toBe(x.length)
    for (const row of labels.keys()) {
      const own = (values: Float32Array) => values.subarray(row * context.size, (row + 1) * context.size)
      expect(own(result)).not.toEqual(own(x))
    }
    expect(result.every((value) => value >= 0 && value <= 1)).toBe(true)
    expect(triggered(attack, context, x)).toEqual(result)
    // The budget is no part of what the trigger is.
    expect(triggered(attack, { ...context, budget: 1 }, x)).toEqual(result)
  })

  it.each(backdoors.filter(({ attack }) => attack.id !== 'clean-label'))(
    '$id is what the poisoned rows carry',
    async ({ attack, dims }) => {
      const context = settled(attack, dims)
      const { x, poisoned, labels } = await poisonedBy(attack, context, quickFor(attack))
      const carried = triggered(attack, context, context.x)
      for (const row of poisoned) {
        const own = (values: Float32Array) => values.subarray(row * context.size, (row + 1) * context.size)
        expect(own(x)).toEqual(own(carried))
        expect(labels[row]).toBe(context.target)
      }
    },
  )
})
