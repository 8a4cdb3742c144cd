import type { AnnotationAgreement, AnnotationCoefficient } from '../../../contract/annotations.ts'
import { clopperPearson, figure } from '../../../stats/index.ts'
import type { Answers } from '../answers/answers.ts'
import { voteShares } from '../consensus/majority.ts'
import type { Resampled } from './bootstrap.ts'
import { agreementWithMajority, consistency, uncertainty } from './certainty.ts'
import { cohenKappa, sharedMost } from './cohen.ts'
import { distanceAt, type Level } from './distance.ts'
import { fleissKappa } from './fleiss.ts'
import { krippendorffAlpha } from './krippendorff.ts'
import { type Units, unitsOf } from './units.ts'

const mostPairs = 10

/** The share of units whose answers are all alike, with the exact interval; null without units. */
const unanimousOf = ({ count, start }: Units): AnnotationAgreement['unanimous'] => {
  if (count === 0) return null
  let alike = 0
  for (let u = 0; u < count; u++) if (start[u + 1]! - start[u]! === 1) alike++
  return figure(alike, count, clopperPearson)
}

/**
 * A coefficient as a figure. Where nobody disagreed a bootstrap can't show a disagreement: then the low end is what the
 * coefficient would be if as many of `n` items as can't be excluded (Clopper and Pearson, two-sided 95 %) disagreed fully.
 */
const coefficient = ({ value, low, high }: Resampled, n: number): AnnotationCoefficient => {
  if (n === 0) return { figure: null, reason: 'no item has two answers' }
  if (value === undefined)
    return { figure: null, reason: 'all answers are the same label: there is nothing to agree on' }
  if (value < 1 - 1e-12) return { figure: { value, low, high, n } }
  return { figure: { value: 1, low: Math.min(low, 1 - 2 * clopperPearson(0, n).high), high: 1, n } }
}

/** All coefficients of agreement of some answers. Throws as `krippendorffAlpha`. */
export const agreementOf = (answers: Answers, level: Level, seed: number): AnnotationAgreement => {
  const units = unitsOf(answers)
  const shares = voteShares({ ...answers, gold: answers.gold.map(() => -1) })
  const { each, all } = agreementWithMajority(answers, shares)
  const distance = distanceAt(level, answers.classes)
  // Weights of kappa don't depend on how often a label occurs; ranks do, and are taken from all answers.
  const totals = new Float64Array(answers.classes.length)
  for (const label of answers.label) totals[label]!++
  const options = { seed, weight: distance(totals) }
  return {
    level,
    krippendorff: coefficient(krippendorffAlpha(answers, level, { seed }), units.count),
    fleiss: coefficient(fleissKappa(answers, { seed }), units.count),
    cohen: sharedMost(answers, mostPairs).map((shared) => ({
      first: answers.annotators[shared.first]!,
      second: answers.annotators[shared.second]!,
      items: shared.labels.length,
      kappa: coefficient(cohenKappa(shared, answers.classes.length, options), shared.labels.length),
    })),
    unanimous: unanimousOf(units),
    withMajority: all,
    consistency: consistency(answers, shares, each),
    uncertainty: Math.max(0, uncertainty(answers, each)),
  }
}
