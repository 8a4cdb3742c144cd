import type { EvasionProbe, Gate, InputInfo, Probe, Severity } from '../../../contract/index.ts'
import { budget, normNames } from '../format.ts'
import { type Content, type Markup, markup } from '../markup.ts'

/** A part of the page under a heading of the second level. */
export const section = (id: string, title: string, lead: Content, body: Content): Markup =>
  markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${
    lead === '' ? '' : markup`<p class="lead">${lead}</p>`
  }${body}</section>`

type Tone = 'fail' | 'pass' | 'warn' | 'plain'

const chip = (tone: Tone, text: string): Markup => markup`<span class="chip ${tone}">${text}</span>`

const severityTones: Readonly<Record<Severity, Tone>> = {
  critical: 'fail',
  high: 'fail',
  medium: 'warn',
  low: 'plain',
  info: 'plain',
}
const statusTones: Readonly<Record<Probe['status'], Tone>> = {
  failed: 'fail',
  passed: 'pass',
  measured: 'plain',
  'not run': 'warn',
}

export const severityChip = (severity: Severity): Markup => chip(severityTones[severity], severity)
export const statusChip = (status: Probe['status']): Markup => chip(statusTones[status], status)
export const gateChip = ({ passed }: Gate): Markup => chip(passed ? 'pass' : 'fail', passed ? 'held' : 'failed')

/** The id of a probe's element: what an address may hold, whatever the probe is called. */
export const anchor = (probe: string): string => `probe-${probe.replace(/[^\w.-]+/g, '-')}`

/** "Linf 0.1 (25.5/255)"; empty where a probe has no budget. */
export const budgetOf = ({ norm, epsilon }: Pick<EvasionProbe, 'norm' | 'epsilon'>, input: InputInfo): string => {
  if (norm === undefined) return ''
  return epsilon === undefined ? normNames[norm] : `${normNames[norm]} ${budget(epsilon, norm, input)}`
}

/** Words that stay whole on a line where they can: an option such as --norm is not torn at its hyphens. */
const words = (text: string): readonly Markup[] =>
  text.split(' ').map((word, i) => markup`${i === 0 ? '' : ' '}<span class="word">${word}</span>`)

/** A command line to copy. */
export const command = (line: string): Markup => markup`<pre><code>${words(line)}</code></pre>`

/** Prose in which `backticks` mark code. */
export const prose = (text: string): readonly Content[] =>
  text.split('`').map((part, i) => (i % 2 === 1 ? markup`<code>${words(part)}</code>` : part))

/** Terms and what they are; entries without a value are left out. */
export const facts = (entries: readonly (readonly [string, Content])[]): Markup =>
  markup`<dl class="facts">${entries
    .filter(([, value]) => value !== '' && value !== undefined && value !== false)
    .map(([term, value]) => markup`<dt>${term}</dt><dd>${value}</dd>`)}</dl>`
