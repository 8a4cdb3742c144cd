import { describe, expect, it } from 'vitest'
import { isBartizanError } from '../base/errors.ts'
import { stream } from '../base/random.ts'
import type { Task } from '../contract/task.ts'
import type { Classifier } from '../models/classifier.ts'
import type { AttackRequest } from '../threat/attack-request.ts'
import { isNorm } from '../threat/norm.ts'
import { runAttack } from '../threat/runner.ts'
import { targetOf } from '../threat/target.ts'
import { attacks } from './index.ts'
import { denseClassifier, randomNet } from './testing.ts'

const regression = (about: Partial<Extract<Task, { kind: 'regression' }>> = {}): Task => ({
  kind: 'regression',
  tolerance: 0.7,
  relative: 0,
  direction: 'either',
  ...about,
})
const labels = (about: Partial<Extract<Task, { kind: 'multi-label' }>> = {}): Task => ({
  kind: 'multi-label',
  flips: 1,
  ...about,
})

const model = (
  weights: readonly (readonly number[])[],
  biases: readonly number[],
  task: 'regression' | 'multi-label',
) => denseClassifier([weights[0]!.length], [{ weights, biases }], task)

const quick = { steps: 30, queries: 600, restarts: 1 }

const attack = (
  id: string,
  subject: Classifier,
  x: Float32Array,
  task: Task,
  request: Partial<AttackRequest> & Pick<AttackRequest, 'epsilon'>,
) => {
  const chosen = attacks.get(id)!
  const parameters = Object.fromEntries(Object.entries(quick).filter(([key]) => key in chosen.parameters))
  const rows = x.length / subject.size
  const about = { model: subject, x, labels: new Int32Array(rows), task, norm: 'linf', low: -10, high: 10 } as const
  return runAttack({ attack: chosen, parameters, ...about, ...request })
}

const byGradient = ['fgsm', 'bim', 'pgd', 'apgd-ce'] as const

/** y = x/2 - z + w/4: |weights| sum to 1.75, so 0.7 is 0.4 away in Linf. */
const w = [0.5, -1, 0.25]
const line = await model([w], [0.3], 'regression')
const x = Float32Array.of(1, -2, 0.5, -3, 0.25, 2)

describe('a linear regression', () => {
  const nearest: Readonly<Record<'linf' | 'l2' | 'l1', number>> = {
    linf: 0.7 / 1.75,
    l2: 0.7 / Math.hypot(...w),
    l1: 0.7 / 1,
  }
  const cases = [...byGradient, 'square'].flatMap((id) => (['linf', 'l2', 'l1'] as const).map((norm) => ({ id, norm })))

  it.each(cases)('is broken by $id in $norm just beyond its distance, and never within', async ({ id, norm }) => {
    const beyond = await attack(id, line, x, regression(), { norm, epsilon: 1.02 * nearest[norm] })
    const within = await attack(id, line, x, regression(), { norm, epsilon: 0.98 * nearest[norm] })
    // Square looks at random in L2 and L1, and needs more room there.
    if (id !== 'square' || norm === 'linf') expect(beyond.broken).toEqual([true, true])
    expect(within.broken).toEqual([false, false])
    expect(within.right).toEqual([true, true])
  })

  it.each(['linf', 'l2'] as const)('is brought to its distance by hopskipjump in %s', async (norm) => {
    const { broken, distances } = await attack('hopskipjump', line, x, regression(), { norm, epsilon: 20 })
    expect(broken).toEqual([true, true])
    for (const distance of distances) {
      expect(distance).toBeGreaterThan(0.999 * nearest[norm])
      expect(distance).toBeLessThan(1.25 * nearest[norm])
    }
  })

  it('counts as moved only in the direction that was named', async () => {
    // At the corner of the range where the prediction is highest.
    const top = Float32Array.of(1, -1, 1)
    for (const id of [...byGradient, 'square', 'hopskipjump']) {
      const run = (direction: 'up' | 'down' | 'either') =>
        attack(id, line, top, regression({ direction }), { epsilon: 0.5, low: -1, high: 1 })
      expect((await run('up')).broken, id).toEqual([false])
      if (id === 'hopskipjump') continue
      expect((await run('down')).broken, id).toEqual([true])
      expect((await run('either')).broken, id).toEqual([true])
    }
  })

  it('takes the larger of both tolerances', async () => {
    // Clean predictions are 2.925 and -0.95.
    const run = (epsilon: number) => attack('pgd', line, x, regression({ tolerance: 0.5, relative: 0.3 }), { epsilon })
    expect((await run(0.49)).broken).toEqual([false, true])
    expect((await run(0.51)).broken).toEqual([true, true])
    expect((await run(0.28)).broken).toEqual([false, false])
  })
})

describe('a regression of two outputs', async () => {
  const two = await model(
    [
      [1, 0],
      [0, 3],
    ],
    [0, 0],
    'regression',
  )
  const at = Float32Array.of(0.5, 0.5)

  it.each([...byGradient, 'square'])(
    'is broken by %s where any output moves, or the one that was named',
    async (id) => {
      const run = (output: number | undefined, epsilon: number) =>
        attack(id, two, at, regression({ tolerance: 0.6, ...(output !== undefined && { output }) }), { epsilon })
      expect((await run(undefined, 0.21)).broken).toEqual([true])
      expect((await run(undefined, 0.19)).broken).toEqual([false])
      expect((await run(0, 0.59)).broken).toEqual([false])
      expect((await run(0, 0.61)).broken).toEqual([true])
    },
  )
})

describe('a linear multi-label model', async () => {
  /** Each label sees coordinates of its own: it flips where those move by |logit| / sum of |weights|. */
  const tags = await model(
    [
      [1, 1, 0, 0, 0],
      [0, 0, -2, 0, 0],
      [0, 0, 0, 1, 3],
    ],
    [0, 0, 0],
    'multi-label',
  )
  // Logits 0.4, -0.6 and 2: 0.2, 0.3 and 0.5 away.
  const at = Float32Array.of(0.2, 0.2, 0.3, 0.5, 0.5)
  const numbers = Float32Array.of(1, 0, 1)
  const run = (id: string, task: Task, epsilon: number, truth = numbers) =>
    attack(id, tags, at, task, { epsilon, numbers: truth })

  it.each([
    { about: { flips: 1 }, nearest: 0.2 },
    { about: { flips: 2 }, nearest: 0.3 },
    { about: { flips: 'all' }, nearest: 0.5 },
    { about: { flips: 1, label: 2 }, nearest: 0.5 },
    { about: { flips: 'all', label: 1 }, nearest: 0.3 },
  ] as const)('with $about breaks just beyond $nearest in linf', async ({ about, nearest }) => {
    for (const id of [...byGradient, 'square']) {
      expect((await run(id, labels(about), 1.03 * nearest)).broken, id).toEqual([true])
      expect((await run(id, labels(about), 0.97 * nearest)).broken, id).toEqual([false])
    }
    const { distances, broken } = await run('hopskipjump', labels(about), 20)
    expect(broken).toEqual([true])
    expect(distances[0]).toBeGreaterThan(0.999 * nearest)
    expect(distances[0]).toBeLessThan(1.5 * nearest)
  })

  it('finds the nearest flips, whatever the margins', async () => {
    // Logits 0.4, -0.3 and 0.6: 0.2, 0.15 and 0.15 away; by margin the last one comes last.
    const near = Float32Array.of(0.2, 0.2, 0.15, 0, 0.2)
    const runAt = (id: string, flips: number, epsilon: number) =>
      attack(id, tags, near, labels({ flips }), { epsilon, numbers: Float32Array.of(1, 0, 1) })
    // And 0.8, -2 and 0.6: 0.4, 1 and 0.15.
    const far = Float32Array.of(0.4, 0.4, 1, 0, 0.2)
    for (const id of [...byGradient, 'square']) {
      expect((await runAt(id, 1, 0.16)).broken, id).toEqual([true])
      expect((await runAt(id, 2, 0.16)).broken, id).toEqual([true])
      expect((await runAt(id, 2, 0.14)).broken, id).toEqual([false])
      const apart = (flips: number, epsilon: number) =>
        attack(id, tags, far, labels({ flips }), { epsilon, numbers: Float32Array.of(1, 0, 1) })
      expect((await apart(1, 0.16)).broken, id).toEqual([true])
      expect((await apart(2, 0.38)).broken, id).toEqual([false])
      expect((await apart(2, 0.42)).broken, id).toEqual([true])
    }
  })

  it('leaves labels out that were wrong from the start', async () => {
    // The first label, which is nearest, is wrong already: the next one is 0.3 away.
    const wrong = Float32Array.of(0, 0, 1)
    expect((await run('pgd', labels(), 0.28, wrong)).broken).toEqual([false])
    expect((await run('pgd', labels(), 0.32, wrong)).broken).toEqual([true])
    const none = await run('pgd', labels({ label: 0 }), 1, wrong)
    expect([none.right, none.broken]).toEqual([[false], [false]])
    expect((await run('pgd', labels({ flips: 3 }), 1, wrong)).right).toEqual([false])
  })
})

describe.each([
  { kind: 'regression', task: regression({ tolerance: 0.5 }) },
  { kind: 'multi-label', task: labels({ flips: 2 }) },
] as const)('on a net for $kind', async ({ kind, task }) => {
  const net = await randomNet([2, 3, 3], 3, 8, kind)
  const rows = 5
  const random = stream('task rows')
  const values = Float32Array.from({ length: rows * net.size }, () => random.uniform())
  const logits = await targetOf(net, 'scores').logits(values, rows)
  const numbers = logits.map((logit) => Number(logit > 0))
  const able = [...attacks.values()].filter(({ tasks, domain, fit }) => tasks?.includes(kind) && !domain && !fit)

  it.each(able.flatMap(({ id, norms }) => norms.filter(isNorm).map((norm) => ({ id, norm }))))(
    '$id keeps to its budget in $norm, and rows are alike together and apart',
    async ({ id, norm }) => {
      const setting = { norm, epsilon: norm === 'linf' ? 0.1 : 0.4, low: 0, high: 1 }
      const together = await attack(id, net, values, task, { ...setting, numbers })
      expect(together.refused.filter(() => !attacks.get(id)!.minimal)).toEqual([])
      for (const row of [0, 3]) {
        const part = (all: Float32Array, size: number) => all.slice(row * size, (row + 1) * size)
        const request = { ...setting, numbers: part(numbers, net.classes), firstRow: row }
        const alone = await attack(id, net, part(values, net.size), task, request)
        expect(alone.broken[0]).toBe(together.broken[row])
        for (const [i, value] of part(together.adversarial, net.size).entries())
          expect(Math.abs(value - alone.adversarial[i]!)).toBeLessThan(1e-5)
      }
    },
  )
})

it('refuses attacks that are made for classes, and targets', async () => {
  const codeOf = async (work: Promise<unknown>) => {
    const error = await work.catch((reason: unknown) => reason)
    return isBartizanError(error) ? error.code : error
  }
  expect(await codeOf(attack('autoattack', line, x, regression(), { epsilon: 1 }))).toBe('ATTACK_NOT_APPLICABLE')
  const targets = Int32Array.of(0, 0)
  expect(await codeOf(attack('pgd', line, x, regression(), { epsilon: 1, targets }))).toBe('USAGE')
})
