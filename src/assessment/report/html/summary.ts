import type { Finding, Report, Severity } from '../../../contract/index.ts'
import { count, gateSentence } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import { verdictOf, verdictSentence } from '../verdict.ts'
import { keyFigures } from './key-figures.ts'
import { anchor, prose } from './parts.ts'

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info']

/** The worst first; order of the report among equals. */
export const bySeverity = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))

export const signs = {
  passed: markup`<svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true" focusable="false"><circle cx="13" cy="13" r="12" fill="var(--pass)"/><path d="M7.5 13.5l4 4 7-8" fill="none" stroke="var(--card)" stroke-width="2.6"/></svg>`,
  failed: markup`<svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true" focusable="false"><circle cx="13" cy="13" r="12" fill="var(--fail)"/><path d="M8.5 8.5l9 9M17.5 8.5l-9 9" fill="none" stroke="var(--card)" stroke-width="2.6"/></svg>`,
} as const

const words = { passed: 'Passed', failed: 'Failed' } as const

const about = ({ data, model, task }: Report): string => {
  const kinds = { classification: 'classes', regression: 'outputs', 'multi-label': 'labels' } as const
  const classes =
    data.classes > 0
      ? `, ${count(data.classes)} ${data.classes === 1 && task?.kind === 'regression' ? 'output' : kinds[task?.kind ?? 'classification']}`
      : ''
  const of = model.endpoint
    ? 'a model behind an API'
    : `${count(model.parameters ?? 0)} parameters, ${model.producer || 'producer not stated'}`
  return `${count(data.rows)} rows of ${data.path}${classes}; ${of}`
}

/** Which model on which rows. */
export const pageHeader = (report: Report): Markup =>
  markup`<header><p class="kicker"><span>Bartizan assessment</span><span>${report.tool.name} ${report.tool.version}, seed ${report.seed}</span></p>
<h1>${report.model.path}</h1><p class="about">${about(report)}</p></header>`

/** The rest of the first screen: the verdict, what failed, what to do, and the numbers that matter. */
export const summary = (report: Report): Markup => {
  const { verdict, failedGates, failedProbes } = verdictOf(report)
  const [first] = bySeverity(report.findings)
  const behind = new Set(failedGates.map(({ probe }) => probe))
  const failures = [
    ...failedGates.map((gate) => markup`<li>${gateSentence(gate, report.input)}.</li>`),
    ...failedProbes
      .filter(({ id }) => !behind.has(id))
      .map(
        ({ id, reason }) =>
          markup`<li><a href="#${anchor(id)}">Probe ${id}</a> failed${reason ? `: ${reason}` : ''}.</li>`,
      ),
  ]
  return markup`<section class="verdict ${verdict}" aria-labelledby="verdict-title" data-verdict="${verdict}"><h2 id="verdict-title">${signs[verdict]}<span><strong>${words[verdict]}</strong>: ${verdictSentence(report)}</span></h2>
${failures.length === 0 ? '' : markup`<ul>${failures}</ul>`}
${first === undefined ? '' : markup`<p class="todo"><strong>What to do${verdict === 'passed' ? ' next' : ''}:</strong> ${prose(first.remedy)} <a href="#findings">All findings</a></p>`}</section>
${keyFigures(report)}`
}
