import { endpointLines } from '../../assessment/report/endpoint-lines.ts'
import { distanceSummary, evasionFacts } from '../../assessment/report/evasion-lines.ts'
import { bareInterval, budget, count, figure, normNames, number, percent } from '../../assessment/report/format.ts'
import { renderTable } from '../../assessment/report/table.ts'
import { cleanDetails, wordsFor } from '../../assessment/report/task-words.ts'
import { goalSentence } from '../../assessment/task.ts'
import type { FinishedAttack } from '../work/attack-command.ts'
import { counted, fields } from './fields.ts'

/** What `bartizan attack run` prints. */
export const attackResultText = (done: FinishedAttack, width: number): string => {
  const { result, input, targets, broken, refused, excluded, files } = done
  const { attack, norm = 'linf', epsilon, params, rows, cleanAccuracy, robustAccuracy, distance, queries } = result
  const within = epsilon === undefined ? 'no budget' : `budget ${budget(epsilon, norm, input)}`
  const settings = Object.entries(params).map(([key, value]) => `${key}=${value}`)
  const { task, answeredNaN = 0 } = result
  const left = refused - answeredNaN
  const accuracies = [
    [task ? 'can be broken' : 'clean', cleanAccuracy],
    [task ? `robust share after ${attack}` : `after ${attack}`, robustAccuracy],
  ] as const
  return [
    norm === 'patch' && epsilon !== undefined
      ? `${attack} of at most ${percent(epsilon)} of the picture, ${counted(rows, 'row')}`
      : `${attack} in ${normNames[norm]}, ${within}, ${counted(rows, 'row')}`,
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
        ['distance', distanceSummary(distance)],
        ...evasionFacts(result).map(([name, line]) => [name.toLowerCase(), line] as const),
        ['queries', `${count(queries.forward / rows)} forward and ${count(queries.gradient / rows)} gradient a row`],
        ...endpointLines(result.endpoint).map(([name, line]) => [name.toLowerCase(), line] as const),
        ['measured', result.units],
        ...constraintFields(done),
        ['left out', excluded === 0 ? undefined : `${counted(excluded, 'row')} of the target class`],
        [
          'refused',
          left === 0 ? undefined : `${counted(left, 'candidate')} that left the budget: they count as not turned`,
        ],
        [
          'answered NaN',
          answeredNaN === 0
            ? undefined
            : `${counted(answeredNaN, 'candidate')} of ${count(rows)}: they count as not turned`,
        ],
        ['parameters', settings.join(', ')],
        ['seed', String(result.seed ?? 0)],
        ['time', `${number(result.seconds)} s`],
        ...files,
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
