import { figure, percent } from '../../assessment/report/format.ts'
import { wrapText } from '../../assessment/report/table.ts'
import type { Findings } from '../setup/findings.ts'
import { counted, fields } from './fields.ts'

/** What `bartizan init` prints. */
export const initText = (
  { data, out }: { readonly data: string; readonly out: string },
  { from, available, rows, feeding, tried, range, accuracy, budgets, notes }: Findings,
  width: number,
): string =>
  [
    `Written: ${out}`,
    '',
    fields(
      [
        ['rows', `${rows[0]}:${rows[1]} of ${counted(available, 'row')} in ${data}`],
        ['labels', from.labels ?? (from.label === undefined ? 'with the rows' : `column "${from.label}"`)],
        ['features', from.columns && counted(from.columns.length, 'column')],
        ['fed as', feeding.title],
        [
          'tried',
          tried.length < 2
            ? undefined
            : tried
                .slice(0, 3)
                .map((way) => `${way.title}: accuracy ${percent(way.accuracy)}`)
                .join('; '),
        ],
        ['range', `${range.range.join(' to ')} (${range.reason})`],
        ['accuracy', figure(accuracy)],
        ['budgets', `${budgets.norm} ${budgets.epsilon.join(', ')}`],
      ],
      width,
    ),
    '',
    ...notes.flatMap((note) => [wrapText(`Note: ${note}`, width, '  '), '']),
    `Next: read ${out}, correct what could not be known, then run`,
    `  bartizan assess${out === 'bartizan.yaml' ? '' : ` ${out}`}`,
  ].join('\n')
