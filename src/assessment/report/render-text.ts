import type { Probe, Report } from '../../contract/index.ts'
import { bareInterval, budget, count, figure, gateSentence, normNames, number, percent } from './format.ts'
import { oneLine } from './safe-text.ts'
import { type Column, renderTable, wrapText } from './table.ts'
import { verdictOf, verdictSentence } from './verdict.ts'

const probeColumns: readonly Column[] = [
  { title: 'attack' },
  { title: 'budget' },
  { title: 'robust', align: 'right' },
  { title: '95 % interval', align: 'right' },
  { title: 'rows', align: 'right', dispensable: 1 },
  { title: 'median', align: 'right', dispensable: 2 },
  { title: 'queries/row', align: 'right', dispensable: 3 },
  { title: 'status' },
]

const probeRow = ({ norm, epsilon, result, attack, status, flags }: Probe, { input }: Report): readonly string[] => {
  const at = norm === undefined ? '' : `${normNames[norm]} ${epsilon === undefined ? '' : budget(epsilon, norm, input)}`
  const state = status + (flags.length === 0 ? '' : `, ${flags.length} flagged`)
  if (result === undefined) return [attack, at, '', '', '', '', '', state]
  const { robustAccuracy, distance, queries, rows } = result
  return [
    attack,
    at,
    percent(robustAccuracy.value),
    bareInterval(robustAccuracy),
    count(rows),
    distance.median === null ? '' : number(distance.median),
    count((queries.forward + queries.gradient) / Math.max(rows, 1)),
    state,
  ]
}

/** The report for a terminal: plain text, no colour, lines at most `width` wide. */
export const renderText = (report: Report, width = 100): string => {
  const { model, data, clean, probes, gates, findings, input } = report
  const declared = clean.declared === undefined ? '' : `; declared ${percent(clean.declared)}`
  const section = (title: string, items: readonly string[]): readonly string[] =>
    items.length === 0 ? [] : ['', title, ...items.map((item) => wrapText(`- ${item}`, width - 2, '  '))]
  return [
    wrapText(`${model.path}, rows ${data.from} to ${data.to - 1} of ${data.path}`, width),
    `clean accuracy ${figure(clean.accuracy)}${declared}`,
    '',
    renderTable(
      probeColumns,
      probes.map((probe) => probeRow(probe, report)),
      width,
    ),
    ...section(
      'Not run',
      probes.filter(({ status }) => status === 'not run').map(({ id, reason }) => `${id}: ${reason ?? ''}`),
    ),
    ...section(
      'An attack may be failing',
      probes.flatMap(({ id, flags }) => flags.map(({ message }) => `${id}: ${message}`)),
    ),
    ...section(
      'Findings',
      findings.map(({ severity, title, remedy }) => `${severity}: ${title}. What to do: ${remedy}`),
    ),
    ...section(
      'Gates',
      gates.map((gate) => `${gate.passed ? 'held' : 'FAILED'}: ${gate.id}: ${gateSentence(gate, input)}`),
    ),
    '',
    `${verdictOf(report).verdict.toUpperCase()}: ${oneLine(verdictSentence(report))}`,
    '',
  ].join('\n')
}
