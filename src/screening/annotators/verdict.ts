import type { AnnotationsResult } from '../../contract/annotations.ts'

type Judged = Pick<AnnotationsResult, 'accused' | 'annotatorCount' | 'audit' | 'agreement'> & {
  /** Annotators of whom something could be told. */
  readonly told: number
}

const counted = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

/**
 * Failed where somebody is accused of spam, of reversing labels or of collusion, or an audit failed. Inconclusive where
 * nothing could be told of anybody, or an audit that was asked for decides nothing yet.
 */
export const verdictOf = ({
  accused,
  annotatorCount,
  audit,
  told,
}: Judged): Pick<AnnotationsResult, 'verdict' | 'reasons'> => {
  const defects = [
    ...(accused.spammers > 0
      ? [`${counted(accused.spammers, 'annotator answers', 'annotators answer')} without regard to the item`]
      : []),
    ...(accused.contrary > 0
      ? [`${counted(accused.contrary, 'annotator is', 'annotators are')} wrong more often than chance`]
      : []),
    ...(accused.colluding > 0
      ? [`${accused.colluding} annotators make the same errors more often than their skills explain`]
      : []),
    ...(audit?.outcome?.verdict === 'failed' ? [`the audit shows more wrong labels than ${audit.bound}`] : []),
  ]
  if (defects.length > 0) return { verdict: 'failed', reasons: defects }
  const open = [
    ...(told === 0
      ? [`nothing could be told of any of the ${annotatorCount} annotators: too few common items, or no agreement`]
      : []),
    ...(audit?.outcome?.verdict === 'inconclusive'
      ? [`the audit is too small: ${audit.outcome.needed} labels, with no more wrong ones, would do`]
      : []),
  ]
  if (open.length > 0) return { verdict: 'inconclusive', reasons: open }
  return { verdict: 'passed', reasons: ['nobody answers without regard to the item, and no two make the same errors'] }
}
