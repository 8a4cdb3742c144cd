import { expect, it } from 'vitest'
import { renderHtml } from './html/render-html.ts'
import { renderMarkdown } from './render-markdown.ts'
import { renderText } from './render-text.ts'
import { sampleReport } from './sample-report.ts'
import { craftedName, modelNames } from './transfer-names.ts'

const [sample] = sampleReport().transfer!
const named = (...names: readonly string[]) => ({ ...sample!, models: names.map((name) => ({ name, sha256: '' })) })

it('calls models by their files, and by their paths where two files are called the same', () => {
  expect(modelNames(named('m.onnx', '../theirs/a.onnx'))).toEqual(['m.onnx', 'a.onnx'])
  expect(modelNames(named('m.onnx', '../theirs/m.onnx'))).toEqual(['m.onnx', '../theirs/m.onnx'])
})

it('says what rows were made on', () => {
  expect(craftedName(named('m.onnx', 'a.onnx'), [1])).toBe('made on a.onnx')
  expect(craftedName(named('m.onnx', 'a.onnx', 'b.onnx'), [1, 2])).toBe('made on all 2 together')
})

it('stands in every report, each figure with its interval', async () => {
  const report = sampleReport()
  const text = renderText(report, 100)
  expect(text).toMatch(/^made on 1 +93.4 % \(89.6–95.8\) +4.7 % \(2.7–8.0\) +96.1 % \(93.0–97.9\)$/m)
  expect(text).toContain('\n1: mnist-overfit.onnx\n')
  expect(renderMarkdown(report)).toContain('| made on mnist-overfit.onnx | 93.4 % \\(89.6–95.8 %, n 256\\) |')
  const html = await renderHtml(report)
  expect(html).toContain('<section id="transfer"')
  expect(html).toMatch(/heat h10"><strong class="num">4.7 %<\/strong> <span class="num small">2.7–8.0 %/)
  expect(html.match(/own weights/g)).toHaveLength(4)
})

it('is left out where no surrogate was given', async () => {
  const { transfer: _, ...report } = sampleReport()
  expect(await renderHtml(report)).not.toContain('transfer')
  expect(renderText(report, 100)).not.toContain('made on')
})

it('shows many models some at a time', () => {
  const models = Array.from({ length: 7 }, (_, i) => ({ name: `a-rather-long-name-${i}.onnx`, sha256: '' }))
  const figures = models.map(() => sample!.clean[0]!)
  const transfer = [{ ...sample!, models, clean: figures, crafted: [{ on: [1], robust: figures }] }]
  const text = renderText({ ...sampleReport(), transfer }, 60)
  for (const [i, { name }] of models.entries()) expect(text).toMatch(new RegExp(`^${i}: ${name}`, 'm'))
  expect(
    text
      .match(/^made on 1 .*$/gm)!
      .join(' ')
      .match(/99\.6 %/g),
  ).toHaveLength(7)
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60)
})
