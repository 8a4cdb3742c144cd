import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evasionProbes } from '../../src/assessment/report/probes-of.ts'
import { stream } from '../../src/base/random.ts'
import { attackResultSchema, type Report, reportSchema } from '../../src/contract/index.ts'
import { bartizan } from '../cli/bartizan.ts'
import { newProject } from './project.ts'

const assessed = async (folder: string) => {
  const ended = await bartizan('assess', join(folder, 'bartizan.yaml'), '--threads', '1')
  const file = join(folder, 'report/report.json')
  const report: Report | undefined = existsSync(file)
    ? reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    : undefined
  return { ...ended, report }
}

/** Without line breaks. */
const flowing = (text: string): string => text.replaceAll(/\s+/g, ' ')

const robust = (report: Report): Readonly<Record<string, number | undefined>> =>
  Object.fromEntries(evasionProbes(report).map(({ id, result }) => [id, result?.robustAccuracy.value]))

/** price = 3 + 2a - b + c/2: |weights| sum to 3.5, so a tolerance of 0.7 is 0.2 away. */
const random = stream('houses')
const houses = Array.from({ length: 24 }, (_, i) => {
  const [a, b, c] = [4 * random.uniform() - 2, 4 * random.uniform() - 2, 4 * random.uniform() - 2]
  // Off by 0.5 up and down in turn.
  return [a, b, c, 3 + 2 * a - b + c / 2 + (i % 2 === 0 ? 0.5 : -0.5)]
})
const priced = (yaml: string) =>
  newProject({
    weights: [[2, -1, 0.5]],
    biases: [3],
    csv: [['area', 'age', 'rooms', 'price'], ...houses],
    yaml,
  })
const model = 'model: {path: model.onnx, task: regression, input: {range: [-5, 5]}}'
const data = 'data: {path: rows.csv, label: price}'
const battery =
  'battery: [{attack: fgsm}, {attack: pgd, params: {steps: 8}}, {attack: apgd-ce, params: {steps: 8}}, {attack: autoattack}]'
const norms = 'norms: [{norm: linf, epsilon: [0.19, 0.21]}]'
const threat = `threat: {goal: {tolerance: 0.7}, ${norms}}`

describe('bartizan assess on a regression', () => {
  it('finds each budget that the tolerance needs, and says everything in words for numbers', async () => {
    const gates = [
      'gates:',
      '  - {id: holds, metric: robust-share, norm: linf, epsilon: 0.19, at-least: 1}',
      '  - {id: gives, metric: robust-accuracy, norm: linf, epsilon: 0.21, at-least: 0.5}',
      '  - {id: close, metric: mean-absolute-error, at-most: 0.6}',
      '  - {id: within, metric: clean-share, at-least: 0.9}',
    ]
    const folder = priced([model, data, 'error: {declared: 0.5}', threat, battery, ...gates, 'out: report'].join('\n'))
    const { exitCode, stdout, stderr, report } = await assessed(folder)
    expect(exitCode, stderr).toBe(1)
    expect(report!.task).toEqual({ kind: 'regression', tolerance: 0.7, relative: 0, direction: 'either' })
    expect(report!.clean.accuracy.value).toBe(1)
    expect(report!.clean.error!.absolute.value).toBeCloseTo(0.5, 5)
    expect(report!.clean.error!.squared.value).toBeCloseTo(0.25, 5)
    for (const attack of ['fgsm', 'pgd', 'apgd-ce']) {
      expect(robust(report!)[`${attack}-linf-0.19`], attack).toBe(1)
      expect(robust(report!)[`${attack}-linf-0.21`], attack).toBe(0)
    }
    const unfit = evasionProbes(report!).find(({ attack }) => attack === 'autoattack')!
    expect(unfit.status).toBe('not run')
    expect(unfit.reason).toContain('one of several classes, and this one predicts numbers')
    expect(report!.gates.map(({ id, metric, passed }) => [id, metric, passed])).toEqual([
      ['holds', 'robust-share', true],
      ['gives', 'robust-share', false],
      ['close', 'mean-absolute-error', true],
      ['within', 'clean-share', true],
    ])
    const [example] = evasionProbes(report!).find(({ id }) => id === 'pgd-linf-0.21')!.worst
    expect(example!.outputs![0]).toMatchObject({ name: 'price' })
    expect(Math.abs(example!.outputs![0]!.after - example!.outputs![0]!.before)).toBeGreaterThan(0.7)
    expect(report!.findings[0]!.title).toContain('beyond the tolerance')
    expect(stdout).toContain('mean absolute error 0.5')
    expect(flowing(stdout)).toContain('a prediction moves by more than 0.7')
    for (const name of ['report.html', 'report.md', 'report.junit.xml']) {
      const text = readFileSync(join(folder, 'report', name), 'utf8').toLowerCase()
      expect(text, name).toContain('robust share')
      expect(text, name).not.toContain('robust accuracy')
    }
    // The command that the report gives runs the probe again.
    const { reproduce } = evasionProbes(report!).find(({ id }) => id === 'pgd-linf-0.21')!
    expect(reproduce).toContain('--task regression --goal tolerance=0.7')
  })

  it('runs the standard battery with what works, and names what does not', async () => {
    const { report, exitCode, stderr } = await assessed(
      priced(
        [model, data, `threat: {goal: {relative: 0.5}, norms: [{norm: linf, epsilon: 4}]}`, 'out: report'].join('\n'),
      ),
    )
    expect(exitCode, stderr).toBe(0)
    const ran = report!.probes.filter(({ status }) => status !== 'not run').map(({ attack }) => attack)
    expect(ran).toEqual(expect.arrayContaining(['fgsm', 'pgd', 'apgd-ce', 'square', 'hopskipjump']))
    expect(report!.notRun.map(({ probe }) => probe)).toContain('autoattack-linf-4')
  })

  it.each([
    ['no tolerance', 'threat: {}', '', 'how far must one move'],
    ['a goal of labels', 'threat: {goal: {flips: 2}}', '', 'threat.goal.flips'],
    ['an output that is not there', 'threat: {goal: {tolerance: 1, output: 1}}', '', 'threat.goal.output is 1'],
    ['an error that is far off', threat, 'error: {declared: 0.2}', 'mean absolute error'],
  ])('refuses %s', async (_, asked, more, message) => {
    const { exitCode, stderr } = await assessed(priced([model, data, asked, more, 'out: report'].join('\n')))
    expect(exitCode).toBeGreaterThan(1)
    expect(stderr).toContain(message)
  })
})

/** Logits 3a, 2b - 1 and c. */
const sounds = [
  // 0.4/3 = 0.133, 0.6/2 = 0.3 and 0.5 away.
  [0.4 / 3, 0.2, 0.5, 1, 0, 1],
  // The first label is wrong already: 0.25 away (the second) is the nearest.
  [0.1 / 3, 0.75, -0.9, 0, 1, 0],
]
const tagged = (goal: string) =>
  newProject({
    weights: [
      [3, 0, 0],
      [0, 2, 0],
      [0, 0, 1],
    ],
    biases: [0, -1, 0],
    squashed: true,
    csv: [['u', 'v', 'w', 'speech', 'music', 'rain'], ...sounds],
    yaml: [
      'model: {path: model.onnx, input: {range: [-5, 5]}}',
      'data: {path: rows.csv, label-columns: [speech, music, rain]}',
      `threat: {${goal} norms: [{norm: linf, epsilon: [0.12, 0.2, 0.28, 0.35, 0.6]}]}`,
      'battery: [{attack: pgd, params: {steps: 20}}]',
      'out: report',
    ].join('\n'),
  })

describe('bartizan assess on a multi-label model', () => {
  it('measures exact match, each label, and the nearest flip', async () => {
    const { exitCode, stderr, stdout, report } = await assessed(tagged(''))
    expect(exitCode, stderr).toBe(0)
    expect(report!.task).toEqual({ kind: 'multi-label', flips: 1 })
    expect(report!.model.outputKind).toBe('label-probabilities')
    expect(report!.clean.accuracy.value).toBe(0.5)
    expect(report!.clean.labels!.map(({ name, accuracy }) => [name, accuracy.value])).toEqual([
      ['speech', 0.5],
      ['music', 1],
      ['rain', 1],
    ])
    expect(Object.values(robust(report!))).toEqual([1, 0.5, 0, 0, 0])
    expect(stdout).toContain('exact match 50.0 %')
    expect(flowing(stdout)).toContain('1 of the labels that were right is turned')
  })

  it('counts flips as the goal says', async () => {
    expect(Object.values(robust((await assessed(tagged('goal: {flips: 2},'))).report!))).toEqual([1, 1, 1, 0.5, 0.5])
    expect(Object.values(robust((await assessed(tagged('goal: {label: 2},'))).report!))).toEqual([1, 1, 1, 1, 0.5])
  })
})

it('bartizan attack run takes the goal from flags', async () => {
  const folder = priced('')
  const args = ['--model', join(folder, 'model.onnx'), '--data', join(folder, 'rows.csv'), '--label', 'price']
  const more = ['--task', 'regression', '--range', '-5,5', '--eps', '0.21', '--json', join(folder, 'r.json')]
  const ended = await bartizan(
    'attack',
    'run',
    'pgd',
    ...args,
    ...more,
    '--goal',
    'tolerance=0.7',
    '--goal',
    'direction=up',
  )
  expect(ended.exitCode, ended.stderr).toBe(0)
  const result = attackResultSchema.parse(JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')))
  expect(result.task).toMatchObject({ kind: 'regression', direction: 'up' })
  expect(result.robustAccuracy.value).toBe(0)
  expect(ended.stdout).toContain('a prediction rises by more than 0.7')
  const refused = await bartizan('attack', 'run', 'pgd', ...args, ...more, '--goal', 'tolerence=1')
  expect(refused.exitCode).toBe(2)
})
