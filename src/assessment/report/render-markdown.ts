import type { Report } from '../../contract/index.ts'
import { budget, figure, gateMeasured, gateSubject, normNames, requirement } from './format.ts'
import { oneLine } from './safe-text.ts'
import { verdictOf, verdictSentence } from './verdict.ts'

/** Untrusted text as plain text of one Markdown table cell or line. */
const plain = (text: string): string => oneLine(text).replace(/[\\`*_{}[\]()#+!|<>&~@]/g, (char) => `\\${char}`)

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  '',
  `| ${head.join(' | ')} |`,
  `|${head.map(() => ' --- ').join('|')}|`,
  ...rows.map((row) => `| ${row.map(plain).join(' | ')} |`),
]

/** A short report in GitHub-flavoured Markdown, for the summary of a pipeline's run. */
export const renderMarkdown = (report: Report): string => {
  const { model, data, clean, gates, probes, findings, input } = report
  return [
    `## ${plain(model.path)}: ${verdictOf(report).verdict}`,
    '',
    `${plain(verdictSentence(report))}. Clean accuracy ${plain(figure(clean.accuracy))} on rows ${data.from} to ${data.to - 1} of ${plain(data.path)}.`,
    ...(gates.length === 0
      ? []
      : table(
          ['Gate', 'What', 'Measured', 'Required', 'Held'],
          gates.map((gate) => [
            gate.id,
            gateSubject(gate, input),
            gateMeasured(gate),
            requirement(gate.metric, gate.required),
            gate.passed ? 'yes' : 'no',
          ]),
        )),
    ...table(
      ['Attack', 'Budget', 'Robust accuracy', 'Status'],
      probes.map(({ attack, norm, epsilon, result, status, reason }) => [
        attack,
        norm === undefined ? '' : `${normNames[norm]} ${epsilon === undefined ? '' : budget(epsilon, norm, input)}`,
        result === undefined ? '' : figure(result.robustAccuracy),
        reason === undefined ? status : `${status}: ${reason}`,
      ]),
    ),
    ...(findings.length === 0 ? [] : ['']),
    ...findings.map(({ severity, title, remedy }) => `- **${severity}**: ${plain(title)}. ${plain(remedy)}`),
    '',
  ].join('\n')
}
