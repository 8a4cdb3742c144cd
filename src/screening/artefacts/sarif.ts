import { sha256 } from '../../base/canonical-json.ts'
import type { Severity } from '../../contract/index.ts'
import type { ScanFinding, ScanResult, Unscanned } from '../../contract/scan-result.ts'
import { atLeast, type Rule, type RuleId, rules } from './rules.ts'

/** A file that was not looked into is shown too: code scanning would otherwise list nothing and look clean. */
const notInspected: Rule & { readonly id: string } = {
  id: 'not-inspected',
  severity: 'medium',
  title: 'A file could not be looked into',
  meaning: 'Nothing is known about it: that is no pass.',
  hint: 'unpack it or convert it to a format that can be inspected, and scan again',
}

export interface SarifOptions {
  readonly version: string
  /** What file names are relative to, with forward slashes: a prefix for the reader's repository, or "". */
  readonly base: string
}

/** Scores by which code scanning sorts (0 to 10). */
const scores: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  info: '0.5',
}

/** Control characters come from file names and files; brackets would begin a link (SARIF 2.1.0, 3.11.6). */
const plain = (text: string): string =>
  text.replace(/[\p{Cc}\p{Surrogate}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, '\ufffd').replace(/[\\[\]]/g, '\\$&')

const uriPath = (path: string): string =>
  path
    .split('/')
    .map((part) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd')))
    .join('/')

const levelOf = (severity: Severity, failOn: Severity): 'error' | 'warning' | 'note' =>
  atLeast(severity, failOn) ? 'error' : atLeast(severity, 'medium') ? 'warning' : 'note'

const ruleOf = (id: string): Rule => (id === notInspected.id ? notInspected : rules[id as RuleId])

const unscannedAsFinding = ({ file, where = '', reason }: Unscanned): ScanFinding => ({
  file,
  rule: notInspected.id,
  severity: notInspected.severity,
  where,
  message: `it was not looked into: ${reason}`,
  hint: notInspected.hint,
})

/** SARIF 2.1.0 of a scan: every result with a place in a file, what was not looked into among them. */
export const renderScanSarif = (result: ScanResult, { version, base }: SarifOptions): string => {
  const findings = [...result.findings, ...result.unscanned.map(unscannedAsFinding)]
  const used = [...new Set(findings.map(({ rule }) => rule))].sort()
  const location = (file: string, line = 1) => [
    {
      physicalLocation: {
        artifactLocation: { uri: uriPath(base === '' ? file : `${base}/${file}`) },
        region: { startLine: line, startColumn: 1 },
      },
    },
  ]
  const resultOf = ({ file, rule, severity, where, line, message, hint }: ScanFinding) => ({
    ruleId: rule,
    ruleIndex: used.indexOf(rule),
    kind: 'fail',
    level: levelOf(severity, result.failOn),
    message: { text: plain(`${where === '' ? file : `${file} (${where})`}: ${message}. What to do: ${hint}.`) },
    locations: location(file, line),
    partialFingerprints: { 'bartizan/v1': sha256([rule, file, where, message].join('\n')) },
  })
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Bartizan',
            semanticVersion: version,
            rules: used.map((id) => ({
              id,
              shortDescription: { text: ruleOf(id).title },
              fullDescription: { text: ruleOf(id).meaning },
              help: { text: ruleOf(id).hint },
              defaultConfiguration: { level: levelOf(ruleOf(id).severity, 'medium') },
              properties: { tags: ['security', 'supply-chain'], 'security-severity': scores[ruleOf(id).severity] },
            })),
          },
        },
        automationDetails: { id: `bartizan/scan/${uriPath(base)}` },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            exitCode: result.verdict === 'passed' ? 0 : 1,
          },
        ],
        results: findings.map(resultOf),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}
