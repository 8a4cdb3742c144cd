import { renderTable } from '../../assessment/report/table.ts'
import type { SanitisedRule, SanitiseResult } from '../../contract/sanitise-result.ts'
import { counted } from './fields.ts'

const sentences = {
  unchanged: 'UNCHANGED: nothing in it had to change.',
  sanitised: 'SANITISED.',
  'would change': 'WOULD CHANGE: this was a dry run, nothing was written.',
} as const

const nounOf = (format: SanitiseResult['format']): string =>
  format === 'image' || format === 'image-folder' ? 'image' : format === 'text' ? 'paragraph' : 'row'

const table = (rules: readonly SanitisedRule[], width: number): string =>
  renderTable(
    [
      { title: 'kind' },
      { title: 'rule' },
      { title: 'action' },
      { title: 'rows', align: 'right' },
      { title: 'cells', align: 'right' },
    ],
    rules.map(({ kind, rule, action, rows, cells }) => [kind, rule, action, String(rows), String(cells)]),
    width,
  )

/** What `bartizan data sanitize` prints: counts and places, never a value that was found. */
export const sanitiseText = (result: SanitiseResult, width: number): string => {
  const { rows, cells, rules, verdict, out, format, policy } = result
  const noun = nounOf(format)
  return [
    ...(rules.length === 0 ? [] : [table(rules, width), '']),
    `${counted(rows.in, noun)} in, ${counted(rows.out, noun)} out, ${rows.dropped} dropped, ${rows.changed} changed; ${cells.changed} of ${counted(cells.in, 'cell')} changed`,
    ...(out === null ? [] : [`${out.path}  sha256 ${out.sha256}`]),
    `rules sha256 ${policy.sha256}${policy.key === null ? '' : `, key ${policy.key}`}`,
    sentences[verdict],
  ].join('\n')
}
