import { describe, expect, it } from 'vitest'
import { fileLocator, type Locator } from './locator.ts'
import { renderSarif } from './render-sarif.ts'
import { sampleReport } from './sample-report.ts'
import { withVerdict } from './verdict.ts'

const locator: Locator = {
  uri: 'ml models/bartizan.yaml',
  gate: () => ({ line: 21, column: 5 }),
  threat: (norm) => ({ line: norm === 'l2' ? 12 : 10, column: 7 }),
}

const parsed = (report = sampleReport(), where = locator) => JSON.parse(renderSarif(report, where))

describe('renderSarif', () => {
  const log = parsed()
  const [run] = log.runs
  const { rules } = run.tool.driver

  it('has what SARIF 2.1.0 requires of a log and a run', () => {
    expect(log.version).toBe('2.1.0')
    expect(log.$schema).toMatch(/sarif-2\.1\.0/)
    expect(log.runs).toHaveLength(1)
    expect(run.tool.driver.name).toBe('bartizan')
    expect(run.invocations[0]).toMatchObject({ executionSuccessful: true, exitCode: 1 })
  })

  it('gives every result its rule, message, place and fingerprint', () => {
    expect(run.results).toHaveLength(4)
    for (const result of run.results) {
      expect(rules[result.ruleIndex].id).toBe(result.ruleId)
      expect(result.message.text.length).toBeGreaterThan(20)
      expect(['error', 'warning', 'note']).toContain(result.level)
      const { artifactLocation, region } = result.locations[0].physicalLocation
      expect(artifactLocation.uri).toBe('ml%20models/bartizan.yaml')
      expect(region.startLine).toBeGreaterThan(0)
      expect(region.startColumn).toBeGreaterThan(0)
      expect(result.partialFingerprints['bartizan/v1']).toMatch(/^[0-9a-f]{64}$/)
    }
    const fingerprints = run.results.map((result: { partialFingerprints: object }) =>
      JSON.stringify(result.partialFingerprints),
    )
    expect(new Set(fingerprints).size).toBe(fingerprints.length)
  })

  it('gives every rule a help text, a help address and a severity', () => {
    expect(new Set(rules.map(({ id }: { id: string }) => id)).size).toBe(rules.length)
    for (const rule of rules) {
      expect(rule.name).toMatch(/^[A-Za-z0-9]+$/)
      expect(rule.shortDescription.text).toBeTruthy()
      expect(rule.fullDescription.text).toBeTruthy()
      expect(rule.help.text).toBeTruthy()
      expect(rule.helpUri).toMatch(/^https:\/\//)
      expect(Number(rule.properties['security-severity'])).toBeGreaterThan(0)
    }
  })

  it('points a failed gate at its own line, a finding at its norm', () => {
    const line = (rule: string) =>
      run.results.find(({ ruleId }: { ruleId: string }) => ruleId === rule).locations[0].physicalLocation.region
        .startLine
    expect(line('gate/robust-accuracy')).toBe(21)
    expect(line('finding/evasion-linf')).toBe(10)
    expect(line('finding/evasion-l2')).toBe(12)
  })

  it('tells of probes that were not run', () => {
    const [notification] = run.invocations[0].toolExecutionNotifications
    expect(notification.level).toBe('note')
    expect(notification.message.text).toContain('rows that the model was trained on')
  })

  it('keeps its fingerprints when the numbers change', () => {
    const report = sampleReport()
    const worse = withVerdict({
      ...report,
      gates: report.gates.map((gate) => ({ ...gate, measured: { value: 0.1, low: 0.05, high: 0.2, n: 256 } })),
    })
    const prints = (log: ReturnType<typeof parsed>) =>
      log.runs[0].results.map(({ partialFingerprints }: { partialFingerprints: object }) => partialFingerprints)
    expect(prints(parsed(worse))).toEqual(prints(log))
  })

  it('escapes brackets, which would begin a link', () => {
    const report = sampleReport()
    const findings = report.findings.map((finding) => ({ ...finding, title: '[here](https://example.org)' }))
    expect(parsed({ ...report, findings }).runs[0].results[1].message.text).toContain('\\[here\\](https')
  })

  it('has a place for everything even without a configuration', () => {
    for (const { locations } of parsed(sampleReport(), fileLocator('model.onnx')).runs[0].results)
      expect(locations[0].physicalLocation).toEqual({
        artifactLocation: { uri: 'model.onnx' },
        region: { startLine: 1, startColumn: 1 },
      })
  })
})
