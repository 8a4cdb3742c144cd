import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { reportSchema } from '../../src/contract/index.ts'
import { verifyEvidence } from '../../src/evidence/index.ts'
import { writeModel } from '../../src/onnx/index.ts'
import { buildArchitecture, parseArchitecture } from '../../src/training/architecture/index.ts'
import { scratchRun } from '../hardening/scratch-run.ts'
import { example } from '../support/fixtures.ts'

const { file, run } = scratchRun()
const digits = (name: string): string => example(`digits/${name}-idx${name === 'images' ? 3 : 1}-ubyte`)
const data = (rows: string): string =>
  `{path: ${digits('images')}, labels: ${digits('labels')}, scale: 1/255, rows: "${rows}"}`

beforeAll(async () => {
  const layers = parseArchitecture('dense 16, relu, dense classes')
  await run('version')
  writeFileSync(file('model.onnx'), writeModel(buildArchitecture(layers, { input: [1, 28, 28], classes: 10, seed: 1 })))
  writeFileSync(
    file('bartizan.yaml'),
    [
      'model: {path: model.onnx, input: {range: [0, 1], units: byte/255}}',
      `data: ${data('300:400')}`,
      'classes: [poisoning]',
      'training:',
      `  data: ${data('0:300')}`,
      '  params: {batch: 20, learning-rate: 0.1}',
      'poisoning: {attacks: [{attack: badnets, params: {size: 4}}], fractions: [0.1], epochs: 4, rows: 200, screens: [activation-clustering]}',
      'gates:',
      '  - {id: trigger, metric: poisoning-success, attack: badnets, fraction: 0.1, at-most: 0.3}',
      '  - {id: accuracy, metric: poisoned-accuracy, attack: badnets, at-least: 0.3}',
      'out: report',
    ].join('\n'),
  )
})

it('bartizan assess trains poisoned copies and tells it in every form of the report', async () => {
  const { exitCode, stdout, stderr } = await run('assess')
  expect(exitCode, stderr).toBe(1)
  const report = reportSchema.parse(JSON.parse(readFileSync(file('report/report.json'), 'utf8')))
  const [badnets] = report.probes
  if (badnets?.class !== 'poisoning') throw new Error('another class')
  expect(badnets).toMatchObject({ id: 'poisoning-badnets', status: 'failed', params: { size: 4 } })
  const { points, trainingRows, target } = badnets.result!
  expect([trainingRows, target, points.map(({ poisoned }) => poisoned)]).toEqual([200, 0, [0, 20]])
  expect(points[1]!.success!.value).toBeGreaterThan(points[0]!.success!.value + 0.3)
  expect(points[1]!.screens.map(({ screen }) => screen)).toEqual(['activation-clustering'])
  expect(report.gates.map(({ id, passed, fraction }) => [id, passed, fraction])).toEqual([
    ['trigger', false, 0.1],
    ['accuracy', true, undefined],
  ])
  expect(report.findings.map(({ id }) => id)).toContain('poisoning-badnets')
  expect(stdout).toContain('badnets: success of the attack')
  expect(readFileSync(file('report/report.html'), 'utf8')).toContain('badnets: success of the attack')
  expect(readFileSync(file('report/report.md'), 'utf8')).toContain('badnets: success of the attack')
  const verified = await verifyEvidence(file('.'))
  expect([verified.findings, verified.records]).toEqual([[], 3])
  expect(report.evidence.digests.map(({ name }) => name)).toContain('poisoningSuccess of poisoning-badnets, signed')
})

it('takes the training rows by flags, and the command that it names takes them too', async () => {
  const rows = ['--data', digits('images'), '--labels', digits('labels'), '--scale', '1/255', '--rows', '0:20']
  const training = ['--training-data', digits('images'), '--training-labels', digits('labels')]
  const missing = await run(
    'assess',
    '--model',
    file('model.onnx'),
    ...rows,
    '--class',
    'poisoning',
    '--out',
    file('none'),
  )
  expect(missing.stdout).toContain('--training-data')
  const refused = await run('assess', ...training)
  expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('--training-data goes with --model')])
  const written = JSON.parse(readFileSync(join(file('none'), 'report.json'), 'utf8'))
  expect(written.probes).toMatchObject([{ class: 'poisoning', status: 'not run' }])
})
