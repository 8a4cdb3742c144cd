import { BartizanError } from '../../../base/errors.ts'
import { binomialCdf } from '../../../stats/index.ts'
import { hypergeometricCdf } from './hypergeometric.ts'

export interface AuditPlan {
  /** Share of wrong labels that must not be exceeded, above 0 and below 1. */
  readonly bound: number
  /** How sure an audit that passes must make, above 0 and below 1. */
  readonly confidence: number
  /** Wrong labels that the audit may find and still pass. */
  readonly tolerated: number
  /** Labels that are drawn from, without replacement; left out: so many that it doesn't matter. */
  readonly population?: number
}

/** The chance to find at most `found` wrong labels in `n`, where just more than the bound are wrong. */
export const chanceToPass = ({ bound, population }: Omit<AuditPlan, 'confidence'>, n: number, found: number): number =>
  population === undefined
    ? binomialCdf(found, n, bound)
    : // The fewest wrong labels that exceed the bound.
      hypergeometricCdf(found, n, Math.min(population, Math.floor(bound * population + 1e-9) + 1), population)

/** Throws CONFIG_INVALID for a plan that cannot be carried out. */
export const requirePlan = ({ bound, confidence, tolerated, population }: AuditPlan): void => {
  const wrong = (what: string, hint: string): never => {
    throw new BartizanError('CONFIG_INVALID', what, { hint, data: { bound, confidence, tolerated } })
  }
  if (!(bound > 0 && bound < 1)) wrong(`an audit can't show a bound of ${bound}`, 'give a share such as 0.01')
  if (!(confidence > 0 && confidence < 1))
    wrong(`a confidence of ${confidence} can't be reached`, 'give a share such as 0.95')
  if (!Number.isInteger(tolerated) || tolerated < 0)
    wrong(`${tolerated} can't be tolerated: it is no number of labels`, 'give a whole number from 0 on')
  if (population !== undefined && (!Number.isInteger(population) || population < 1))
    wrong(`${population} labels can't be audited`, 'give a whole number from 1 on')
}

/**
 * How many labels to audit: the fewest such that, were more than `bound` of all labels wrong, at most `tolerated` wrong ones
 * would be found with a probability of at most 1 - confidence (exact: binomial, or hypergeometric for a given population,
 * as in acceptance and discovery sampling). All of a population, where it is too small for less.
 */
export const auditSize = (plan: AuditPlan): number => {
  requirePlan(plan)
  const { confidence, tolerated, population } = plan
  const enough = (n: number): boolean => chanceToPass(plan, n, tolerated) <= 1 - confidence + 1e-12
  let high = tolerated + 1
  while (high < (population ?? Number.POSITIVE_INFINITY) && !enough(high)) high *= 2
  if (population !== undefined) high = Math.min(high, population)
  let low = 0
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2)
    if (enough(middle)) high = middle
    else low = middle
  }
  return high
}
