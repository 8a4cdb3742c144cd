import { describe, expect, it } from 'vitest'
import { type Report, reportSchema } from '../../contract/index.ts'
import { renderHtml, renderJson, renderText } from './index.ts'
import { renderMarkdown } from './render-markdown.ts'
import { sampleReport } from './sample-report.ts'

const noise = Array.from({ length: 9 }, (_, i) => ({ attack: `noise-${i}`, reason: 'it works on images' }))
const sample = sampleReport()
const report: Report = reportSchema.parse({
  ...sample,
  probes: sample.probes.map((probe, i) =>
    probe.class === 'evasion' && i === 0 ? { ...probe, alreadyBroken: 3 } : probe,
  ),
  battery: {
    effort: 'standard',
    leftOut: [
      { attack: 'bim', reason: 'pgd takes *the same* steps' },
      ...noise,
      { attack: 'universal', reason: 'pgd takes *the same* steps' },
    ],
  },
})

describe('what a battery left out', () => {
  it('is told with the reason in every form of the report', async () => {
    const forms = {
      text: renderText(report).replaceAll(/\s+/g, ' '),
      html: await renderHtml(report, new Map()),
      markdown: renderMarkdown(report),
    }
    for (const [form, text] of Object.entries(forms)) {
      const written = form === 'markdown' ? 'pgd takes \\*the same\\* steps' : 'pgd takes *the same* steps'
      expect(text, form).toContain(`bim, universal: ${written}`)
      expect(text, form).toContain('9 attacks, noise-0 to noise-8: it works on images')
      expect(text, form).toMatch(/standard battery: \d+ of \d+ attacks have a place/)
      expect(text, form).toContain('3 rows that attacks before it had broken are left out')
    }
    expect(JSON.parse(renderJson(report)).battery).toEqual(report.battery)
  })

  it('is no matter where the configuration lists its attacks', () => {
    expect(renderText(sample)).not.toContain('Left out')
    expect(renderMarkdown(sample)).not.toContain('Left out')
  })
})
