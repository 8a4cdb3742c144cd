import { describe, expect, it } from 'vitest'
import { type Hardening, hardeningSchema } from '../../../contract/index.ts'
import { malformed } from '../../report/xml-check.ts'
import { sampleHardening, sampleModel } from '../sample.ts'
import { renderHardening } from './render-hardening.ts'

const html = renderHardening(sampleHardening())
const text = html.replace(/<style>[^<]*<\/style>/, '')

describe('the contract', () => {
  it('takes a result through JSON unchanged', () => {
    const result = sampleHardening()
    expect(hardeningSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result)
    expect(hardeningSchema.safeParse({ ...result, reasons: [] }).success).toBe(false)
    expect(hardeningSchema.safeParse({ ...result, more: 1 }).success).toBe(false)
  })
})

describe('renderHardening', () => {
  it('is well-formed, complete in itself, and the same bytes whatever the durations', () => {
    expect(malformed(html, true)).toBeUndefined()
    expect(html).toContain("default-src 'none'")
    expect(html).not.toMatch(/<script|<link|@import|url\(|\son[a-z]+="/i)
    const { timing } = sampleHardening()
    expect(renderHardening(sampleHardening({ timing: { ...timing, seconds: 9, hardening: 8 } }))).toBe(html)
  })

  it('says first whether it is better, then shows both models side by side', () => {
    const first = text.slice(0, text.indexOf('id="comparison"'))
    expect(first).toContain('<strong>Improved</strong>: Robust accuracy at Linf 0.3 rose from 0.0 % to 80.0 %.')
    expect(text).toContain('robust, Linf 0.3')
    expect(text).toContain('+80')
    expect(text).toContain('500 rows of train.npy were kept for the assessment.')
  })

  it('draws budgets, loss and accuracy, each with its numbers', () => {
    const charts = html.match(/<svg class="chart"[^>]*>/g)!
    expect(charts).toHaveLength(3)
    expect(html.match(/Numbers of this chart/g)).toHaveLength(3)
    expect(text).toContain('validation, under attack: from 50.0 % to 80.0 %.')
    const ids = [...text.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('leaves out what was not done', () => {
    const { robustness: _, ...bare } = sampleModel(490, [0, 0])
    const threat = { norm: 'linf', epsilons: [], battery: 'standard' } as const
    const plain = renderHardening(
      sampleHardening({ threat, before: bare, after: bare, epochs: [], stopped: undefined }),
    )
    expect(malformed(plain, true)).toBeUndefined()
    expect(plain).not.toContain('id="robustness"')
    expect(plain).not.toContain('id="training"')
    expect(plain).not.toMatch(/<tbody[^>]*><\/tbody>|NaN|Infinity|undefined/)
  })

  it('lets no text from a file become markup', () => {
    const hostile = '"><script>alert(1)</script>\u202e'
    const poisoned = (value: unknown, key = ''): unknown => {
      const closed = ['norm', 'status', 'class', 'aim', 'verdict', 'reason']
      if (typeof value === 'string') return closed.includes(key) ? value : hostile
      if (Array.isArray(value)) return value.map((item) => poisoned(item))
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, poisoned(item, name)]))
    }
    const page = renderHardening(poisoned(sampleHardening()) as Hardening)
    expect(page.match(/&lt;script&gt;/g)!.length).toBeGreaterThan(10)
    expect(page).not.toMatch(/<script|\u202e/)
    expect(malformed(page, true)).toBeUndefined()
  })
})
