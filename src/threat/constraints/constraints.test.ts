import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Norm } from '../norm.ts'
import { firstConflict } from './conflict.ts'
import { canHold } from './feasible.ts'
import { constraintsFrom } from './from-rules.ts'
import type { RelationRule } from './rules.ts'
import { sizeIn } from './size.ts'
import { randomCase, rulesOf } from './testing.ts'

const row = (...values: number[]): Float32Array => Float32Array.from(values)

describe('repair of one feature', () => {
  it.each([
    ['a range', {}, 5, 12, 10],
    ['one that can not change', { change: 'none' }, 5, 6, 5],
    ['one that may only grow', { change: 'up' }, 5, 4, 5],
    ['one that may only fall', { change: 'down' }, 5, 6, 5],
    ['whole numbers', { step: 1 }, 5, 6.6, 7],
    ['steps up to the range', { step: 4 }, 4, 9.9, 8],
    ['codes', { values: [0, 1, 7] }, 1, 5, 7],
    ['codes that may only grow', { values: [0, 1, 7], change: 'up' }, 1, -3, 1],
  ] as const)('%s', (_, rule, clean, x, repaired) => {
    const constraints = constraintsFrom(rulesOf([rule]))
    expect([...constraints.repair(row(clean), row(x))]).toEqual([repaired])
  })

  it('names what is broken', () => {
    const constraints = constraintsFrom(
      rulesOf([{ change: 'none' }, { step: 1 }, { values: [0, 2] }, { high: 3 }, {}, {}], {
        groups: [[4, 5]],
        relations: [
          {
            terms: [
              { feature: 1, factor: 1 },
              { feature: 3, factor: -1 },
            ],
            low: 0,
            high: 1,
          },
        ],
      }),
    )
    const clean = row(1, 2, 0, 2, 0, 1)
    expect(constraints.violations(clean, clean)).toEqual([])
    expect(constraints.violations(clean, row(2, 2.5, 1, 4, 1, 1))).toEqual([
      'columns.f0.change',
      'columns.f1.step',
      'columns.f2.values',
      'columns.f3.range',
      'one-hot[0]',
      'relations[0]',
    ])
  })
})

describe('repair of what hangs together', () => {
  it('takes the nearest place of a one-hot group, changes counted in its units', () => {
    const groups = [[0, 1, 2]]
    const x = row(0.2, 0.7, 0.6)
    const repair = (unit: readonly number[]) => constraintsFrom(rulesOf([{}, {}, {}], { groups, unit })).repair
    expect([...repair([1, 1, 1])(row(1, 0, 0), x)]).toEqual([0, 1, 0])
    expect([...repair([1, 4, 0.1])(row(1, 0, 0), x)]).toEqual([0, 0, 1])
  })

  it('projects onto a half-space', () => {
    const relations = [{ terms: [0, 1].map((feature) => ({ feature, factor: 1 })), low: -1e9, high: 4 }]
    const { repair } = constraintsFrom(rulesOf([{}, {}], { relations }))
    expect([...repair(row(1, 1), row(5, 3))]).toEqual([3, 1])
    const [a, b] = repair(row(1, 1), row(9, 1))
    expect(a).toBeCloseTo(4, 5)
    expect(b).toBe(0)
  })

  it('mends a sum of whole numbers', () => {
    const relations = [{ terms: [0, 1, 2].map((feature) => ({ feature, factor: 1 })), low: 9, high: 9 }]
    const { repair, violations } = constraintsFrom(rulesOf([{ step: 1 }, { step: 1 }, { step: 1 }], { relations }))
    const repaired = repair(row(3, 3, 3), row(6.4, 3.4, 3.4))
    expect(violations(row(3, 3, 3), repaired)).toEqual([])
    expect(repaired[0]).toBeGreaterThanOrEqual(4)
  })

  it('is Euclidean: no other allowed point is nearer', () => {
    const relations = [
      {
        terms: [
          { feature: 0, factor: 2 },
          { feature: 1, factor: -1 },
        ],
        low: 0,
        high: 1e9,
      },
      {
        terms: [
          { feature: 1, factor: 1 },
          { feature: 2, factor: 3 },
        ],
        low: 4,
        high: 4,
      },
    ]
    const { repair, violations } = constraintsFrom(rulesOf([{}, {}, {}], { relations }))
    const value = fc.float({ min: 0, max: 10, noNaN: true })
    const clean = row(2, 1, 1)
    fc.assert(
      fc.property(fc.tuple(value, value, value), fc.tuple(value, value), (x, [a, b]) => {
        const repaired = repair(clean, row(...x))
        expect(violations(clean, repaired)).toEqual([])
        const other = row(Math.max(a, (4 - 3 * Math.min(b, 4 / 3)) / 2), 4 - 3 * Math.min(b, 4 / 3), Math.min(b, 4 / 3))
        if (violations(clean, other).length > 0) return
        const far = (p: Float32Array): number => Math.hypot(...p.map((v, i) => v - x[i]!))
        expect(far(repaired)).toBeLessThanOrEqual(far(other) + 1e-3)
      }),
    )
  })
})

describe('any rules', () => {
  it('are kept after repair, within the budget where there is one', () => {
    fc.assert(
      fc.property(
        randomCase(),
        fc.array(fc.float({ min: -5, max: 15, noNaN: true }), { minLength: 8, maxLength: 8 }),
        fc.constantFrom<Norm>('linf', 'l2', 'l1', 'l0'),
        fc.float({ min: 0, max: 6, noNaN: true }),
        ({ rules, clean }, values, norm, epsilon) => {
          const { repair, violations } = constraintsFrom(rules)
          expect(violations(clean, clean)).toEqual([])
          expect(violations(clean, repair(clean, row(...values)))).toEqual([])
          const near = repair(clean, row(...values), { norm, epsilon })
          expect(violations(clean, near)).toEqual([])
          expect(sizeIn(norm, near, clean, rules.unit)).toBeLessThanOrEqual(epsilon * (1 + 1e-5) + 1e-5)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('leave alone what keeps them', () => {
    fc.assert(
      fc.property(randomCase(), ({ rules, clean }) => {
        expect(constraintsFrom(rules).repair(clean, clean)).toEqual(clean)
      }),
    )
  })
})

describe('relations that contradict one another', () => {
  const relation = (factors: readonly number[], low: number, high: number) => ({
    name: '',
    terms: factors.map((factor, feature) => ({ feature, factor })),
    low,
    high,
  })
  const holds = (...relations: RelationRule[]) => canHold(relations, [0, 0, 0], [10, 10, 10])

  it.each([
    ['a sum in reach', [relation([1, 1, 1], 30, 30)], true],
    ['a sum out of reach', [relation([1, 1, 1], 31, 99)], false],
    ['an order', [relation([1, -1, 0], 0, 99), relation([0, 1, -1], 0, 99)], true],
    [
      'a circle of strict orders',
      [relation([1, -1, 0], 1, 99), relation([0, 1, -1], 1, 99), relation([-1, 0, 1], 1, 99)],
      false,
    ],
    ['equalities that meet', [relation([1, 1, 0], 5, 5), relation([1, -1, 0], 5, 5)], true],
    ['equalities that do not', [relation([1, 1, 0], 5, 5), relation([2, 2, 0], 11, 11)], false],
    ['below the bounds', [relation([1, 0, 0], -9, -1)], false],
  ])('%s', (_, relations, possible) => {
    expect(holds(...relations)).toBe(possible)
  })

  it('name the fewest that forbid one another', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            factors: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 3, maxLength: 3 }),
            low: fc.integer({ min: -20, max: 30 }),
          }),
          { minLength: 2, maxLength: 7 },
        ),
        (drawn) => {
          const relations = drawn.map(({ factors, low }, at) => ({ ...relation(factors, low, 1e9), name: `r${at}` }))
          const conflict = firstConflict({ ...rulesOf([{}, {}, {}]), relations })
          if (!conflict) {
            expect(holds(...relations)).toBe(true)
            return
          }
          const others = relations.filter(({ name }) => conflict.others.some((other) => other.name === name))
          expect(holds(conflict.relation, ...others)).toBe(false)
          for (const one of others) expect(holds(conflict.relation, ...others.filter((r) => r !== one))).toBe(true)
          if (others.length > 0) expect(holds(...others)).toBe(true)
        },
      ),
      { numRuns: 200 },
    )
  })
})
