import { expect, it } from 'vitest'
import type { EvasionProbe, Fitted } from '../../../contract/index.ts'
import { sampleReport } from '../sample-report.ts'
import { fittedSection } from './fitted.ts'

const report = sampleReport()
const probe = report.probes.find((one): one is EvasionProbe => one.class === 'evasion' && one.result !== undefined)!
const made: Fitted = {
  kind: 'perturbation',
  sha256: 'f'.repeat(64),
  shape: [1, 28, 28],
  lowest: -0.1,
  highest: 0.1,
  norms: { linf: 0.1, l2: 1.87 },
  fitRows: 128,
  shownRows: 126,
  judgedRows: 128,
  overlap: 0,
  picture: { name: 'made', gain: 10 },
}
const shown = (fitted: Fitted, images = new Map([['made', 'data:image/png;base64,AA==']])): string => {
  const probes = [{ ...probe, result: { ...probe.result!, fitted } }]
  const section = fittedSection({ ...report, probes }, images)
  return section === '' ? '' : section.markup
}

it('shows a perturbation as a picture, with its norms and how much it is enlarged', () => {
  const html = shown(made)
  expect(html).toContain('<img src="data:image/png;base64,AA==" alt="Perturbation, enlarged ×10">')
  expect(html).toContain('Linf 0.1, L2 1.87')
  expect(html).toContain('128 rows (126 of them right), judged on 128 others')
  expect(html).toContain(made.sha256)
})

it('shows a patch with its size, and tells it in words where there is no picture', () => {
  const { norms: _, picture: __, ...rest } = made
  const html = shown({ ...rest, kind: 'patch', side: 9, share: 81 / 784 })
  expect(html).toContain('9 × 9 pixels at its largest, 10.3 % of the picture')
  expect(html).not.toContain('<img')
})

it('is left out where nothing was made for all rows', () => {
  expect(fittedSection(report, new Map())).toBe('')
})
