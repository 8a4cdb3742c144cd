import type { Gate, Probe, ProbeClass, Report } from '../../contract/index.ts'
import { classHeadline } from './classes/index.ts'
import { figure, gateMeasured, gateSentence, gateSubject } from './format.ts'
import { type Markup, markup } from './markup.ts'
import { wordsFor } from './task-words.ts'

interface Case {
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly message: string
  readonly detail: string
}

const gateCase = (gate: Gate, { input }: Report): Case => ({
  name: `${gate.id}: ${gateSubject(gate, input)}`,
  outcome: gate.passed ? 'passed' : 'failed',
  message: gateMeasured(gate),
  detail: gateSentence(gate, input),
})

const probeOutcomes = { passed: 'passed', measured: 'passed', failed: 'failed', 'not run': 'skipped' } as const

/** What a probe found, in a line; nothing where it was not run. */
const headline = (probe: Probe, report: Report): string | undefined => {
  if (!probe.result) return undefined
  if (probe.class !== 'evasion') return classHeadline(probe, report)
  return `${wordsFor(report).robust.toLowerCase()} ${figure(probe.result.robustAccuracy)}`
}

const probeCase = (probe: Probe, report: Report): Case => ({
  name: probe.id,
  outcome: probeOutcomes[probe.status],
  message: probe.reason ?? headline(probe, report) ?? probe.status,
  detail: [
    headline(probe, report) ?? [],
    probe.flags.map(({ id, message }) => `${id}: ${message}`),
    probe.reproduce === undefined ? [] : [`reproduce: ${probe.reproduce}`],
  ]
    .flat()
    .join('\n'),
})

const outcomeMarkup = ({ outcome, message, detail }: Case): Markup => {
  if (outcome === 'failed') return markup`<failure message="${message}" type="failed">${detail}</failure>`
  if (outcome === 'skipped') return markup`<skipped message="${message}"/>`
  return markup`<system-out>${detail}</system-out>`
}

const suite = (name: string, cases: readonly Case[]): Markup => {
  const total = (outcome: Case['outcome']) => cases.filter((item) => item.outcome === outcome).length
  return markup`
  <testsuite name="${name}" tests="${cases.length}" failures="${total('failed')}" errors="0" skipped="${total('skipped')}">${cases.map(
    (item) => markup`
    <testcase classname="bartizan.${name}" name="${item.name}">${outcomeMarkup(item)}</testcase>`,
  )}
  </testsuite>`
}

/** JUnit XML: a suite for the gates and one for each class of probes; a case for each gate and each probe. */
export const renderJunit = (report: Report): string => {
  const byClass = new Map<ProbeClass, Case[]>()
  for (const probe of report.probes)
    byClass.set(probe.class, [...(byClass.get(probe.class) ?? []), probeCase(probe, report)])
  const suites = new Map<string, readonly Case[]>([
    ['gates', report.gates.map((gate) => gateCase(gate, report))],
    ...byClass,
  ])
  const cases = [...suites.values()].flat()
  const total = (outcome: Case['outcome']) => cases.filter((item) => item.outcome === outcome).length
  const document = markup`<testsuites name="bartizan assess" tests="${cases.length}" failures="${total('failed')}" errors="0" skipped="${total('skipped')}">${[
    ...suites,
  ].map(([name, items]) => suite(name, items))}
</testsuites>`
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document.markup}\n`
}
