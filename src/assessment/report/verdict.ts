import { exitCodes } from '../../base/errors.ts'
import type { Gate, Probe, Report } from '../../contract/index.ts'

/** The decision and what it rests on. */
export interface Verdict {
  readonly verdict: Report['verdict']
  readonly exitCode: Report['exitCode']
  readonly failedGates: readonly Gate[]
  readonly failedProbes: readonly Probe[]
}

/** What a verdict is drawn from: gates and probes, nothing else. */
export type Judged = Pick<Report, 'gates' | 'probes'>

/**
 * The one verdict (rule 11): failed where a gate does not hold or a probe found a defect. The exit code, the JSON, HTML,
 * SARIF and JUnit reports, the terminal table and the job summary all ask here.
 */
export const verdictOf = ({ gates, probes }: Judged): Verdict => {
  const failedGates = gates.filter(({ passed }) => !passed)
  const failedProbes = probes.filter(({ status }) => status === 'failed')
  const failed = failedGates.length + failedProbes.length > 0
  return {
    verdict: failed ? 'failed' : 'passed',
    exitCode: failed ? exitCodes.failed : exitCodes.passed,
    failedGates,
    failedProbes,
  }
}

/** A report with its verdict filled in from its gates and probes. */
export const withVerdict = (report: Omit<Report, 'verdict' | 'exitCode'>): Report => {
  const { verdict, exitCode } = verdictOf(report)
  return { ...report, verdict, exitCode }
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** The verdict as one sentence. */
export const verdictSentence = (judged: Judged): string => {
  const { failedGates, failedProbes } = verdictOf(judged)
  const total = judged.gates.length
  const gates =
    total === 0
      ? 'no gate was declared, so nothing was required'
      : failedGates.length === 0
        ? total === 1
          ? 'the gate held'
          : `all ${total} gates held`
        : `${failedGates.length} of ${plural(total, 'gate')} did not hold`
  const behindGates = new Set(failedGates.map(({ probe }) => probe))
  const others = failedProbes.filter(({ id }) => !behindGates.has(id)).length
  const lone = others === 0 ? '' : `; ${plural(others, failedGates.length === 0 ? 'probe' : 'other probe')} failed`
  const notRun = judged.probes.filter(({ status }) => status === 'not run').length
  return `${gates}${lone}${notRun === 0 ? '' : `; ${plural(notRun, 'probe')} not run`}`
}
