import type { BiasGrouping, BiasIndividual, BiasVerdict } from '../../contract/bias-result.ts'
import { figure } from '../../stats/index.ts'
import type { Counts } from './groups/counts.ts'
import type { Grouping } from './groups/grouping.ts'
import { rates, ratesOf } from './groups/rates.ts'
import type { ReferenceShares } from './groups/reference.ts'
import { referenceSharesOf, representationOf } from './groups/representation.ts'
import type { calibrator } from './metrics/calibration.ts'
import { comparisonsOf } from './metrics/comparisons.ts'
import { biasAmplification, differentialFairness } from './metrics/differential-fairness.ts'
import { betweenGroupEntropyFigure, entropyFigure } from './metrics/entropy.ts'
import { type GapOptions, gapsOf } from './metrics/gaps.ts'
import { together } from './verdict.ts'

interface SummaryOptions extends GapOptions {
  readonly privileged: Readonly<Record<string, string>>
  readonly reference: ReferenceShares | undefined
  readonly calibrate: ReturnType<typeof calibrator>
}

const fairnessOf = ({ groups }: Grouping, minGroup: number): BiasGrouping['differentialFairness'] => {
  const sharesOf = (rate: 'baseRate' | 'selectionRate') =>
    groups.map(({ counts }) => rates[rate](counts)).filter(({ n }) => n >= minGroup)
  const [labels, predictions] = [sharesOf('baseRate'), sharesOf('selectionRate')]
  const shown = {
    labels: differentialFairness(labels),
    predictions: differentialFairness(predictions),
    // Of the same groups only: that of others would be no amplification.
    biasAmplification: labels.length === predictions.length ? biasAmplification(predictions, labels) : undefined,
  }
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined))
}

/** Everything that one grouping of the rows shows. */
export const groupingSummary = (grouping: Grouping, overall: Counts, options: SummaryOptions): BiasGrouping => {
  const expected = referenceSharesOf(grouping, options.reference)
  const representation = representationOf(grouping, options.reference, options)
  const entropy = betweenGroupEntropyFigure(grouping.groups.map(({ counts }) => counts))
  return {
    columns: grouping.columns,
    groups: grouping.groups.map(({ id, values, counts }, i) => {
      const calibration = options.calibrate(counts.bins)
      return {
        id,
        values,
        rows: counts.rows,
        share: figure(counts.rows, overall.rows),
        ...(expected && { reference: expected[i]! }),
        tooSmall: counts.rows < options.minGroup,
        rates: ratesOf(counts),
        ...(calibration && { calibration }),
      }
    }),
    absent: grouping.absent,
    ...(representation && { representation }),
    gaps: gapsOf(grouping, overall, options),
    comparisons: comparisonsOf(grouping, options.privileged, options.minGroup),
    differentialFairness: fairnessOf(grouping, options.minGroup),
    ...(entropy && { betweenGroupEntropy: entropy }),
  }
}

/** Inequality over persons, whatever their group. */
export const individualSummary = (overall: Counts, consistency: BiasIndividual['consistency']): BiasIndividual => {
  const judgedRows = rates.accuracy(overall).n
  const [generalizedEntropy, theil] = judgedRows === 0 ? [] : [entropyFigure(overall, 2), entropyFigure(overall, 1)]
  return {
    ...(generalizedEntropy && { generalizedEntropy }),
    ...(theil && { theil }),
    ...(consistency && { consistency }),
  }
}

/** The verdict over every judged gap and every representation, and why. */
export const verdictOf = (groupings: readonly BiasGrouping[]): { verdict: BiasVerdict; reasons: readonly string[] } => {
  const judged = groupings.flatMap(({ columns, gaps, representation }) => [
    ...gaps.filter((gap) => gap.judged).map(({ metric, verdict, reason }) => ({ columns, metric, verdict, reason })),
    ...(representation ? [{ columns, metric: 'representation', ...pick(representation) }] : []),
  ])
  const verdict = together(judged.map((each) => each.verdict))
  const telling = judged.filter((each) => each.verdict === verdict)
  return {
    verdict,
    reasons:
      telling.length === 0
        ? ['no metric that was asked for could be measured']
        : telling.map(({ metric, columns, reason }) => `${metric} by ${columns.join(' and ')}: ${reason}`),
  }
}

const pick = ({ verdict, reason }: { readonly verdict: BiasVerdict; readonly reason: string }) => ({ verdict, reason })
