import { wrapText } from '../../assessment/report/table.ts'
import type { ScanFinding, ScanResult } from '../../contract/scan-result.ts'
import { counted, wrappedTable } from './fields.ts'

const sentence = ({ verdict, failOn, files }: ScanResult): string => {
  if (verdict === 'passed')
    return `PASSED: everything was looked into, and nothing of severity ${failOn} or worse was found.`
  if (verdict === 'failed') return `FAILED: there are findings of severity ${failOn} or worse.`
  if (files === 0) return 'INCONCLUSIVE: there is no file to scan.'
  return 'INCONCLUSIVE: some files could not be looked into, so nothing is said about them.'
}

/** A folder may hold more than anybody reads; --json has them all. */
const mostShown = 200

const andMore = (count: number): readonly string[] =>
  count > mostShown ? [`  … and ${count - mostShown} more (--json lists them all)`] : []

const placed = ({ file, where }: ScanFinding): string => (where === '' ? file : `${file} (${where})`)

const findingsTable = (findings: readonly ScanFinding[], width: number): string =>
  wrappedTable(
    [{ title: 'severity' }, { title: 'rule' }, { title: 'finding' }],
    findings
      .slice(0, mostShown)
      .map((finding) => [finding.severity, finding.rule, `${placed(finding)}: ${finding.message}`]),
    width,
  )

/** What to do, once for each rule. */
const hints = (findings: readonly ScanFinding[], width: number): readonly string[] =>
  [...new Map(findings.map(({ rule, hint }) => [rule, hint]))].map(([rule, hint]) =>
    wrapText(`${rule}: ${hint}`, width, '  '),
  )

/** What `bartizan scan` prints. */
export const scanText = (result: ScanResult, width: number): string => {
  const { findings, unscanned, files, bytes } = result
  return [
    ...(findings.length === 0
      ? []
      : [findingsTable(findings, width), ...andMore(findings.length), '', ...hints(findings, width), '']),
    ...unscanned
      .slice(0, mostShown)
      .map(({ file, where, reason }) =>
        wrapText(`not looked into: ${where === undefined ? file : `${file} (${where})`}: ${reason}`, width, '  '),
      ),
    ...andMore(unscanned.length),
    ...(unscanned.length === 0 ? [] : ['']),
    `${counted(files, 'file')}, ${counted(bytes, 'byte')}, ${counted(findings.length, 'finding')}`,
    sentence(result),
  ].join('\n')
}
