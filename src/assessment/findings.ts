import type { Figure, Finding, Gate, InputInfo, Severity, Task } from '../contract/index.ts'
import { figure } from '../stats/index.ts'
import { corruptionFinding } from './corruptions/finding.ts'
import { isCorruption } from './corruptions/summary.ts'
import type { Doubt } from './flags.ts'
import { worstCase } from './gates.ts'
import type { ProbeRecord } from './probe-record.ts'
import { budget, percent } from './report/format.ts'
import { goalSentence } from './task.ts'
import { transferFindings } from './transfer-finding.ts'

export interface FindingContext {
  readonly records: readonly ProbeRecord[]
  readonly doubts: readonly Doubt[]
  readonly gates: readonly Gate[]
  readonly input: InputInfo
  readonly rows: number
  /** What the model predicts and when a row is broken. Default: classes. */
  readonly task?: Task
  reproduce(record: ProbeRecord): string
}

/** What the evidence means to the owner of the model, the worst first. */
export const findingsOf = (context: FindingContext): readonly Finding[] => {
  const found = [
    ...evasionFindings(context),
    ...queryFindings(context),
    ...maskingFindings(context),
    ...corruptionFinding(context),
    ...transferFindings(context),
  ]
  return worstFirst(found)
}

export const worstFirst = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || a.id.localeCompare(b.id))

const order: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info']

/** One finding a norm, at the smallest budget that breaks a noticeable share of the rows. */
const evasionFindings = ({ records, gates, input, rows, reproduce, task: any }: FindingContext): readonly Finding[] => {
  const task = any?.kind === 'classification' ? undefined : any
  const full = records.filter((record) => !isCorruption(record) && record.outcome.broken.length === rows)
  return [...new Set(full.map(({ norm }) => norm))].flatMap((norm): readonly Finding[] => {
    const budgets = [...new Set(full.filter((r) => r.norm === norm).map((r) => r.epsilon))].sort((a, b) => a - b)
    const measured = budgets.map((epsilon) => ({ epsilon, ...worst(norm, epsilon, full, rows) }))
    const hit = measured.find(({ broken }) => broken.value >= noticeable)
    if (!hit) return []
    const record = full.find(({ id }) => id === hit.probe)!
    const failed = gates.find((gate) => !gate.passed && gate.norm === norm && isRobust(gate))
    const required = failed?.required.atLeast
    return [
      {
        id: `evasion-${norm}`,
        severity: severityOf(hit.broken.value, failed !== undefined),
        title: evasionTitle(percent(hit.broken.value), task, norm),
        meaning: `Within ${budget(hit.epsilon, norm, input)}, \`${record.attack}\` and the attacks before it ${task ? 'broke' : 'turned'} ${hit.count} of ${hit.broken.n} rows that ${task ? `could be broken (a row is broken where ${goalSentence(task)})` : 'were right'}: ${percent(hit.robust.value)} of all rows ${task ? 'hold' : 'stay right'} (95 % interval ${percent(hit.robust.low)} to ${percent(hit.robust.high)})${required === undefined ? '' : `; the gate \`${failed!.id}\` requires ${percent(required)}`}. Whoever can run this model, or a copy, can make it answer wrongly at will with changes of this size.`,
        reproduce: reproduce(record),
        remedy: `Train adversarially at this budget, or restrict who can send inputs that are not from a trusted sensor. Then assess again: only this measurement shows whether it helped.`,
        probe: record.id,
      },
    ]
  })
}

const isRobust = ({ metric }: Gate): boolean => metric === 'robust-accuracy' || metric === 'robust-share'

const evasionTitle = (share: string, task: Task | undefined, norm: ProbeRecord['norm']): string => {
  const what = norm === 'patch' ? 'Patches on' : norm === 'spatial' ? 'Rotations and shifts of' : 'Small changes to'
  if (!task) return `${what} the input turn ${share} of the right predictions`
  return task.kind === 'regression'
    ? `${what} the input move the prediction of ${share} of the rows beyond the tolerance`
    : `${what} the input turn labels of ${share} of the rows`
}

/** Turning one row in twenty is more than label noise and rounding explain. */
const noticeable = 0.05

const worst = (norm: ProbeRecord['norm'], epsilon: number, records: readonly ProbeRecord[], rows: number) => {
  const gate = {
    id: '',
    metric: 'robust-accuracy',
    norm,
    epsilon,
    judgeBy: 'value',
    atLeast: 0,
    atMost: undefined,
  } as const
  const { measured, probe } = worstCase(gate, records, rows)
  const robust = measured as Figure
  const { outcome } = records.find(({ id }) => id === probe)!
  const right = outcome.right.filter(Boolean).length
  const count = right - Math.round(robust.value * robust.n)
  return { robust, probe, count, broken: right > 0 ? figure(count, right) : { value: 0, low: 0, high: 1, n: 0 } }
}

const severityOf = (broken: number, failedGate: boolean): Severity => {
  if (failedGate) return broken >= 0.9 ? 'critical' : 'high'
  return broken >= 0.5 ? 'medium' : 'low'
}

/** Attackers without access to the weights, who still succeed. */
const queryFindings = ({ records, input, reproduce }: FindingContext): readonly Finding[] =>
  records
    .filter(({ access, outcome }) => (access === 'scores' || access === 'labels') && outcome.broken.some(Boolean))
    .filter(({ result }) => 1 - result.robustAccuracy.value / Math.max(result.cleanAccuracy.value, 1e-9) >= 0.25)
    .map((record) => {
      const broken = record.outcome.broken.filter(Boolean).length
      const each = Math.round(record.result.queries.forward / record.result.rows)
      return {
        id: `queries-${record.attack}-${record.norm}`,
        severity: record.access === 'labels' ? 'medium' : 'low',
        title: `An attacker who sees ${record.access} only succeeds with about ${each} queries a row`,
        meaning: `\`${record.attack}\` knows nothing of the weights. Within ${budget(record.epsilon, record.norm, input)} it turned ${broken} of ${record.result.rows} rows. Keeping the weights secret does not protect this model.`,
        reproduce: reproduce(record),
        remedy:
          'Limit the queries a caller may send and watch for series of near-identical inputs; return labels rather than scores where users do not need them.',
        probe: record.id,
      } satisfies Finding
    })

/** A measurement that can't be trusted is a finding of its own. */
const maskingFindings = ({ doubts, records, reproduce }: FindingContext): readonly Finding[] =>
  [...new Set(doubts.map(({ flag }) => flag.id))].map((id) => {
    const about = doubts.filter(({ flag }) => flag.id === id)
    const record = records.find((r) => r.id === about[0]!.probe)
    return {
      id: `masking-${id}`,
      severity: 'high',
      title: 'An attack may be failing for a reason other than robustness',
      meaning: `${about[0]!.flag.message}. The good figures of ${[...new Set(about.map(({ probe }) => `\`${probe}\``))].join(', ')} are no proof of robustness.`,
      reproduce: record ? reproduce(record) : '',
      remedy:
        'Do not rely on these figures: look for saturated outputs, non-differentiable preprocessing or randomness in the model, and judge it by the worst case over score- and decision-based attacks too.',
      ...(record && { probe: record.id }),
    }
  })
