import type { EvasionProbe } from '../../../contract/index.ts'
import { diagnosticTally, measuredText } from '../diagnostic-lines.ts'
import { type Markup, markup } from '../markup.ts'
import { htmlTable } from './html-table.ts'

/** Every check of whether this attack may be failing, with its figure; open where one fired. */
export const diagnosticsPart = ({ id, diagnostics = [] }: EvasionProbe): Markup | '' => {
  if (diagnostics.length === 0) return ''
  const table = htmlTable(
    `Checks of ${id}`,
    [{ title: 'Check' }, { title: 'Verdict' }, { title: 'Measured', align: 'right' }, { title: 'What it means' }],
    diagnostics.map((diagnostic) => [
      diagnostic.title,
      diagnostic.verdict === 'fired' ? markup`<strong>fired</strong>` : 'passed',
      markup`<span class="num">${measuredText(diagnostic)}</span>`,
      diagnostic.message,
    ]),
  )
  const summary = markup`<summary>Is the attack failing? ${diagnosticTally(diagnostics)}</summary>`
  return diagnostics.some(({ verdict }) => verdict === 'fired')
    ? markup`<details open="">${summary}${table}</details>`
    : markup`<details>${summary}${table}</details>`
}
