import type { Report } from '../../../contract/index.ts'
import { gateCorruption, gateMeasured, gateSubject, requirement } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import { htmlTable } from './html-table.ts'
import { anchor, command, gateChip, prose, section, severityChip } from './parts.ts'
import { bySeverity } from './summary.ts'

const lead = (found: number, ran: boolean): string => {
  if (found > 0) return 'What was found, the gravest first.'
  return ran ? 'Nothing was found that calls for action.' : 'No attack ran, so nothing could be found.'
}

export const findingsSection = ({ findings, probes }: Report): Markup =>
  section(
    'findings',
    'Findings',
    lead(
      findings.length,
      probes.some(({ result }) => result),
    ),
    bySeverity(findings).map(
      ({ severity, title, meaning, remedy, reproduce, probe }) =>
        markup`<article class="card"><h3>${severityChip(severity)} ${title}</h3><p>${prose(meaning)}</p><p><strong>What to do.</strong> ${prose(remedy)}</p><p class="label">See it again</p>${command(reproduce)}${
          probe === undefined ? '' : markup`<p class="small">Measured by <a href="#${anchor(probe)}">${probe}</a></p>`
        }</article>`,
    ),
  )

const note = (text: string | undefined): Markup | '' =>
  text === undefined ? '' : markup`<br><span class="small muted">${text}</span>`

export const gatesSection = ({ gates, input }: Report): Markup =>
  section(
    'gates',
    'Gates',
    gates.length === 0
      ? 'No gate was declared. Declare what must hold under gates in bartizan.yaml, and the exit code will follow it.'
      : 'What bartizan.yaml requires. The exit code is 1 where one gate fails.',
    gates.length === 0
      ? ''
      : htmlTable(
          'Gates',
          [
            { title: 'Gate', whole: true },
            { title: 'Requirement on' },
            { title: 'Measured', whole: true },
            { title: 'Required' },
            { title: 'Result' },
          ],
          gates.map((gate) => [
            gate.id,
            [gateSubject(gate, input), note(gateCorruption(gate))],
            [gateMeasured(gate), note(gate.reason)],
            requirement(gate.metric, gate.required),
            gateChip(gate),
          ]),
        ),
  )
