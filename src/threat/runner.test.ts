import { describe, expect, it } from 'vitest'
import { isBartizanError } from '../base/errors.ts'
import type { AttackContext } from './attack.ts'
import type { AttackRequest } from './attack-request.ts'
import type { Norm } from './norm.ts'
import { runAttack } from './runner.ts'
import { linearClassifier, proposing } from './testing.ts'

/** Class 1 where the first coordinate is above a half; the second coordinate decides nothing. */
const model = await linearClassifier(
  [
    [-1, 0],
    [1, 0],
  ],
  [0.5, -0.5],
)
const x = Float32Array.of(0.25, 0, 0.25, 0, 0.75, 0)
const labels = Int32Array.of(0, 0, 0)

const run = (
  propose: (context: AttackContext) => Float32Array | Promise<Float32Array>,
  request: Partial<AttackRequest> = {},
) =>
  runAttack({
    attack: proposing(propose),
    model,
    x,
    labels,
    norm: 'linf',
    epsilon: 0.3,
    low: 0,
    high: 1,
    ...request,
  })

const codeOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return isBartizanError(error) ? error.code : error
}

describe('runAttack', () => {
  it('counts what survives being stored: rounded to levels, inward where the budget ends, outward where it has room', async () => {
    const up = (step: number) => (context: AttackContext) => context.x0.map((v, i) => (i % 2 === 0 ? v + step : v))
    // Levels are a quarter apart; the class changes above a half.
    const at = (step: number, epsilon: number) => run(up(step), { epsilon, levels: 5 })
    const unstored = await run(up(0.3), { epsilon: 0.6 })
    expect(unstored.broken).toEqual([true, true, false])
    const nearest = await at(0.3, 0.3)
    expect([nearest.adversarial[0], nearest.broken[0]]).toEqual([0.5, false])
    const inward = await at(0.4, 0.45)
    expect([inward.adversarial[0], inward.broken[0]]).toEqual([0.5, false])
    const outward = await at(0.3, 0.6)
    expect([outward.adversarial[0], outward.broken[0], outward.distances[0]]).toEqual([0.75, true, 0.5])
  })

  it('attacks only rows that are classified right, and tells the attack their numbers', async () => {
    let seen: AttackContext | undefined
    const outcome = await run((context) => {
      seen = context
      return context.x0.map((v, i) => (i % 2 === 0 ? v + 0.3 : v))
    })
    expect(seen!.rows).toBe(2)
    expect([...seen!.x0]).toEqual([...x.subarray(0, 4)])
    expect([...outcome.clean]).toEqual([0, 0, 1])
    expect([...outcome.after]).toEqual([1, 1, 1])
    expect(outcome.broken).toEqual([true, true, false])
    expect([...outcome.adversarial.subarray(4)]).toEqual([0.75, 0])
    expect(outcome.distances[0]).toBeCloseTo(0.3, 6)
    expect(outcome.distances[2]).toBe(0)
  })

  it('does not run an attack for rows that are all wrong', async () => {
    const outcome = await run(
      () => {
        throw new Error('was run')
      },
      { labels: Int32Array.of(1, 1, 0) },
    )
    expect(outcome.broken).toEqual([false, false, false])
    expect([...outcome.adversarial]).toEqual([...x])
  })

  it.each([
    ['linf', 0.3, [0.31, 0]],
    ['l2', 0.4, [0.3, 0.3]],
    ['l1', 0.5, [0.3, 0.3]],
    ['l0', 1, [0.3, 0.3]],
  ] as [Norm, number, number[]][])('refuses a candidate outside the budget in %s', async (norm, epsilon, by) => {
    const outcome = await run(({ x0 }) => x0.map((v, i) => v + by[i % 2]!), { norm, epsilon })
    expect([...outcome.after]).toEqual([1, 1, 1])
    expect(outcome.broken).toEqual([false, false, false])
    expect(outcome.refused).toEqual([0, 1])
  })

  it('judges a candidate outside the range as what it is clipped to', async () => {
    const outcome = await run(({ x0 }) => x0.map((v, i) => (i < 2 ? v - 0.3 : v + 5)), { epsilon: 1, high: 0.75 })
    expect([...outcome.adversarial]).toEqual([0, 0, 0.75, 0.75, 0.75, 0])
    expect(outcome.broken).toEqual([false, true, false])
    expect(outcome.refused).toEqual([])
  })

  it.each(['linf', 'l2', 'l1', 'l0'] as const)('refuses a candidate with NaN in %s and keeps its row', async (norm) => {
    const outcome = await run(({ x0 }) => x0.map((v, i) => (i === 1 ? Number.NaN : i % 2 === 0 ? v + 0.3 : v)), {
      norm,
      epsilon: 1,
    })
    expect(outcome.refused).toEqual([0])
    expect(outcome.broken).toEqual([false, true, false])
    expect([...outcome.adversarial.subarray(0, 2)]).toEqual([0.25, 0])
  })

  it('refuses a candidate that the model answers with NaN', async () => {
    // inf - inf for large values: a comparison would call NaN the largest.
    const fragile = await linearClassifier(
      [
        [3e38, 0],
        [1, 0],
      ],
      [Number.NEGATIVE_INFINITY, 0.5],
    )
    const request = { model: fragile, x: new Float32Array(2), labels: Int32Array.of(1), high: 1e10, epsilon: 1e10 }
    const outcome = await run(() => Float32Array.of(1e10, 1e10), request)
    expect(outcome.refused).toEqual([0])
    expect(outcome.broken).toEqual([false])
  })

  it('counts a targeted row as broken only at its target', async () => {
    const three = await linearClassifier(
      [
        [-1, 0],
        [1, 0],
        [0, 10],
      ],
      [0.5, -0.5, -5],
    )
    const outcome = await run(({ x0 }) => x0.map((v, i) => (i === 0 ? v + 0.5 : i === 3 ? 1 : v)), {
      model: three,
      epsilon: 1,
      targets: Int32Array.of(2, 2, 2),
    })
    expect([...outcome.after.subarray(0, 2)]).toEqual([1, 2])
    expect(outcome.broken).toEqual([false, true, false])
  })

  it('keys random numbers by the row of the data set, whatever rows come along', async () => {
    const drawn: number[][] = []
    const draw = ({ x0, rows, random }: AttackContext): Float32Array => {
      drawn.push(Array.from({ length: rows }, (_, row) => random(row, 'key').uniform()))
      return x0
    }
    await run(draw)
    await run(draw, { x: x.subarray(2, 4), labels: labels.subarray(1, 2), firstRow: 1 })
    // The first row is wrong, so that the second is the first to be attacked.
    await run(draw, { labels: Int32Array.of(1, 0, 0) })
    await run(draw, { seed: 1 })
    expect(drawn[1]).toEqual([drawn[0]![1]])
    expect(drawn[2]).toEqual([drawn[0]![1]])
    expect(drawn[3]).not.toEqual(drawn[0])
  })

  it("counts the attack's queries and none of its own", async () => {
    const { queries } = await run(async ({ target, x0, rows }) => {
      await target.predict(x0, rows)
      return x0
    })
    expect(queries).toEqual({ forward: 2, gradient: 0 })
  })

  it('leaves the clean rows as they were', async () => {
    const before = [...x]
    await run(({ x0 }) => x0.map((v) => v + 0.3))
    expect([...x]).toEqual(before)
  })

  it('refuses requests that make no sense', async () => {
    const attack = { ...proposing(({ x0 }) => x0), norms: ['l2' as const] }
    expect(await codeOf(run(({ x0 }) => x0, { attack }))).toBe('ATTACK_NOT_APPLICABLE')
    expect(await codeOf(run(({ x0 }) => x0, { epsilon: -1 }))).toBe('USAGE')
    expect(await codeOf(run(({ x0 }) => x0, { epsilon: Number.NaN }))).toBe('USAGE')
    expect(await codeOf(run(({ x0 }) => x0, { x: x.subarray(1) }))).toBe('DATA_SHAPE_MISMATCH')
    expect(await codeOf(run(({ x0 }) => x0, { parameters: { steps: 1 } }))).toBe('USAGE')
    expect(await codeOf(run(({ x0 }) => x0.subarray(1)))).toBe('INTERNAL')
  })
})
