import type { ClassProbe, EvasionProbe, Probe, Report } from '../../../contract/index.ts'
import { batteryLine, leftOutLines, standingLine } from '../battery-lines.ts'
import { classHeadline } from '../classes/index.ts'
import { attackProbes, corruptionProbes } from '../corruption-lines.ts'
import { evasionFacts } from '../evasion-lines.ts'
import { count } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import { classProbes } from '../probes-of.ts'
import { diagnosticsPart } from './diagnostics.ts'
import { anchor, budgetOf, command, facts, section, statusChip } from './parts.ts'

const parameters = ({ params }: Probe): string =>
  Object.entries(params)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ')

const flagged = (probes: readonly Probe[]): Markup | '' => {
  const list = probes.flatMap(({ id, flags }) =>
    flags.map(({ id: flag, message }) => markup`<li><a href="#${anchor(id)}">${id}</a>, ${flag}: ${message}</li>`),
  )
  if (list.length === 0) return ''
  return markup`<div class="callout"><h3>An attack may be failing</h3><p>A robust accuracy below such a sign may be too good: the gradients may be masked rather than the model robust.</p><ul>${list}</ul></div>`
}

const card = (probe: EvasionProbe, { input }: Report): Markup => {
  const { id, attack, class: kind, status, reason, result, reproduce, flags } = probe
  return markup`<article class="card" id="${anchor(id)}"><h3>${statusChip(status)} ${id}</h3>${reason === undefined ? '' : markup`<p>${reason}</p>`}${facts(
    [
      ['Attack', `${attack} (${kind})`],
      ['Budget', budgetOf(probe, input)],
      ['Rows', standingLine(probe)],
      ['Parameters', parameters(probe)],
      [
        'Queries',
        result === undefined
          ? ''
          : `${count(result.queries.forward)} rows forward, ${count(result.queries.gradient)} rows of gradients`,
      ],
      ...(result ? evasionFacts(result).map(([name, line]) => [name, line ?? ''] as const) : []),
      ['Flags', flags.map(({ id: flag, measured }) => `${flag}${measured === null ? '' : `: ${measured}`}`).join('; ')],
    ],
  )}${diagnosticsPart(probe)}${reproduce === undefined ? '' : markup`<details><summary>See it again</summary>${command(reproduce)}</details>`}</article>`
}

const leftOut = (report: Report): Markup | '' => {
  const lines = leftOutLines(report)
  if (lines.length === 0) return ''
  return markup`<h3>What was left out, and why</h3><p class="small">${batteryLine(report) ?? ''}.</p><ul class="small">${lines.map((line) => markup`<li>${line}</li>`)}</ul>`
}

/** What a probe of another class found stands in a section of its own. */
const classCard = (probe: ClassProbe, report: Report): Markup =>
  markup`<article class="card" id="${anchor(probe.id)}"><h3>${statusChip(probe.status)} ${probe.id}</h3><p>${classHeadline(probe, report)}</p>${facts(
    [
      ['Method', `${probe.attack} (${probe.class})`],
      ['Parameters', parameters(probe)],
    ],
  )}${probe.reproduce === undefined ? '' : markup`<details><summary>See it again</summary>${command(probe.reproduce)}</details>`}</article>`

const tally = (probes: readonly Probe[]): string => {
  const of = (status: Probe['status']) => probes.filter((probe) => probe.status === status).length
  return `${count(probes.length)} probes: ${of('passed')} passed, ${of('failed')} failed, ${of('measured')} measured without a requirement, ${of('not run')} not run.`
}

export const probesSection = (report: Report): Markup =>
  section(
    'probes',
    'Probes',
    markup`${tally(report.probes)}${corruptionProbes(report).length > 0 && markup` Those of <a href="#corruptions">corruptions</a> stand in their table.`}`,
    markup`${flagged(report.probes)}<div class="columns">${attackProbes(report).map((probe) => card(probe, report))}${classProbes(report).map((probe) => classCard(probe, report))}</div>${leftOut(report)}`,
  )
