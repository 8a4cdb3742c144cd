import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderHtml } from '../../src/assessment/report/index.ts'
import { corruptionPictures, sampleWithCorruptions } from '../../src/assessment/report/sample-corruptions.ts'
import { samplePictures } from '../../src/assessment/report/sample-report.ts'

/** `.ci/run` installs it; on a machine without a browser these tests say so and are skipped. */
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

describe.skipIf(!executablePath)('report.html in a browser', () => {
  let browser: Browser
  let html = ''
  beforeAll(async () => {
    html = await renderHtml(sampleWithCorruptions(), new Map([...samplePictures(), ...corruptionPictures()]))
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'],
    })
  }, 60_000)
  afterAll(() => browser?.close())

  it.each([
    ['desktop', 1280, 'light'],
    ['phone', 390, 'light'],
    ['phone in the dark', 390, 'dark'],
  ] as const)('fits a %s, asks for nothing, and passes axe', async (_, width, colorScheme) => {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme, bypassCSP: true })
    const requests: string[] = []
    const errors: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith('data:') && request.url() !== 'about:blank') requests.push(request.url())
    })
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    await page.setContent(html, { waitUntil: 'load' })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    expect(requests).toEqual([])
    expect(errors).toEqual([])
    await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
    const { violations } = (await page.evaluate('axe.run()')) as {
      violations: { id: string; nodes: { html: string }[] }[]
    }
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 120)}`)).toEqual([])
    await page.close()
  })
})
