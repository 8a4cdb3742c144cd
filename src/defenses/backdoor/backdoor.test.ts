import { beforeAll, describe, expect, it } from 'vitest'
import type { Model } from '../../onnx/types.ts'
import { gatherRows } from '../../threat/rows.ts'
import { harden } from '../testing.ts'
import { accuracyOn } from '../training/validation.ts'
import { findBackdoor } from './find.ts'
import { stripEntropies, stripScreen } from './strip.ts'
import { blend, contextFor, opened, patch, planted, size, space, strokes } from './testing.ts'
import { countOf } from './towards.ts'
import { type Trigger, withTrigger } from './trigger.ts'

const found = async (model: Model, kind: 'patch' | 'blend', rows = strokes(120, 'search')) => {
  const classifier = await opened(model)
  const search = { model: classifier, space, kind, ...rows, steps: 120, batch: 16, seed: 0 }
  const result = await findBackdoor(search)
  await classifier.release()
  return result
}

const successOf = async (model: Model, trigger: Trigger, target = 2): Promise<number> => {
  const classifier = await opened(model)
  const { x, labels } = strokes(200, 'judged')
  const others = Int32Array.from([...labels.keys()].filter((row) => labels[row] !== target))
  const turned = await countOf(classifier, withTrigger(trigger, gatherRows(x, others, size), space), target)
  await classifier.release()
  return turned / others.length
}

const accuracyOf = async (model: Model): Promise<number> => {
  const classifier = await opened(model)
  const accuracy = await accuracyOn(classifier, strokes(200, 'judged'))
  await classifier.release()
  return accuracy
}

let models: Readonly<Record<'clean' | 'patch' | 'blend', Model>>

beforeAll(async () => {
  models = { clean: await planted(), patch: await planted(patch), blend: await planted(blend) }
})

describe('a search for triggers', () => {
  it('finds the class that a planted patch leads to, and a patch no larger than it', async () => {
    expect(await successOf(models.patch, patch)).toBeGreaterThan(0.9)
    const { result, triggers } = await found(models.patch, 'patch')
    expect(result).toMatchObject({ verdict: 'backdoored', target: 2, rows: 120 })
    expect(result.trigger!.l1).toBeLessThan(5)
    expect(result.trigger!.success.value).toBeGreaterThan(0.9)
    expect(await successOf(models.patch, triggers.get(2)!)).toBeGreaterThan(0.9)
  })

  it('finds the class that a blended pattern leads to', async () => {
    expect(await successOf(models.blend, blend)).toBeGreaterThan(0.9)
    const { result } = await found(models.blend, 'blend')
    expect(result).toMatchObject({ verdict: 'backdoored', target: 2 })
    expect(result.trigger!.l2).toBeLessThan(Math.hypot(...blend.pattern))
  })

  it.each(['patch', 'blend'] as const)('accuses no clean model: %s', async (kind) => {
    expect((await found(models.clean, kind)).result).toMatchObject({ verdict: 'clean', target: null, trigger: null })
  })

  it('is the same for the same seed', async () => {
    const few = strokes(40, 'search')
    expect((await found(models.clean, 'patch', few)).result).toEqual((await found(models.clean, 'patch', few)).result)
  })

  it('can not tell from rows of one class, or from none', async () => {
    const { x, labels } = strokes(120, 'search')
    const ones = Int32Array.from([...labels.keys()].filter((row) => labels[row] === 1))
    const single = await found(models.clean, 'patch', {
      x: gatherRows(x, ones, size),
      labels: gatherRows(labels, ones, 1),
    })
    expect(single.result.verdict).toBe('cannot tell')
    expect(single.result.classes.map((one) => one.class)).toEqual([0, 2, 3, 4])
    const none = await found(models.clean, 'blend', { x: new Float32Array(0), labels: new Int32Array(0) })
    expect(none.result).toMatchObject({ verdict: 'cannot tell', rows: 0, classes: [] })
  })
})

describe('STRIP on a model with a backdoor', () => {
  it('rejects triggered rows, and few clean ones', async () => {
    const model = await opened(models.patch)
    const pool = strokes(60, 'pool').x
    const options = { model, pool, copies: 20, seed: 0 }
    const screen = stripScreen(await stripEntropies(pool, options), 0.05)
    const { x } = strokes(60, 'judged')
    const clean = screen.suspicious(await stripEntropies(x, options))
    const triggered = screen.suspicious(await stripEntropies(withTrigger(patch, x, space), options))
    await model.release()
    expect(clean.value).toBeLessThan(0.15)
    expect(triggered.value).toBeGreaterThan(clean.value + 0.3)
  })
})

const quick = { epochs: 5, batch: 32, 'learning-rate': 0.02, 'search-rows': 120, 'search-steps': 80, rounds: 3 }

describe('repair of a backdoor', () => {
  it('makes the planted patch work no more, at no cost in accuracy', async () => {
    const { model, trigger, notes } = await harden('backdoor-repair', contextFor(models.patch), quick)
    expect(trigger).toMatchObject({ class: 2 })
    expect(await successOf(model, patch)).toBeLessThan(0.05)
    expect(await accuracyOf(model)).toBeGreaterThan((await accuracyOf(models.patch)) - 0.01)
    expect(notes.join(' ')).toContain('the planted trigger is not known')
  })

  it('leaves a clean model as it is', async () => {
    const { model, trigger, notes } = await harden('backdoor-repair', contextFor(models.clean), quick)
    expect(model).toBe(models.clean)
    expect(trigger).toBeUndefined()
    expect(notes.at(-1)).toContain('No backdoor was found')
  })
})
