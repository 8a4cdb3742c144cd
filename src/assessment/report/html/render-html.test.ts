import { describe, expect, it } from 'vitest'
import type { Report } from '../../../contract/index.ts'
import { samplePictures, sampleReport } from '../sample-report.ts'
import { withVerdict } from '../verdict.ts'
import { malformed } from '../xml-check.ts'
import { renderHtml } from './render-html.ts'

const html = await renderHtml(sampleReport(), samplePictures())
const withoutStyle = html.replace(/<style>[^<]*<\/style>/, '')

describe('renderHtml', () => {
  it('is the same bytes twice, and durations are not among them', async () => {
    expect(await renderHtml(sampleReport(), samplePictures())).toBe(html)
    expect(await renderHtml({ ...sampleReport(), timing: { seconds: 1, probes: {} } }, samplePictures())).toBe(html)
  })

  it('is well-formed and complete in itself', () => {
    expect(malformed(html, true)).toBeUndefined()
    expect(html).toContain("default-src 'none'")
    expect(html).not.toMatch(/<script|<link|@import|url\(|\son[a-z]+="/i)
    for (const [, uri] of withoutStyle.matchAll(/\s(?:src|href)="([^"]*)"/g))
      expect(uri).toMatch(/^(#|data:image\/png;base64,)/)
  })

  it('answers first: which model, the verdict, the key numbers with intervals, what failed, what to do', () => {
    const first = html.slice(0, html.indexOf('<nav'))
    for (const text of [
      '<h1>mnist-cnn.onnx</h1>',
      '<strong>Failed</strong>: 1 of 3 gates did not hold',
      '99.6 %',
      '55.2–67.1 %, 256 rows',
      'required: at least 70.0 %',
      'Train adversarially',
    ])
      expect(first).toContain(text)
  })

  it('reports probes that passed, failed, were measured and were not run, flags and digests', () => {
    for (const { id } of sampleReport().probes) expect(html).toContain(`id="probe-${id}"`)
    expect(html).toContain('8 probes: 1 passed, 1 failed, 5 measured without a requirement, 1 not run.')
    expect(html).toContain('it needs the rows that the model was trained on')
    expect(html).toContain('An attack may be failing')
    for (const { sha256 } of sampleReport().evidence.digests) expect(html).toContain(sha256)
  })

  it('shows each worst example as three pictures', () => {
    expect(html.match(/<img /g)).toHaveLength(18)
    expect(html).toContain('alt="Row 18, perturbed, predicted 8"')
  })

  it('shows an example in words where its pictures are missing', async () => {
    const bare = await renderHtml(sampleReport())
    expect(bare).not.toContain('<img')
    expect(bare).toContain('Row 18')
  })
})

describe('a report without attacks', () => {
  it('claims nothing that was not measured', async () => {
    const bare = await renderHtml(withVerdict({ ...sampleReport(), probes: [], curves: [], gates: [], findings: [] }))
    expect(bare).toContain('no gate was declared, so nothing was required')
    expect(bare).toContain('No attack ran, so nothing could be found.')
    expect(bare).not.toContain('the attacks show none')
    expect(bare).not.toMatch(/<tbody[^>]*><\/tbody>/)
    expect(malformed(bare, true)).toBeUndefined()
  })
})

describe('accessibility', () => {
  it('has landmarks, one h1, headings that skip no level and a language', () => {
    expect(html).toContain('<html lang="en">')
    for (const landmark of ['<header>', '<main id="content">', '<nav aria-label=', '<footer>'])
      expect(html).toContain(landmark)
    const levels = [...html.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level))
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    for (const [i, level] of levels.entries()) expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1)
  })

  it('has unique ids, and a target for every reference', () => {
    const ids = [...withoutStyle.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const references = [...withoutStyle.matchAll(/(?:href="#|aria-labelledby=")([^"]*)"/g)].flatMap(([, list]) =>
      list!.split(' '),
    )
    for (const reference of references) expect(ids).toContain(reference)
  })

  it('gives every chart a title, a description and its numbers, every column a scope, every picture a text', () => {
    const charts = html.match(/<svg class="chart"[^>]*>/g)!
    expect(charts).toHaveLength(3)
    for (const chart of charts) expect(chart).toMatch(/role="img" aria-labelledby="\S+-title \S+-desc"/)
    expect(html.match(/Numbers of this chart/g)).toHaveLength(3)
    for (const svg of html.match(/<svg (?!class="chart")[^>]*>/g)!) expect(svg).toContain('aria-hidden="true"')
    for (const header of html.match(/<th [^>]*>/g)!) expect(header).toMatch(/scope="(col|row)"/)
    for (const image of html.match(/<img [^>]*>/g)!) expect(image).toMatch(/alt="[^"]{8,}"/)
    expect(html).not.toMatch(/<th [^>]*><\/th>/)
  })
})

describe('untrusted text', () => {
  const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u0000\u202e'
  const poisoned = (value: unknown, key = ''): unknown => {
    if (
      typeof value === 'string' &&
      !['norm', 'status', 'class', 'severity', 'metric', 'outputKind', 'access', 'judgeBy'].includes(key)
    )
      return hostile
    if (Array.isArray(value)) return value.map((item) => poisoned(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        key === 'params' || key === 'metadata' ? hostile : name,
        poisoned(item, name),
      ]),
    )
  }

  it('from a model, a data set or a configuration can not become markup, wherever it stands', async () => {
    const report = sampleReport()
    const model = { ...report.model, metadata: { note: 'x' }, notDifferentiable: ['Foo'], differentiable: false }
    const attacked = await renderHtml(withVerdict(poisoned({ ...report, model }) as Report), new Map())
    expect(attacked.match(/&lt;script&gt;/g)!.length).toBeGreaterThan(50)
    expect(attacked).not.toMatch(/<script|<img|\u202e/)
    expect(attacked.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
    expect(malformed(attacked, true)).toBeUndefined()
  })
})
