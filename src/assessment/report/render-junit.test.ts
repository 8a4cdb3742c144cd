import { describe, expect, it } from 'vitest'
import { renderJunit } from './render-junit.ts'
import { sampleReport } from './sample-report.ts'
import { withVerdict } from './verdict.ts'
import { malformed } from './xml-check.ts'

describe('renderJunit', () => {
  const xml = renderJunit(sampleReport())

  it('is well-formed and has a case for each gate and each probe', () => {
    const { gates, probes } = sampleReport()
    expect(malformed(xml)).toBeUndefined()
    expect(xml.match(/<testcase /g)).toHaveLength(gates.length + probes.length)
    expect(xml).toContain('<testsuite name="gates" tests="3" failures="1" errors="0" skipped="0">')
    expect(xml).toContain('<testsuite name="poisoning" tests="1" failures="0" errors="0" skipped="1">')
    expect(xml).toContain('<testsuites name="bartizan assess" tests="11" failures="2" errors="0" skipped="1">')
  })

  it('says why: what was measured and required, and why a probe was not run', () => {
    expect(xml).toMatch(/<failure message="61\.3 % [^"]*"[^>]*>Robust accuracy at Linf 0\.1 [^<]*at least 70\.0 %/)
    expect(xml).toContain('<skipped message="it needs the rows that the model was trained on; give training.data"/>')
  })

  it('stays well-formed whatever names hold', () => {
    const report = sampleReport()
    const hostile = ']]><x a="&\u0000\u001b\ud800'
    const xml = renderJunit(
      withVerdict({
        ...report,
        gates: report.gates.map((gate) => ({ ...gate, id: hostile, reason: hostile })),
        probes: report.probes.map((probe) => ({ ...probe, id: hostile, reason: hostile })),
      }),
    )
    expect(malformed(xml)).toBeUndefined()
    expect(xml.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Surrogate}/u)
  })
})
