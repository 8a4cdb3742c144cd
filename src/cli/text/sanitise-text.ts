import { renderTable } from '../../assessment/report/table.ts'
import type { SanitisedRule, SanitiseResult } from '../../contract/sanitise-result.ts'
import { suppressionReasons } from '../../screening/pii/index.ts'
import { counted } from './fields.ts'
import { recordedText } from './record-text.ts'

const sentences = {
  unchanged: 'UNCHANGED: nothing in it had to change.',
  sanitised: 'SANITISED.',
  'would change': 'WOULD CHANGE: this was a dry run, nothing was written.',
} as const

const restored: Readonly<Record<SanitiseResult['verdict'], string>> = {
  unchanged: 'UNCHANGED: it holds no tokens.',
  sanitised: 'RESTORED.',
  'would change': sentences['would change'],
}

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

const suppressedText = (
  { total, counts }: NonNullable<SanitiseResult['suppressed']>,
  width: number,
): readonly string[] =>
  total === 0
    ? ['not reported: no other candidate for personal data', '']
    : [
        `not reported, though it looked like personal data: ${counted(total, 'candidate')} (places are in the JSON)`,
        renderTable(
          [{ title: 'kind' }, { title: 'rule' }, { title: 'why not' }, { title: 'count', align: 'right' }],
          counts.map(({ kind, rule, reason, count }) => [kind, rule, suppressionReasons[reason], String(count)]),
          width,
        ),
        '',
      ]

/** What `bartizan data sanitize` prints: counts and places, never a value that was found. */
export const sanitiseText = (result: SanitiseResult, width: number): string => {
  const { rows, cells, rules, verdict, out, format, policy, record, suppressed, absentColumns = [] } = result
  const noun = nounOf(format)
  return [
    ...(rules.length === 0 ? [] : [table(rules, width), '']),
    ...(suppressed ? suppressedText(suppressed, width) : []),
    `${counted(rows.in, noun)} in, ${counted(rows.out, noun)} out, ${rows.dropped} dropped, ${rows.changed} changed; ${cells.changed} of ${counted(cells.in, 'cell')} changed`,
    ...(out === null ? [] : [`${out.path}  sha256 ${out.sha256}`]),
    `rules sha256 ${policy.sha256}${policy.key === null ? '' : `, key ${policy.key}`}`,
    ...absentColumns.map((name) => `note: the rules name a column "${name}", which is not in the data`),
    ...(record ? [recordedText(record)] : []),
    policy.restore ? restored[verdict] : sentences[verdict],
  ].join('\n')
}
