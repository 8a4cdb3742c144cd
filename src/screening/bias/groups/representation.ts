import type { BiasRepresentation } from '../../../contract/bias-result.ts'
import { wilson } from '../../../stats/index.ts'
import { largest, magnitude } from '../metrics/shares.ts'
import { judge } from '../verdict.ts'
import { type Grouping, groupId } from './grouping.ts'
import type { ReferenceShares } from './reference.ts'

/** The reference share of each group of a grouping, in their order; undefined where the reference doesn't name them. */
export const referenceSharesOf = (
  { columns, groups }: Grouping,
  reference: ReferenceShares | undefined,
): readonly number[] | undefined => {
  const shares = reference?.get(columns.join(','))
  return shares && groups.map(({ values }) => shares.get(columns.map((column) => values[column] ?? '').join(',')) ?? 0)
}

/**
 * How far the shares of the groups are from the reference: the largest difference, with Wilson's intervals for all
 * groups at once (Bonferroni). A group that the reference names and no row belongs to counts with a share of 0, one
 * that the reference doesn't name with a reference of 0.
 */
export const representationOf = (
  grouping: Grouping,
  reference: ReferenceShares | undefined,
  options: { readonly maxGap: number; readonly minGroup: number },
): BiasRepresentation | undefined => {
  const expected = referenceSharesOf(grouping, reference)
  if (expected === undefined) return undefined
  const { columns, groups } = grouping
  const rows = groups.reduce((n, { counts }) => n + counts.rows, 0)
  const held = new Set(groups.map(({ values }) => columns.map((column) => values[column] ?? '').join(',')))
  const unseen = [...reference!.get(columns.join(','))!].filter(([values]) => !held.has(values))
  const all = [
    ...groups.map(({ id, counts }, i) => ({ id, k: counts.rows, share: expected[i]! })),
    ...unseen.map(([values, share]) => ({ id: groupId(columns, values.split(',')), k: 0, share })),
  ]
  const gaps = all.map(({ id, k, share }) => {
    const { low, high } = wilson(k, rows, 1 - 0.05 / all.length)
    return { id, value: Math.abs(k / rows - share), ...magnitude({ low: low - share, high: high - share }) }
  })
  const worst = gaps.reduce((best, next) => (next.value > best.value ? next : best))
  const gap = largest(worst.value, rows, gaps)
  return {
    gap,
    group: worst.id,
    totalVariation: gaps.reduce((sum, { value }) => sum + value, 0) / 2,
    ...judge({
      gap: rows < options.minGroup ? undefined : gap,
      ...options,
      tooSmall: [],
      vacuous: false,
    }),
  }
}
