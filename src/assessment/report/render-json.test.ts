import { describe, expect, it } from 'vitest'
import { renderJson, reportDigest } from './render-json.ts'
import { renderMarkdown } from './render-markdown.ts'
import { renderText } from './render-text.ts'
import { sampleReport } from './sample-report.ts'
import { displayWidth } from './table.ts'

describe('renderJson', () => {
  const report = sampleReport()

  it('holds the report, in the same bytes whatever the order of the keys', () => {
    const reversed = Object.fromEntries(Object.entries(report).reverse()) as typeof report
    expect(renderJson(reversed)).toBe(renderJson(report))
    expect(JSON.parse(renderJson(report))).toEqual(JSON.parse(JSON.stringify(report)))
  })

  it('refuses a report that breaks the contract or bears another verdict than its gates', () => {
    const clean = { accuracy: { ...report.clean.accuracy, value: Number.NaN } }
    expect(() => renderJson({ ...report, clean })).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
    expect(() => renderJson({ ...report, verdict: 'passed', exitCode: 0 })).toThrow(/says passed/)
  })

  it('has a digest that durations do not change and numbers do', () => {
    const later = { ...report, timing: { seconds: 99, probes: {} } }
    expect(reportDigest(later)).toBe(reportDigest(report))
    expect(reportDigest({ ...report, seed: 1 })).not.toBe(reportDigest(report))
  })
})

describe('renderText', () => {
  it.each([60, 80, 100])('keeps to %d columns', (width) => {
    for (const line of renderText(sampleReport(), width).split('\n'))
      expect(displayWidth(line)).toBeLessThanOrEqual(width)
  })

  it('names every probe and gate, what was not run and why', () => {
    const text = renderText(sampleReport())
    for (const { id } of sampleReport().gates) expect(text).toContain(id)
    for (const { attack } of sampleReport().probes) expect(text).toContain(attack)
    expect(text).toContain('it needs the rows that the model was trained on')
    expect(text).toMatch(/FAILED: 1 of 3 gates did not hold; 1 probe not run\n$/)
  })

  it('lets no escape sequence from a model through', () => {
    const report = sampleReport()
    const hostile = { ...report, model: { ...report.model, path: '\u001b]0;x\u0007m.onnx' } }
    expect(renderText(hostile).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })
})

describe('renderMarkdown', () => {
  it('keeps untrusted text from becoming markup', () => {
    const report = sampleReport()
    const hostile = { ...report, model: { ...report.model, path: '|<img src=x>](http://x) @team' } }
    expect(renderMarkdown(hostile)).toContain('\\|\\<img src=x\\>\\]\\(http://x\\) \\@team')
  })
})
