import { BartizanError } from '../../../base/errors.ts'
import type { BiasComparison, BiasRate } from '../../../contract/bias-result.ts'
import type { Figure } from '../../../contract/index.ts'
import { koopman, newcombe } from '../../../stats/proportions/index.ts'
import type { Counts } from '../groups/counts.ts'
import type { Group, Grouping } from '../groups/grouping.ts'
import { rateNames, rates, type Share } from '../groups/rates.ts'
import { averageOddsDifference, type Odds } from './odds.ts'

const differenceOf = (a: Share, b: Share): Figure => {
  const value = a.k / a.n - b.k / b.n
  const { low, high } = newcombe(a.k, a.n, b.k, b.n)
  return { value, low: Math.min(low, value), high: Math.max(high, value), n: a.n + b.n }
}

const ratioOf = (a: Share, b: Share) => {
  if (b.k === 0) return null
  const value = (a.k * b.n) / (a.n * b.k)
  const { low, high } = koopman(a.k, a.n, b.k, b.n)
  return { value, low: Math.min(low, value), high: Number.isFinite(high) ? Math.max(high, value) : null, n: a.n + b.n }
}

const oddsOf = (counts: Counts): Odds => ({
  truePositives: { id: '', ...rates.truePositiveRate(counts) },
  falsePositives: { id: '', ...rates.falsePositiveRate(counts) },
})

const shows = ({ truePositives, falsePositives }: Odds): boolean => truePositives.n > 0 && falsePositives.n > 0

const compare = (group: Group, against: Group, minGroup: number): BiasComparison => {
  const shared = rateNames.flatMap((rate): [BiasRate, { difference: Figure; ratio: ReturnType<typeof ratioOf> }][] => {
    const [a, b] = [rates[rate](group.counts), rates[rate](against.counts)]
    return a.n > 0 && b.n > 0 ? [[rate, { difference: differenceOf(a, b), ratio: ratioOf(a, b) }]] : []
  })
  const [a, b] = [oddsOf(group.counts), oddsOf(against.counts)]
  return {
    group: group.id,
    against: against.id,
    rates: Object.fromEntries(shared),
    averageOddsDifference: shows(a) && shows(b) ? averageOddsDifference(a, b) : null,
    tooSmall: group.counts.rows < minGroup || against.counts.rows < minGroup,
  }
}

/** The group that the others are compared with: the one named, or the largest (the first of equals). */
const referenceOf = ({ columns, groups }: Grouping, privileged: Readonly<Record<string, string>>): Group => {
  if (!columns.every((column) => Object.hasOwn(privileged, column)))
    return groups.reduce((best, next) => (next.counts.rows > best.counts.rows ? next : best))
  const found = groups.find(({ values }) => columns.every((column) => values[column] === privileged[column]))
  if (found) return found
  throw new BartizanError(
    'CONFIG_INVALID',
    `no row has ${columns.map((column) => `${column}=${privileged[column]}`).join(', ')}`,
    {
      hint: `there are: ${groups
        .slice(0, 20)
        .map(({ id }) => id)
        .join('; ')}`,
      data: { columns, privileged },
    },
  )
}

/**
 * Each group against the reference group, as AIF360 compares unprivileged with privileged: signed differences, ratios
 * (of the shares of positives: disparate impact), and the average odds difference. Each interval stands for itself.
 * Throws CONFIG_INVALID where the named group has no row.
 */
export const comparisonsOf = (
  grouping: Grouping,
  privileged: Readonly<Record<string, string>>,
  minGroup: number,
): readonly BiasComparison[] => {
  if (grouping.groups.length < 2) return []
  const against = referenceOf(grouping, privileged)
  return grouping.groups.filter((group) => group !== against).map((group) => compare(group, against, minGroup))
}
