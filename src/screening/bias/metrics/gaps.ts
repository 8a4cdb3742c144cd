import type { BiasGap, BiasMetric, BiasRate } from '../../../contract/bias-result.ts'
import type { Counts } from '../groups/counts.ts'
import type { Grouping } from '../groups/grouping.ts'
import { rates, type Share } from '../groups/rates.ts'
import { judge } from '../verdict.ts'
import { differenceBetween, extremesOf, ratioBetween } from './between-groups.ts'
import { averageOddsBetween, meanOf, worstDifference, worstRatio } from './odds.ts'
import type { Gap, GroupShare } from './shares.ts'
import { differenceToOverall, ratioToOverall } from './to-overall.ts'

export interface GapOptions {
  readonly maxGap: number
  readonly minGroup: number
  readonly judged: readonly BiasMetric[]
}

interface Split {
  readonly compared: readonly GroupShare[]
  readonly tooSmall: readonly string[]
  readonly overall: Share
}

interface Measured {
  readonly difference: { readonly betweenGroups?: Gap; readonly toOverall?: Gap }
  readonly ratio: { readonly betweenGroups?: Gap; readonly toOverall?: Gap }
}

/** A metric: the rates that it compares, and how. */
interface Metric {
  readonly id: BiasMetric
  readonly on: 'labels' | 'predictions'
  readonly rates: readonly BiasRate[]
  measure(splits: readonly Split[]): Measured
}

const ofOneRate = ([split]: readonly Split[], alpha = 0.05): Measured => {
  const { compared, overall } = split!
  return {
    difference: {
      betweenGroups: differenceBetween(compared, alpha),
      toOverall: differenceToOverall(compared, overall, alpha),
    },
    ratio: { betweenGroups: ratioBetween(compared, alpha), toOverall: ratioToOverall(compared, overall, alpha) },
  }
}

/** Both rates at half of alpha, joined. */
const ofBothRates =
  (difference: typeof worstDifference, ratio: typeof worstRatio) =>
  (splits: readonly Split[]): Measured => {
    const [a, b] = splits.map((split) => ofOneRate([split], 0.025))
    return {
      difference: {
        betweenGroups: difference([a!.difference.betweenGroups, b!.difference.betweenGroups]),
        toOverall: difference([a!.difference.toOverall, b!.difference.toOverall]),
      },
      ratio: {
        betweenGroups: ratio([a!.ratio.betweenGroups, b!.ratio.betweenGroups]),
        toOverall: ratio([a!.ratio.toOverall, b!.ratio.toOverall]),
      },
    }
  }

const averageOdds = ([hits, alarms]: readonly Split[]): Measured => {
  const odds = hits!.compared.flatMap((truePositives) => {
    const falsePositives = alarms!.compared.find(({ id }) => id === truePositives.id)
    return falsePositives ? [{ truePositives, falsePositives }] : []
  })
  return { difference: { betweenGroups: averageOddsBetween(odds) }, ratio: {} }
}

const odds = ['truePositiveRate', 'falsePositiveRate'] as const

const single = (id: BiasMetric, rate: BiasRate, on: Metric['on'] = 'predictions'): Metric => ({
  id,
  on,
  rates: [rate],
  measure: ofOneRate,
})

const metrics: readonly Metric[] = [
  single('statistical-parity', 'baseRate', 'labels'),
  single('demographic-parity', 'selectionRate'),
  { id: 'equalized-odds', on: 'predictions', rates: odds, measure: ofBothRates(worstDifference, worstRatio) },
  { id: 'equalized-odds-mean', on: 'predictions', rates: odds, measure: ofBothRates(meanOf, meanOf) },
  { id: 'average-odds', on: 'predictions', rates: odds, measure: averageOdds },
  single('equal-opportunity', 'truePositiveRate'),
  single('false-positive-rate', 'falsePositiveRate'),
  single('false-negative-rate', 'falseNegativeRate'),
  single('predictive-parity', 'positivePredictiveValue'),
  single('accuracy', 'accuracy'),
]

const split = ({ groups }: Grouping, overall: Counts, rate: BiasRate, minGroup: number): Split => {
  const shares = groups.map(({ id, counts }) => ({ id, ...rates[rate](counts) }))
  return {
    compared: shares.filter(({ n }) => n >= minGroup),
    tooSmall: shares.filter(({ n }) => n < minGroup).map(({ id }) => id),
    overall: rates[rate](overall),
  }
}

/** Whether all rows have the same label, or the same prediction. */
const vacuous = ({ on }: Metric, overall: Counts): boolean => {
  const { k, n } = rates[on === 'labels' ? 'baseRate' : 'selectionRate'](overall)
  return k === 0 || k === n
}

/** Every metric that the data can show, over the groups of one grouping. */
export const gapsOf = (grouping: Grouping, overall: Counts, { maxGap, minGroup, judged }: GapOptions): BiasGap[] =>
  metrics.flatMap((metric) => {
    const splits = metric.rates.map((rate) => split(grouping, overall, rate, minGroup))
    if (splits.every(({ overall: { n } }) => n === 0)) return []
    const { difference, ratio } = metric.measure(splits)
    const tooSmall = [...new Set(splits.flatMap((each) => each.tooSmall))]
    const both = (gap: { betweenGroups?: Gap; toOverall?: Gap }) => ({
      betweenGroups: gap.betweenGroups ?? null,
      toOverall: gap.toOverall ?? null,
    })
    return [
      {
        metric: metric.id,
        on: metric.on,
        difference: both(difference),
        ratio: both(ratio),
        ...(metric.rates.length === 1 && extremesOf(splits[0]!.compared)),
        compared: Math.min(...splits.map(({ compared }) => compared.length)),
        tooSmall,
        judged: judged.includes(metric.id),
        ...judge({
          gap: difference.betweenGroups,
          maxGap,
          minGroup,
          tooSmall,
          vacuous: vacuous(metric, overall),
        }),
      },
    ]
  })
