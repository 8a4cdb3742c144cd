import { figure, number, percent } from '../../assessment/report/format.ts'
import { wrapText } from '../../assessment/report/table.ts'
import { wordsFor } from '../../assessment/report/task-words.ts'
import { goalSentence } from '../../assessment/task.ts'
import type { Findings } from '../setup/findings.ts'
import { counted, fields } from './fields.ts'

/** What `bartizan init` prints. */
export const initText = (
  { data, out }: { readonly data: string; readonly out: string },
  { from, available, rows, feeding, tried, range, task, accuracy, error, budgets, notes }: Findings,
  width: number,
): string => {
  const words = wordsFor({ task: task.kind === 'classification' ? undefined : task })
  return [
    `Written: ${out}`,
    '',
    fields(
      [
        ['rows', `${rows[0]}:${rows[1]} of ${counted(available, 'row')} in ${data}`],
        [
          'labels',
          from.labels ??
            from.labelColumns?.join(', ') ??
            (from.label === undefined ? 'with the rows' : `column "${from.label}"`),
        ],
        ['predicts', task.kind === 'classification' ? undefined : predicted[task.kind]],
        ['features', from.columns && counted(from.columns.length, 'column')],
        ['fed as', feeding.title],
        [
          'tried',
          tried.length < 2 || task.kind === 'regression'
            ? undefined
            : tried
                .slice(0, 3)
                .map((way) => `${way.title}: accuracy ${percent(way.accuracy)}`)
                .join('; '),
        ],
        ['range', `${range.range.join(' to ')} (${range.reason})`],
        [words.clean.toLowerCase(), figure(accuracy)],
        ['mean absolute error', error && number(Number(error.value.toPrecision(4)))],
        ['broken means', goalSentence(task)],
        ['budgets', `${budgets.norm} ${budgets.epsilon.join(', ')}`],
      ],
      width,
    ),
    '',
    ...notes.flatMap((note) => [wrapText(`Note: ${note}`, width, '  '), '']),
    `Next: read ${out}, correct what could not be known, then run`,
    `  bartizan assess${out === 'bartizan.yaml' ? '' : ` ${out}`}`,
  ].join('\n')
}

const predicted = { regression: 'numbers', 'multi-label': 'labels that each hold or not' } as const
