import { canHold } from './feasible.ts'
import type { FeatureRule, GroupRule, RelationRule, Rules } from './rules.ts'

/** A relation that can't be kept, and the fewest others that forbid it. */
export interface Conflict {
  readonly relation: RelationRule
  /**
   * Relations before it, and one-hot groups, which can't be kept together with it; if any one of them is left out, the
   * rest can. None where the ranges of its columns alone forbid it.
   */
  readonly others: readonly { readonly name: string }[]
  /** Lowest and highest sum of the relation within the ranges of its columns. */
  readonly reach: readonly [number, number]
}

/**
 * The first relation that can't hold together with those before it, within what each column may be. Whole numbers and
 * codes count as numbers between their ends. Undefined where there is none.
 */
export const firstConflict = ({
  features,
  groups,
  relations,
}: Pick<Rules, 'features' | 'groups' | 'relations'>): Conflict | undefined => {
  const ends = features.map(endsOf)
  const low = ends.map(([least]) => least)
  const high = ends.map(([, most]) => most)
  const grouped = groups.map(asRelation)
  const holds = (rules: readonly RelationRule[]): boolean => canHold(rules, low, high)
  for (const [at, relation] of relations.entries()) {
    const all = [...grouped, ...relations.slice(0, at)]
    if (holds([...all, relation])) continue
    return {
      relation,
      others: fewest(all, (rules) => !holds([...rules, relation])),
      reach: reachOf(relation, low, high),
    }
  }
  return undefined
}

/** Leaves out, one after another, what isn't needed for `test` to hold: what is left is needed, all of it. */
const fewest = <T>(rules: readonly T[], test: (rules: readonly T[]) => boolean): readonly T[] => {
  let kept = rules
  for (const rule of rules) {
    const without = kept.filter((other) => other !== rule)
    if (test(without)) kept = without
  }
  return kept
}

/** Lowest and highest of a column's allowed values. */
const endsOf = ({ low, high, step, values }: FeatureRule): readonly [number, number] => {
  if (values && values.length > 0) return [Math.max(values[0]!, low), Math.min(values.at(-1)!, high)]
  if (step === undefined) return [low, high]
  const [first, last] = [Math.ceil(low / step - 1e-9) * step, Math.floor(high / step + 1e-9) * step]
  return first <= last ? [first, last] : [low, high]
}

const asRelation = ({ name, members }: GroupRule): RelationRule => ({
  name,
  terms: members.map((feature) => ({ feature, factor: 1 })),
  low: 1,
  high: 1,
})

const reachOf = ({ terms }: RelationRule, low: readonly number[], high: readonly number[]): [number, number] => {
  const end = (least: boolean): number =>
    terms.reduce(
      (sum, { feature, factor }) => sum + factor * (factor > 0 === least ? low[feature]! : high[feature]!),
      0,
    )
  return [end(true), end(false)]
}
