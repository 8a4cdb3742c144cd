import { sha256 } from '../../base/canonical-json.ts'
import type { Finding, Probe, Report } from '../../contract/index.ts'
import { gateSentence } from './format.ts'
import type { Locator, Place } from './locator.ts'
import { normOf } from './probes-of.ts'
import { oneLine } from './safe-text.ts'
import { findingRule, flagRule, gateRule, probeRule, type SarifRule } from './sarif-rules.ts'
import { verdictOf } from './verdict.ts'

interface Result {
  readonly rule: SarifRule
  readonly level: 'error' | 'warning' | 'note'
  readonly message: string
  readonly place: Place
  /** What tells this result from others of its rule, the same from run to run. */
  readonly key: string
}

/** Brackets would begin a link (SARIF 2.1.0, 3.11.6). */
const plain = (text: string): string => oneLine(text).replace(/[\\[\]]/g, '\\$&')

const uriPath = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

const findingLevel = ({ severity }: Finding, probe: Probe | undefined): Result['level'] => {
  if (probe?.status === 'failed') return 'error'
  return severity === 'low' || severity === 'info' ? 'note' : 'warning'
}

const resultsOf = (report: Report, locator: Locator): readonly Result[] => {
  const { failedGates, failedProbes } = verdictOf(report)
  const probes = new Map(report.probes.map((probe) => [probe.id, probe]))
  const gates = failedGates.map(
    (gate): Result => ({
      rule: gateRule(gate),
      level: 'error',
      message: `Gate ${gate.id} did not hold. ${gateSentence(gate, report.input)}.`,
      place: locator.gate(gate.id),
      key: gate.id,
    }),
  )
  const findings = report.findings.map((finding): Result => {
    const probe = finding.probe === undefined ? undefined : probes.get(finding.probe)
    const level = findingLevel(finding, probe)
    return {
      rule: findingRule(finding, level),
      level,
      message: `${finding.title}. ${finding.meaning} What to do: ${finding.remedy} Reproduce: ${finding.reproduce}`,
      place: locator.threat(normOf(probe)),
      key: finding.probe ?? finding.id,
    }
  })
  const explained = new Set(report.findings.map(({ probe }) => probe))
  const bareProbes = failedProbes
    .filter(({ id }) => !explained.has(id))
    .map(
      (probe): Result => ({
        rule: probeRule(probe),
        level: 'error',
        message: `Probe ${probe.id} (${probe.attack}) failed. ${probe.reason ?? ''}`,
        place: locator.threat(normOf(probe)),
        key: probe.id,
      }),
    )
  const flags = report.probes.flatMap((probe) =>
    probe.flags.map(
      (flag): Result => ({
        rule: flagRule(flag.id),
        level: 'warning',
        message: `Probe ${probe.id}: ${flag.message}`,
        place: locator.threat(normOf(probe)),
        key: `${probe.id}/${flag.id}`,
      }),
    ),
  )
  return [...gates, ...findings, ...bareProbes, ...flags]
}

/**
 * SARIF 2.1.0 for code scanning. Every result has a place in the repository. A level of error stands for what makes the
 * verdict fail, and for nothing else; what is worth knowing beyond that is a warning or a note.
 */
export const renderSarif = (report: Report, locator: Locator): string => {
  const results = resultsOf(report, locator)
  const rules = [...new Map(results.map(({ rule }) => [rule.id, rule])).values()]
  const notRun = report.probes.filter(({ status }) => status === 'not run')
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: report.tool.name, semanticVersion: report.tool.version, rules } },
        automationDetails: { id: `bartizan/assess/${uriPath(report.model.path)}` },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            exitCode: verdictOf(report).exitCode,
            toolExecutionNotifications: notRun.map(({ id, reason }) => ({
              level: 'note',
              message: { text: plain(`Probe ${id} was not run: ${reason ?? ''}`) },
            })),
          },
        ],
        results: results.map(({ rule, level, message, place, key }) => ({
          ruleId: rule.id,
          ruleIndex: rules.findIndex(({ id }) => id === rule.id),
          kind: 'fail',
          level,
          message: { text: plain(message) },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriPath(locator.uri) },
                region: { startLine: place.line, startColumn: place.column },
              },
            },
          ],
          partialFingerprints: { 'bartizan/v1': sha256(`${rule.id}\n${key}`) },
        })),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}
