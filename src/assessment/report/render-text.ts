import type { EvasionProbe, Report } from '../../contract/index.ts'
import { batteryLine, leftOutLines, standingLines } from './battery-lines.ts'
import { textSection } from './blocks/text-blocks.ts'
import { classSections } from './classes/index.ts'
import { constraintLines } from './constraint-lines.ts'
import { attackProbes, notRunLines } from './corruption-lines.ts'
import { corruptionText } from './corruption-text.ts'
import { checksLine } from './diagnostic-lines.ts'
import { endpointLines } from './endpoint-lines.ts'
import { sizeText } from './evasion-lines.ts'
import { bareInterval, budget, count, figure, gateSentence, normNames, number, percent } from './format.ts'
import { classProbes } from './probes-of.ts'
import { oneLine } from './safe-text.ts'
import { type Column, renderTable, wrapText } from './table.ts'
import { cleanDetails, wordsFor } from './task-words.ts'
import { transferText } from './transfer-text.ts'
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

const probeRow = (
  { norm, epsilon, result, attack, status, flags }: EvasionProbe,
  { input }: Report,
): readonly string[] => {
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
    distance.median === null ? '' : sizeText(distance.norm, distance.median),
    count((queries.forward + queries.gradient) / Math.max(rows, 1)),
    state,
  ]
}

/** The probes one by one, but for those of corruptions. */
const attackTable = (report: Report, width: number): readonly string[] => {
  const rows = attackProbes(report).map((probe) => probeRow(probe, report))
  return rows.length === 0 && (report.corruptions || classProbes(report).length > 0)
    ? []
    : ['', renderTable(probeColumns, rows, width)]
}

/** The report for a terminal: plain text, no colour, lines at most `width` wide. */
export const renderText = (report: Report, width = 100): string => {
  const { model, data, clean, probes, gates, findings, input } = report
  const declared = clean.declared === undefined ? '' : `; declared ${percent(clean.declared)}`
  const section = (title: string, items: readonly string[]): readonly string[] =>
    items.length === 0 ? [] : ['', title, ...items.map((item) => wrapText(`- ${item}`, width - 2, '  '))]
  return [
    wrapText(`${model.path}, rows ${data.from} to ${data.to - 1} of ${data.path}`, width),
    `${wordsFor(report).clean.toLowerCase()} ${figure(clean.accuracy)}${declared}`,
    ...cleanDetails(report).map(([name, value]) => `${name} ${value}`),
    ...(report.task ? [wrapText(wordsFor(report).meaning, width)] : []),
    ...attackTable(report, width),
    ...classSections(report).flatMap((one) => textSection(one, width)),
    ...transferText(report, width),
    ...corruptionText(report, width),
    ...section('Constraints', constraintLines(input).map(oneLine)),
    ...section(
      'Certified, by proof over the trees',
      (report.certified ?? []).map(
        ({ norm, median, points }) =>
          `${normNames[norm]}: median distance ${number(median)}; ${points.map(({ epsilon, accuracy }) => `${percent(accuracy.value)} at ${budget(epsilon, norm, input)}`).join(', ')}`,
      ),
    ),
    ...section(
      'What the endpoint was asked',
      endpointLines(report.timing.endpoint).map(([name, line]) => `${name.toLowerCase()}: ${line}`),
    ),
    ...section('Only rows that were left', standingLines(report)),
    ...section('Not run', notRunLines(report)),
    ...section(`Left out: ${batteryLine(report) ?? ''}`, leftOutLines(report)),
    ...section(
      'An attack may be failing',
      probes.flatMap(({ id, flags }) => flags.map(({ message }) => `${id}: ${message}`)),
    ),
    ...[checksLine(report)].flatMap((line) => (line === undefined ? [] : ['', wrapText(line, width)])),
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
