import { gapOf, intervalOf, type Rules, same } from './rules.ts'

/** Names every rule that `x` breaks, given the clean row: "columns.age.range", "one-hot[0]", "relations[2]". */
export const violationsOf = (
  { features, groups, relations }: Rules,
  x0: Float32Array,
  x: Float32Array,
): readonly string[] => {
  const broken: string[] = []
  for (const [at, rule] of features.entries()) {
    const [value, clean] = [x[at]!, x0[at]!]
    const { name, low, high, step, values } = rule
    if (!Number.isFinite(value)) {
      broken.push(`${name}.range`)
      continue
    }
    const [from, to] = intervalOf({ ...rule, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }, clean)
    if (below(value, from) || below(to, value)) broken.push(`${name}.change`)
    if (below(value, low) || below(high, value)) broken.push(`${name}.range`)
    if (step !== undefined && !same(value, Math.round(value / step) * step)) broken.push(`${name}.step`)
    if (values && !values.some((allowed) => same(value, allowed))) broken.push(`${name}.values`)
  }
  for (const { name, members } of groups) {
    const ones = members.filter((member) => same(x[member]!, 1)).length
    const zeros = members.filter((member) => Math.abs(x[member]!) <= 2 ** -21).length
    if (ones !== 1 || zeros !== members.length - 1) broken.push(name)
  }
  for (const relation of relations) if (gapOf(relation, x) !== 0) broken.push(relation.name)
  return broken
}

const below = (a: number, b: number): boolean => a < b && !same(a, b)
