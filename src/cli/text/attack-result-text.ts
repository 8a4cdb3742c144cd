import { bareInterval, budget, count, figure, normNames, number, percent } from '../../assessment/report/format.ts'
import { renderTable } from '../../assessment/report/table.ts'
import { cleanDetails, wordsFor } from '../../assessment/report/task-words.ts'
import { goalSentence } from '../../assessment/task.ts'
import type { FinishedAttack } from '../work/attack-command.ts'
import { counted, fields } from './fields.ts'

/** What `bartizan attack run` prints. */
export const attackResultText = (done: FinishedAttack, width: number): string => {
  const { result, input, targets, broken, refused, excluded, saved } = done
  const { attack, norm = 'linf', epsilon, params, rows, cleanAccuracy, robustAccuracy, distance, queries } = result
  const within = epsilon === undefined ? 'no budget' : `budget ${budget(epsilon, norm, input)}`
  const settings = Object.entries(params).map(([key, value]) => `${key}=${value}`)
  const { task } = result
  const accuracies = [
    [task ? 'can be broken' : 'clean', cleanAccuracy],
    [task ? `robust share after ${attack}` : `after ${attack}`, robustAccuracy],
  ] as const
  return [
    `${attack} in ${normNames[norm]}, ${within}, ${counted(rows, 'row')}`,
    '',
    renderTable(
      [
        { title: task ? 'share of the rows' : 'accuracy' },
        { title: 'value', align: 'right' },
        { title: '95 % interval', align: 'right' },
      ],
      accuracies.map(([name, measured]) => [name, percent(measured.value), bareInterval(measured)]),
      width,
    ),
    '',
    fields(
      [
        [task ? 'broken' : 'turned', turnedText(done)],
        ['broken means', task && goalSentence(task)],
        ...(task ? [[wordsFor({ task }).clean.toLowerCase(), figure(done.clean.accuracy)] as const] : []),
        ...cleanDetails(done),
        [
          'target',
          targets === undefined
            ? undefined
            : `${targets === 'next' ? 'the class after the label' : `class ${targets}`}, reached by ${counted(broken, 'row')}`,
        ],
        [
          'distance',
          distance.median === null
            ? undefined
            : `median ${number(distance.median)}, mean ${number(distance.mean!)}, largest ${number(distance.max!)}`,
        ],
        ['queries', `${count(queries.forward / rows)} forward and ${count(queries.gradient / rows)} gradient a row`],
        ['measured', result.units],
        ...constraintFields(done),
        ['left out', excluded === 0 ? undefined : `${counted(excluded, 'row')} of the target class`],
        [
          'refused',
          refused === 0 ? undefined : `${counted(refused, 'candidate')} that left the budget: they count as not turned`,
        ],
        ['parameters', settings.join(', ')],
        ['seed', String(result.seed ?? 0)],
        ['time', `${number(result.seconds)} s`],
        ['examples', saved],
      ],
      width,
    ),
  ].join('\n')
}

/** What changed rows had to keep to, and how many clean ones don't. */
const constraintFields = ({ result }: FinishedAttack): readonly (readonly [string, string | undefined])[] => {
  const { constraints } = result
  if (!constraints) return []
  return [
    ['constraints', `${count(constraints.rules.length)} kept by every changed row`],
    [
      'outside',
      constraints.outside === 0
        ? undefined
        : `${counted(constraints.outside, 'clean row')} that break them: not attacked, not counted`,
    ],
  ]
}

/** Rows that were right and aren't any more. */
const turnedText = ({ result }: FinishedAttack): string => {
  const { rows, cleanAccuracy, robustAccuracy } = result
  const right = Math.round(cleanAccuracy.value * rows)
  return `${count(right - Math.round(robustAccuracy.value * rows))} of ${counted(right, 'row')} that ${result.task ? 'could be broken' : 'were right'}`
}
