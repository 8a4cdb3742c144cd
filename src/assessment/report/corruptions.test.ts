import { describe, expect, it } from 'vitest'
import { reportSchema } from '../../contract/index.ts'
import { renderHtml } from './html/render-html.ts'
import { evasionProbes } from './probes-of.ts'
import { renderMarkdown } from './render-markdown.ts'
import { renderText } from './render-text.ts'
import { corruptionPictures, sampleWithCorruptions } from './sample-corruptions.ts'
import { malformed } from './xml-check.ts'

const report = sampleWithCorruptions()
const html = await renderHtml(report, corruptionPictures())

describe('a report with corruptions', () => {
  it('is what the contract says', () => expect(() => reportSchema.parse(report)).not.toThrow())

  it('has one table for them in HTML, and no line each among the attacks', () => {
    expect(malformed(html, true)).toBeUndefined()
    const section = html.slice(html.indexOf('id="corruptions"'), html.indexOf('id="examples"'))
    expect(section).toContain('fog <span class="chip fail">worst</span>')
    expect(section).toContain('59.4')
    for (const { id } of evasionProbes(report).filter(({ norm, result }) => norm === 'severity' && result))
      expect(html.split(`id="probe-${id}"`)).toHaveLength(2)
    const attacks = html.slice(html.indexOf('By attack'), html.indexOf('id="corruptions"'))
    expect(attacks).not.toContain('fog')
    expect(html).toContain('href="#corruptions"')
  })

  it('shows one row under each', () => {
    const strip = html.slice(html.indexOf('Row 0 at severity 3'))
    expect(strip).toContain('alt="Row 0 under fog, predicted 2"')
    expect(strip.match(/<span class="wrong">taken for 2<\/span>/g)).toHaveLength(1)
  })

  it('says once what was not run', () => {
    for (const text of [html, renderText(report, 200), renderMarkdown(report).replaceAll('\\', '')])
      expect(text.split('saturate: it works on colour images')).toHaveLength(2)
  })

  it.each([
    ['text', renderText(report)],
    ['Markdown', renderMarkdown(report).replaceAll('\\', '')],
  ])('has the table in %s', (_, text) => {
    expect(text).toMatch(/fog[ |]+97\.3[ |]+59\.4[ |]+12\.1[ |]+56\.3/)
    expect(text).toContain('worst: fog, 56.3 %')
    expect(text).not.toContain('severity 3')
  })
})
