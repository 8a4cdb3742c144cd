import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderValidation } from '../../src/cli/work/validation-report.ts'
import { type Validation, validationSchema } from '../../src/contract/validation.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

const file = (path: string) => ({ path, sha256: 'a'.repeat(64) })

const sample = (kind: Validation['kind'], values: Readonly<Record<string, string>>): Validation =>
  validationSchema.parse({
    schemaVersion: 1,
    tool: { name: 'bartizan', version: '1.2.3' },
    verdict: 'failed',
    kind,
    rows: { in: 1200, passed: 1100, quarantined: 100 },
    checks: [
      {
        id: 'a.set',
        verdict: 'failed',
        measured: 100,
        required: 'one of x, y',
        n: 1200,
        effect: 1 / 12,
        message: 'no',
      },
      { id: 'a.rest', severity: 'warning', verdict: 'failed', measured: 0.2, required: 'so', n: 9, message: 'warned' },
      { id: 'a.none', verdict: 'inconclusive', measured: null, required: 'some', n: 0, message: 'nothing there' },
      { id: 'a.distribution', verdict: 'passed', measured: 0, required: 'same', n: 1200, message: 'as before' },
    ],
    examples: [{ check: 'a.set', masked: true, rows: [{ row: 7, values }] }],
    distributions: [
      {
        column: 'a',
        check: 'a.distribution',
        kind: 'numbers',
        edges: [1, 2],
        reference: [5, 6, 7],
        current: [9, 0, 2],
      },
    ],
    labels: { rows: 9, missing: 1, classes: [{ name: 'ham', count: 8, reference: 3 }] },
    dataset: file('data'),
    schema: file('schema.yaml'),
    others: [file('train')],
    outputs: {},
    timing: { now: '2026-01-01T00:00:00Z', seconds: 1 },
  })

const pages = {
  table: sample('table', { line: '101', text: 'x'.repeat(200) }),
  images: sample('images', { image: `${'folder-'.repeat(12)}/picture.png`, problem: 'is 32x32, declared is 48x48' }),
} as const

describe.skipIf(!executablePath)('the report of a validation in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'],
    })
  }, 60_000)
  afterAll(() => browser?.close())

  it.each([
    ['table', 1280, 'light'],
    ['table', 390, 'dark'],
    ['images', 390, 'light'],
  ] as const)('of %s fits %d pixels in the %s and passes axe', async (kind, width, colorScheme) => {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme, bypassCSP: true })
    await page.setContent(renderValidation(pages[kind]), { waitUntil: 'load' })
    await page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
    const { violations } = (await page.evaluate('axe.run()')) as {
      violations: { id: string; nodes: { html: string }[] }[]
    }
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 120)}`)).toEqual([])
    await page.close()
  })
})
