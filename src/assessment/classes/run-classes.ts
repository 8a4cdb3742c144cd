import { BartizanError } from '../../base/errors.ts'
import type { ProbeClass } from '../../contract/index.ts'
import { classHeadline } from '../report/classes/index.ts'
import type { ClassContext, ClassOutcome } from './class-assessment.ts'
import { classAssessments } from './index.ts'

const probed = new Set<ProbeClass>(classAssessments.keys())

/** Throws ATTACK_NOT_APPLICABLE for a class that nothing here probes. */
export const requireClasses = (classes: readonly ProbeClass[]): void => {
  const missing = classes.find((name) => name !== 'evasion' && !probed.has(name))
  if (missing === undefined) return
  throw new BartizanError('ATTACK_NOT_APPLICABLE', `this version has no probes of the class ${missing}`, {
    hint: `it has those of ${['evasion', ...probed].join(', ')}`,
  })
}

/** Runs the probes of each class other than evasion that is asked for, in that order. */
export const runClasses = async (
  classes: readonly ProbeClass[],
  contextOf: (name: ProbeClass) => ClassContext,
): Promise<readonly ClassOutcome[]> => {
  const outcomes: ClassOutcome[] = []
  for (const [name, assessment] of classAssessments) {
    if (!classes.includes(name)) continue
    const context = contextOf(name)
    context.progress.start(name)
    const outcome = await assessment.run(context)
    outcomes.push(outcome)
    context.progress.end(outcome.probes.map((probe) => classHeadline(probe, context)).join('; '))
  }
  return outcomes
}
