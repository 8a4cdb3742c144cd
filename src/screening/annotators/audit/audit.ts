import { BartizanError } from '../../../base/errors.ts'
import { stream } from '../../../base/random.ts'
import type { AnnotationAudit } from '../../../contract/annotations.ts'
import { shuffle } from '../agreement/bootstrap.ts'
import { confidenceSequence } from './confidence-sequence.ts'
import { wrongShare } from './share.ts'
import { type AuditPlan, auditSize, chanceToPass } from './size.ts'

export interface AuditOptions extends Omit<AuditPlan, 'confidence' | 'tolerated'> {
  readonly confidence?: number
  readonly tolerated?: number
  /** Labels that have been audited so far, drawn at random. */
  readonly audited?: number
  /** How many of them were wrong. */
  readonly errors?: number
}

const requireOutcome = (audited: number, errors: number, population: number | undefined): void => {
  const whole = Number.isInteger(audited) && Number.isInteger(errors)
  if (whole && audited >= 1 && errors >= 0 && errors <= audited && audited <= (population ?? audited)) return
  throw new BartizanError('CONFIG_INVALID', `${errors} wrong of ${audited} audited labels is no outcome of an audit`, {
    hint: population === undefined ? 'at most all of them can be wrong' : `there are ${population} labels to audit`,
    data: { audited, errors, population },
  })
}

type Outcome = NonNullable<AnnotationAudit['outcome']>

const outcomeOf = (plan: AuditPlan, audited: number, errors: number): Outcome => {
  requireOutcome(audited, errors, plan.population)
  const { bound, confidence, population } = plan
  const found = { errors, audited }
  // One-sided at the confidence: both tails of the two-sided interval of twice the risk.
  const oneSided = wrongShare(found, 2 * confidence - 1 > 0 ? 2 * confidence - 1 : 0.001, population)
  const anytime = confidenceSequence(found, confidence, population)
  const pValue = chanceToPass(plan, audited, errors)
  const verdict = pValue <= 1 - confidence + 1e-12 ? 'passed' : oneSided.low > bound ? 'failed' : 'inconclusive'
  return {
    audited,
    errors,
    share: { value: errors / audited, ...inside(errors / audited, wrongShare(found, 0.95, population)), n: audited },
    pValue,
    verdict,
    anytime: {
      low: anytime.low,
      high: anytime.high,
      verdict: anytime.high <= bound ? 'passed' : anytime.low > bound ? 'failed' : 'go-on',
    },
    needed: auditSize({ ...plan, tolerated: errors }),
  }
}

/** A drawn share is inside its own interval, whatever the rounding. */
const inside = (value: number, { low, high }: { readonly low: number; readonly high: number }) => ({
  low: Math.min(low, value),
  high: Math.max(high, value),
})

/**
 * A plan for auditing labels, and what an audit that was done says: by the exact test of a fixed size, and at any time one
 * cares to look. Throws CONFIG_INVALID for impossible figures.
 */
export const planAudit = ({
  bound,
  confidence = 0.95,
  tolerated = 0,
  population,
  audited,
  errors,
}: AuditOptions): AnnotationAudit => {
  const plan: AuditPlan = { bound, confidence, tolerated, ...(population !== undefined && { population }) }
  const size = auditSize(plan)
  if (audited === undefined && errors !== undefined)
    throw new BartizanError('CONFIG_INVALID', `${errors} wrong labels: of how many?`, {
      hint: 'say how many labels were audited',
    })
  return {
    ...plan,
    size,
    risk: chanceToPass(plan, size, tolerated),
    ...(audited !== undefined && { outcome: outcomeOf(plan, audited, errors ?? 0) }),
  }
}

/** `size` different numbers below `population` in the order in which to audit them, drawn at random. */
export const drawSample = (population: number, size: number, seed: number): Uint32Array => {
  const order = Uint32Array.from({ length: population }, (_, i) => i)
  shuffle(order, stream(seed, 'audit'))
  return order.subarray(0, size)
}
