import { describe, expect, it } from 'vitest'
import type { AttackRequest } from '../../../threat/attack-request.ts'
import { constraintsFrom } from '../../../threat/constraints/from-rules.ts'
import { rulesOf } from '../../../threat/constraints/testing.ts'
import type { Norm } from '../../../threat/norm.ts'
import { runAttack } from '../../../threat/runner.ts'
import { attacks } from '../../index.ts'
import { linearClassifier, rawCandidates } from '../../testing.ts'

/** Class 1 where 2 a + b + 8 c - d > 11; c is one of two places of a group, and e decides nothing. */
const weights = [2, 1, 8, -1, 0]
const model = await linearClassifier([weights.map((w) => -w), weights], [11, -11])
const x = Float32Array.of(2, 3, 0, 1, 1)
const labels = Int32Array.of(0)
const run = (id: string, norm: Norm, epsilon: number, request: Partial<AttackRequest> = {}) =>
  runAttack({ attack: attacks.get(id)!, model, x, labels, norm, epsilon, low: 0, high: 10, ...request })

// The clean row's sum is 6: 5 are wanting.
const free = rulesOf([{}, {}, {}, {}, {}])
const grouped = rulesOf([{ step: 1 }, {}, {}, {}, {}], { groups: [[2, 4]] })
const fixed = rulesOf([{ change: 'none' }, { change: 'down' }, { change: 'none' }, {}, {}])
const bound = rulesOf([{}, {}, { change: 'none' }, { change: 'none' }, {}], {
  relations: [{ terms: [0, 1].map((feature) => ({ feature, factor: 1 })), low: 5, high: 5 }],
})

describe.each(['constrained-pgd', 'mixed'])('%s on a linear model', (id) => {
  it.each([
    ['breaks what is in reach', 'linf', 0.45, free, true],
    ['not what is out of reach', 'linf', 0.4, free, false],
    ['breaks by the best feature alone', 'l0', 1, free, true],
    ['switches the place of a group', 'l2', 1.5, grouped, true],
    ['switches a group for both of its places', 'l0', 2, grouped, true],
    ['leaves a group that the budget does not reach', 'l1', 1.9, grouped, false],
    [
      'takes whole steps up to the budget',
      'linf',
      3,
      rulesOf([{ step: 1 }, { change: 'none' }, { change: 'none' }, {}, {}]),
      true,
    ],
    ['takes no half step', 'linf', 1.9, rulesOf([{ step: 2 }, { change: 'none' }, { change: 'none' }, {}, {}]), false],
    ['can not do without what is fixed', 'linf', 9, fixed, false],
    // Only 5 - b + 2 a: a may grow to 5 while b falls to 0, which gives 10 - 1.
    ['keeps a sum', 'linf', 9, bound, false],
  ] as const)('%s', async (_, norm, epsilon, rules, expected) => {
    const { broken, refused } = await run(id, norm, epsilon, { constraints: constraintsFrom(rules) })
    expect([broken, refused]).toEqual([[expected], []])
  })
})

describe('mixed', () => {
  it('asks no more than its queries, and tells what a row had cost', async () => {
    for (const queries of [1, 7, 30]) {
      const { target } = await rawCandidates(
        attacks.get('mixed')!,
        { model, x, labels },
        {
          norm: 'linf',
          epsilon: 0.4,
          high: 10,
          parameters: { queries },
        },
      )
      expect(target.queries.forward).toBeLessThanOrEqual(queries)
    }
    const { brokenAfter } = await run('mixed', 'linf', 5)
    expect(brokenAfter[0]).toBeGreaterThan(0)
    expect(brokenAfter[0]).toBeLessThanOrEqual(1000)
  })
})

describe('lowprofool', () => {
  it('ends near the boundary, with the smallest change of features that count alike', async () => {
    const { broken, distances } = await run('lowprofool', 'l2', 10, { parameters: { importance: 'equal' } })
    expect(broken).toEqual([true])
    expect(distances[0]).toBeGreaterThan(5 / Math.hypot(...weights) - 1e-4)
    expect(distances[0]).toBeLessThan((1.1 * 5) / Math.hypot(...weights))
  })

  it('moves what does not count in place of what does', async () => {
    const change = async (fitted: Float32Array) => {
      const { adversarial } = await run('lowprofool', 'l2', 10, { fitted })
      return adversarial.map((value, at) => Math.abs(value - x[at]!))
    }
    const watched = await change(Float32Array.of(0.1, 0.1, 0.98, 0.1, 0.1))
    const alike = await change(new Float32Array(5).fill(0.44))
    expect(watched[2]).toBeLessThan(alike[2]! / 2)
    expect(watched[0]).toBeGreaterThan(alike[0]!)
  })
})

describe('mixed-labels', () => {
  it('walks back to a small change, within its queries', async () => {
    const { target, candidates } = await rawCandidates(
      attacks.get('mixed-labels')!,
      { model, x, labels },
      { norm: 'l1', epsilon: 1, high: 10, parameters: { queries: 400 } },
    )
    expect(target.queries.forward).toBeLessThanOrEqual(400)
    const change = candidates.reduce((sum, value, at) => sum + Math.abs(value - x[at]!), 0)
    // 5 / 8 is the least there is.
    expect(change).toBeGreaterThan(0.62)
    expect(change).toBeLessThan(1.5)
  })

  it('finds the fewest changes', async () => {
    const { broken, distances } = await run('mixed-labels', 'l0', 5)
    expect([broken, [...distances]]).toEqual([[true], [1]])
  })

  it('leaves a row alone that nothing allowed breaks', async () => {
    const { broken, adversarial } = await run('mixed-labels', 'l2', 99, { constraints: constraintsFrom(fixed) })
    expect([broken, [...adversarial]]).toEqual([[false], [...x]])
  })
})
