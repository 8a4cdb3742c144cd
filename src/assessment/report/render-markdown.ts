import type { Figure, InputInfo, Report, TransferMatrix } from '../../contract/index.ts'
import { batteryLine, leftOutLines, standingLine } from './battery-lines.ts'
import { markdownSection } from './blocks/markdown-blocks.ts'
import { classSections } from './classes/index.ts'
import { constraintLines } from './constraint-lines.ts'
import {
  attackProbes,
  corruptionCells,
  corruptionLead,
  corruptionResult,
  corruptionsNotRun,
} from './corruption-lines.ts'
import { checksLine, firedLines } from './diagnostic-lines.ts'
import { endpointLines } from './endpoint-lines.ts'
import { budget, figure, gateCorruption, gateMeasured, gateSubject, normNames, requirement } from './format.ts'
import { markdownTable, plain } from './markdown-parts.ts'
import { cleanDetails, wordsFor } from './task-words.ts'
import { cleanName, craftedName, modelNames } from './transfer-names.ts'
import { verdictOf, verdictSentence } from './verdict.ts'

/** Robust accuracy of each model on rows that were made on others. */
const transferTable = (matrix: TransferMatrix, input: InputInfo): readonly string[] => {
  const { norm, epsilon, clean, crafted } = matrix
  const within = `${normNames[norm]} ${budget(epsilon, norm, input)}`
  const line = (title: string, figures: readonly Figure[]): readonly string[] => [title, ...figures.map(figure)]
  return markdownTable(
    [`Rows within ${plain(within)}`, ...modelNames(matrix).map(plain)],
    [line(cleanName, clean), ...crafted.map(({ on, robust }) => line(craftedName(matrix, on), robust))],
  )
}

/** Accuracy by corruption and severity. */
const corruptionTable = (report: Report): readonly string[] => {
  const left = corruptionsNotRun(report).map((line) => `- not run: ${plain(line)}`)
  const { corruptions } = report
  if (!corruptions) return left.length === 0 ? [] : ['', ...left]
  const { head, rows } = corruptionCells(corruptions)
  const lead = `${plain(corruptionLead(corruptions))} ${plain(corruptionResult(corruptions))}`
  return ['', lead, ...markdownTable(head, rows), ...(left.length === 0 ? [] : ['', ...left])]
}

const endpointUse = ({ timing }: Report): readonly string[] => {
  const lines = endpointLines(timing.endpoint).map(([name, line]) => `- ${plain(name)}: ${plain(line)}`)
  return lines.length === 0 ? [] : ['', 'What the endpoint was asked:', '', ...lines]
}

/** What the battery has no probe of, and why. */
const leftOut = (report: Report): readonly string[] => {
  const lines = leftOutLines(report).map((line) => `- ${plain(line)}`)
  return lines.length === 0 ? [] : ['', `Left out: ${plain(batteryLine(report) ?? '')}.`, '', ...lines]
}

/** How the checks of the attacks went, one line each of those that fired. */
const checkLines = (report: Report): readonly string[] => {
  const line = checksLine(report)
  if (line === undefined) return []
  const fired = firedLines(report).map((one) => `- ${plain(one)}`)
  return ['', plain(line), ...(fired.length === 0 ? [] : ['', ...fired])]
}

/** A short report in GitHub-flavoured Markdown, for the summary of a pipeline's run. */
export const renderMarkdown = (report: Report): string => {
  const { model, data, clean, gates, findings, input } = report
  return [
    `## ${plain(model.path)}: ${verdictOf(report).verdict}`,
    '',
    `${plain(verdictSentence(report))}. ${wordsFor(report).clean} ${plain(figure(clean.accuracy))}${cleanDetails(report)
      .map(([name, value]) => `, ${plain(`${name} ${value}`)}`)
      .join('')} on rows ${data.from} to ${data.to - 1} of ${plain(data.path)}.`,
    ...(constraintLines(input).length === 0 ? [] : ['', ...constraintLines(input).map((line) => `- ${plain(line)}`)]),
    ...(gates.length === 0
      ? []
      : markdownTable(
          ['Gate', 'What', 'Measured', 'Required', 'Held'],
          gates.map((gate) => [
            gate.id,
            gateSubject(gate, input),
            [gateMeasured(gate), gateCorruption(gate)].filter((part) => part !== undefined).join('; '),
            requirement(gate.metric, gate.required),
            gate.passed ? 'yes' : 'no',
          ]),
        )),
    ...markdownTable(
      ['Attack', 'Budget', wordsFor(report).robust, 'Status'],
      attackProbes(report).map(({ attack, norm, epsilon, result, status, reason, ...probe }) => [
        attack,
        norm === undefined ? '' : `${normNames[norm]} ${epsilon === undefined ? '' : budget(epsilon, norm, input)}`,
        result === undefined ? '' : figure(result.robustAccuracy),
        reason === undefined ? [status, standingLine(probe)].filter(Boolean).join(': ') : `${status}: ${reason}`,
      ]),
    ),
    ...classSections(report).flatMap(markdownSection),
    ...(report.transfer ?? []).flatMap((matrix) => transferTable(matrix, input)),
    ...corruptionTable(report),
    ...checkLines(report),
    ...endpointUse(report),
    ...leftOut(report),
    ...(findings.length === 0 ? [] : ['']),
    ...findings.map(({ severity, title, remedy }) => `- **${severity}**: ${plain(title)}. ${plain(remedy)}`),
    '',
  ].join('\n')
}
