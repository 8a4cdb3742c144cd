import fc from 'fast-check'
import type { FeatureRule, GroupRule, RelationRule, Rules } from './rules.ts'

/** Rules of a small table: what isn't given is free within [0, 10]. */
export const rulesOf = (
  features: readonly Partial<FeatureRule>[],
  more: {
    readonly groups?: readonly (readonly number[])[]
    readonly relations?: readonly Omit<RelationRule, 'name'>[]
    readonly unit?: readonly number[]
  } = {},
): Rules => ({
  features: features.map((rule, at) => ({ name: `columns.f${at}`, change: 'any', low: 0, high: 10, ...rule })),
  groups: (more.groups ?? []).map((members, at): GroupRule => ({ name: `one-hot[${at}]`, members })),
  relations: (more.relations ?? []).map((relation, at) => ({ name: `relations[${at}]`, ...relation })),
  unit: Float64Array.from(more.unit ?? features.map(() => 1)),
})

/** Rules of eight features, and a clean row that keeps to them. */
export const randomCase = (): fc.Arbitrary<{ readonly rules: Rules; readonly clean: Float32Array }> =>
  fc
    .record({
      kinds: fc.array(fc.constantFrom('number', 'integer', 'step', 'values'), { minLength: 5, maxLength: 5 }),
      changes: fc.array(fc.constantFrom('any', 'any', 'up', 'down', 'none'), { minLength: 5, maxLength: 5 }),
      places: fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 5, maxLength: 5 }),
      grouped: fc.boolean(),
      chosen: fc.integer({ min: 0, max: 2 }),
      factors: fc.array(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 6, maxLength: 6 }), { maxLength: 2 }),
      slacks: fc.array(fc.constantFrom(0, 0, 1, 3), { minLength: 2, maxLength: 2 }),
      unit: fc.array(fc.constantFrom(0.25, 1, 3), { minLength: 8, maxLength: 8 }),
    })
    .map(({ kinds, changes, places, grouped, chosen, factors, slacks, unit }) => {
      const clean = new Float32Array(8)
      const features = kinds.map((kind, at): Partial<FeatureRule> => {
        const change = changes[at]! as FeatureRule['change']
        clean[at] = kind === 'values' ? [0, 2, 7][places[at]! % 3]! : kind === 'step' ? places[at]! * 0.5 : places[at]!
        if (kind === 'integer') return { change, step: 1 }
        if (kind === 'step') return { change, step: 0.5 }
        return kind === 'values' ? { change, values: [0, 2, 7] } : { change }
      })
      clean[5 + chosen] = 1
      const relations = factors.flatMap((row, at) => {
        const terms = row.flatMap((factor, feature) => (factor === 0 ? [] : [{ feature, factor }]))
        const sum = terms.reduce((total, { feature, factor }) => total + factor * clean[feature]!, 0)
        return terms.length === 0 ? [] : [{ terms, low: sum - slacks[at]!, high: sum + (slacks[at] === 3 ? 99 : 0) }]
      })
      return {
        rules: rulesOf([...features, {}, {}, {}], { groups: grouped ? [[5, 6, 7]] : [], relations, unit }),
        clean,
      }
    })
