import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type EvasionProbe,
  type Finding,
  type Gate,
  type ProbeStatus,
  type Report,
  reportSchema,
} from '../../contract/index.ts'
import { renderHtml } from './html/render-html.ts'
import { fileLocator } from './locator.ts'
import { evasionProbes } from './probes-of.ts'
import { renderJson } from './render-json.ts'
import { renderJunit } from './render-junit.ts'
import { renderMarkdown } from './render-markdown.ts'
import { renderSarif } from './render-sarif.ts'
import { renderText } from './render-text.ts'
import { sampleReport } from './sample-report.ts'
import { verdictOf, verdictSentence, withVerdict } from './verdict.ts'

const sample = sampleReport()
const [sampleGate, sampleProbe, sampleFinding] = [sample.gates[1]!, evasionProbes(sample)[0]!, sample.findings[0]!]

const gate = fc.record({ passed: fc.boolean(), measured: fc.boolean() }).map(
  ({ passed, measured }): Gate => ({
    ...sampleGate,
    passed: passed && measured,
    measured: measured ? sampleGate.measured : null,
    probe: undefined,
  }),
)

const probe = fc.constantFrom<ProbeStatus>('passed', 'failed', 'measured', 'not run').map(
  (status): EvasionProbe => ({
    ...sampleProbe,
    status,
    result: status === 'not run' ? undefined : sampleProbe.result,
    reason: status === 'not run' ? 'not applicable' : undefined,
  }),
)

const finding = fc.record({
  severity: fc.constantFrom<Finding['severity']>('critical', 'high', 'medium', 'low', 'info'),
  probe: fc.option(fc.constantFrom('probe-0', 'probe-1', 'nowhere'), { nil: undefined }),
})

const report = fc
  .record({
    gates: fc.array(gate, { maxLength: 4 }),
    probes: fc.array(probe, { maxLength: 4 }),
    findings: fc.array(finding, { maxLength: 3 }),
    flagged: fc.boolean(),
  })
  .map(
    ({ gates, probes, findings, flagged }): Report =>
      withVerdict({
        ...sample,
        gates: gates.map((one, i) => ({ ...one, id: `gate-${i}` })),
        probes: probes.map((one, i) => ({
          ...one,
          id: `probe-${i}`,
          flags: flagged ? [{ id: 'zero-gradients', message: 'all gradients are zero', measured: 1 }] : [],
        })),
        findings: findings.map((one, i) => ({ ...sampleFinding, ...one, id: `finding-${i}` })),
      }),
  )

describe('one verdict', () => {
  it('is what the exit code, JSON, JUnit, SARIF, HTML, the terminal and Markdown say', async () => {
    await fc.assert(
      fc.asyncProperty(report, async (one) => {
        const failed = one.gates.some(({ passed }) => !passed) || one.probes.some(({ status }) => status === 'failed')
        expect(verdictOf(one).exitCode).toBe(failed ? 1 : 0)

        const json = reportSchema.parse(JSON.parse(renderJson(one)))
        expect([json.verdict, json.exitCode]).toEqual(failed ? ['failed', 1] : ['passed', 0])

        const junit = renderJunit(one)
        expect(/<failure /.test(junit)).toBe(failed)
        expect(/<testsuites [^>]*failures="0"/.test(junit)).toBe(!failed)

        const [run] = JSON.parse(renderSarif(one, fileLocator('bartizan.yaml'))).runs
        expect(run.results.some(({ level }: { level: string }) => level === 'error')).toBe(failed)
        expect(run.invocations[0].exitCode).toBe(failed ? 1 : 0)

        const html = await renderHtml(one)
        expect(html).toContain(`data-verdict="${failed ? 'failed' : 'passed'}"`)
        expect(/<strong>Failed<\/strong>/.test(html)).toBe(failed)

        expect(/^FAILED: /m.test(renderText(one))).toBe(failed)
        expect(renderMarkdown(one).split('\n')[0]).toMatch(failed ? /: failed$/ : /: passed$/)
      }),
      { numRuns: 60 },
    )
  })
})

describe('verdictSentence', () => {
  it('counts gates, probes that failed beside them and probes that were not run', () => {
    expect(verdictSentence(sample)).toBe('1 of 3 gates did not hold; 1 probe not run')
    expect(verdictSentence({ gates: [], probes: [{ ...sampleProbe, status: 'failed' }] })).toBe(
      'no gate was declared, so nothing was required; 1 probe failed',
    )
    expect(verdictSentence({ gates: [sample.gates[0]!], probes: [] })).toBe('the gate held')
  })
})
