import { count, figure, percent } from '../../assessment/report/format.ts'
import { renderTable, wrapText } from '../../assessment/report/table.ts'
import type { LabelsResult } from '../../contract/labels.ts'
import { counted } from './fields.ts'
import { recordedText } from './record-text.ts'

/** Lines of each list; --json and --save have all. */
const most = 15

const rest = (all: number): readonly string[] =>
  all > most ? [`and ${count(all - most)} more (--json and --save have all)`] : []

const issueTable = ({ issues }: LabelsResult, width: number): readonly string[] =>
  issues.length === 0
    ? []
    : [
        '',
        'Labels that are probably wrong, the worst first',
        renderTable(
          [
            { title: 'row', align: 'right' },
            { title: 'given' },
            { title: 'suggested' },
            { title: 'score', align: 'right' },
          ],
          issues
            .slice(0, most)
            .map(({ row, given, suggested, score }) => [
              String(row),
              String(given),
              String(suggested),
              score.toFixed(4),
            ]),
          width,
        ),
        ...rest(issues.length),
      ]

const overlapTable = ({ overlap }: LabelsResult, width: number): readonly string[] =>
  overlap.length === 0
    ? []
    : [
        '',
        'Classes that are taken for one another',
        renderTable(
          [
            { title: 'a' },
            { title: 'b' },
            { title: 'rows', align: 'right' },
            { title: 'labelled a, held to be b', align: 'right', dispensable: 1 },
            { title: 'labelled b, held to be a', align: 'right', dispensable: 2 },
          ],
          overlap
            .slice(0, most)
            .map(({ a, b, rows, aToB, bToA }) => [String(a), String(b), count(rows), count(aToB), count(bToA)]),
          width,
        ),
        ...rest(overlap.length),
      ]

const classTable = ({ health: { classes } }: LabelsResult, width: number): readonly string[] => [
  '',
  renderTable(
    [
      { title: 'class' },
      { title: 'labelled', align: 'right' },
      { title: 'wrong', align: 'right' },
      { title: 'missed', align: 'right', dispensable: 1 },
      { title: 'share wrong', align: 'right' },
    ],
    classes
      .slice(0, most)
      .map((one) => [
        String(one.class),
        count(one.rows),
        count(one.wrong),
        count(one.missed),
        one.noise === null ? '-' : figure(one.noise),
      ]),
    width,
  ),
  ...rest(classes.length),
]

const origin = ({ probabilities, settings }: LabelsResult): string =>
  `probabilities ${
    probabilities.from === 'file'
      ? `from ${probabilities.file?.path}`
      : `of ${probabilities.network}, out of fold in ${probabilities.folds} folds (seed ${settings.seed})`
  }; they agree with ${figure(probabilities.agreement)} of the labels`

const meaning =
  'A label is held to be wrong where the model, which did not learn from that row, is surer of another class than it is of most rows of that class. ' +
  'Look at these rows before changing them: rare but right examples are among them, and what the model never learned is not.'

/** What `bartizan data labels` prints of rows with one label each. */
export const labelsText = (result: LabelsResult, width: number): string => {
  const { data, rows, classes, health, settings, outputs, verdict } = result
  return [
    wrapText(
      `${data.path}: ${counted(rows, 'row')} of ${counted(classes.length, 'class').replace(/classs$/, 'classes')}`,
      width,
    ),
    wrapText(origin(result), width, '  '),
    ...issueTable(result, width),
    ...overlapTable(result, width),
    ...classTable(result, width),
    '',
    wrapText(meaning, width),
    '',
    ...result.notes.map((note) => wrapText(`note: ${note}`, width, '  ')),
    ...(outputs.record ? [recordedText(outputs.record)] : []),
    wrapText(
      `${verdict === 'not judged' ? '' : `${verdict.toUpperCase()}: `}${counted(health.issues, 'label')} of ${count(rows)} probably wrong: ${figure(health.noiseRate)}` +
        (settings.atMost === null ? '' : `; at most ${percent(settings.atMost)} pass`),
      width,
    ),
  ].join('\n')
}
