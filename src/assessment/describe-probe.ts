import type { EvasionProbe, Report } from '../contract/index.ts'
import type { PlannedProbe } from './battery.ts'
import type { Checked, Doubt } from './diagnostics/checked.ts'
import type { ProbeRecord } from './probe-record.ts'
import { queryCurve } from './query-curve.ts'

/** A probe as the report has it: what was planned, what came of it, and how the gates that look at it judged. */
export const describeProbe = (
  planned: PlannedProbe,
  record: ProbeRecord | undefined,
  gates: Report['gates'],
  { doubts, checks }: { readonly doubts: readonly Doubt[]; readonly checks: readonly Checked[] },
  reproduce: string | undefined,
): EvasionProbe => {
  const diagnostics = checks.filter(({ probe }) => probe === planned.id).map(({ diagnostic }) => diagnostic)
  const judging = gates.filter(({ probe }) => probe === planned.id)
  const status = !record
    ? 'not run'
    : judging.length === 0
      ? 'measured'
      : judging.every(({ passed }) => passed)
        ? 'passed'
        : 'failed'
  return {
    id: planned.id,
    class: 'evasion',
    attack: planned.attack.id,
    norm: planned.norm,
    epsilon: planned.epsilon,
    params: planned.parameters,
    status,
    ...(planned.notRun && { reason: planned.notRun }),
    ...(reproduce && { reproduce }),
    ...(record && { result: record.result }),
    ...(record?.outcome.alreadyBroken && { alreadyBroken: record.outcome.alreadyBroken.length }),
    ...(record && { queryCurve: queryCurve(record.outcome, record.result.rows) }),
    flags: doubts.filter(({ probe }) => probe === planned.id).map(({ flag }) => flag),
    ...(diagnostics.length > 0 && { diagnostics }),
    worst: record?.worst ?? [],
  }
}
