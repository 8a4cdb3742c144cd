import { mkdirSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { poisonAttacks } from '../../../attacks/poisoning/index.ts'
import { BartizanError } from '../../../base/errors.ts'
import { stream } from '../../../base/random.ts'
import { scratch } from '../../../base/testing.ts'
import { type ConfigInput, configSchema, type PoisoningResult, probeSchema } from '../../../contract/index.ts'
import { openData, viewAs, writeNpy } from '../../../data/index.ts'
import { type Classifier, openClassifier } from '../../../models/classifier.ts'
import { writeModel } from '../../../onnx/index.ts'
import { definePoisonAttack } from '../../../threat/poisoning.ts'
import { defineScreen, type ScreenResult } from '../../../threat/screen.ts'
import { buildArchitecture, parseArchitecture } from '../../../training/architecture/index.ts'
import { openRunStore } from '../../run-store.ts'
import { describeModel, type FileSubject } from '../../subject.ts'
import type { ClassOutcome } from '../class-assessment.ts'
import { poisoningBy } from './index.ts'

const file = scratch()
const width = 6

/** Rows of a table in [0, 1]: each class is high in two columns of its own. */
const table = (rows: number, key: string, classes = 3) => {
  const x = new Float32Array(rows * width)
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes)
  for (let i = 0; i < x.length; i++) {
    const own = Math.floor((i % width) / 2) === labels[Math.floor(i / width)]
    x[i] = Math.min(0.9, Math.max(0, (own ? 0.6 : 0.3) + 0.1 * stream('table', key, i).normal()))
  }
  return { x, labels }
}

let poisons = 0
/** The last value of a row at 1, which no clean row has, and the label of the target. */
const mark = definePoisonAttack({
  id: 'mark',
  title: 'A mark',
  reference: 'none',
  aim: 'backdoor',
  parameters: {},
  async poison({ x, labels, budget, target, size }) {
    poisons++
    const rows = Int32Array.from(labels.keys())
      .filter((row) => labels[row] !== target)
      .slice(0, budget)
    const [values, given] = [x.slice(), labels.slice()]
    for (const row of rows) {
      values[row * size + size - 1] = 1
      given[row] = target
    }
    return { x: values, labels: given, poisoned: rows, notes: ['marked'] }
  },
  trigger: ({ size }, x) => x.map((value, i) => (i % size === size - 1 ? 1 : value)),
})

const refuses = definePoisonAttack({
  ...mark,
  id: 'refuses',
  parameters: {},
  poison: async () => {
    throw new BartizanError('ATTACK_NOT_APPLICABLE', 'not on these rows')
  },
})

const screen = (id: string, flags: (value: number, row: number) => boolean, needs: 'sources'[] = []) =>
  defineScreen({
    id,
    title: id,
    reference: 'none',
    needs,
    parameters: {},
    async run({ x, rows, size }): Promise<ScreenResult> {
      const at = Int32Array.from({ length: rows }, (_, row) => row)
      const flagged = at.filter((row) => flags(x[row * size + size - 1]!, row))
      const verdict = flagged.length > 0 ? 'flagged' : 'nothing found'
      return { verdict, reason: 'of the test', scores: new Float64Array(rows), flagged, null: [] }
    },
  })

const methods = {
  attacks: new Map(
    [mark, refuses, poisonAttacks.get('label-flip')!, poisonAttacks.get('feature-trigger')!].map((one) => [
      one.id,
      one,
    ]),
  ),
  screens: new Map(
    [
      screen('finds', (value) => value === 1),
      screen('all', () => true),
      screen('lineage', () => true, ['sources']),
    ].map((one) => [one.id, one]),
  ),
}

let model: Classifier
beforeAll(async () => {
  mkdirSync(file('.'), { recursive: true })
  const source = buildArchitecture(parseArchitecture('dense 8, relu, dense classes'), {
    input: [width],
    classes: 3,
    seed: 1,
  })
  writeFileSync(file('model.onnx'), writeModel(source))
  for (const [name, rows, classes] of [
    ['training', 120, 3],
    ['judged', 60, 3],
    ['two', 40, 2],
  ] as const) {
    const { x, labels } = table(rows, name, classes)
    await writeNpy(file(`${name}.npy`), { dtype: 'float32', shape: [rows, width], data: x })
    await writeNpy(file(`${name}-y.npy`), { dtype: 'int32', shape: [rows], data: labels })
  }
  model = await openClassifier(file('model.onnx'))
})
afterAll(() => model.release())

const rowsIn = (name: string) => ({ path: file(`${name}.npy`), labels: file(`${name}-y.npy`) })
let stores = 0
const recipe = { epochs: 6, batch: 10, 'learning-rate': 0.2 }

const assessed = async (
  poisoning: ConfigInput['poisoning'],
  more: Partial<ConfigInput> = {},
  { store = `store ${++stores}`, resume = false } = {},
): Promise<ClassOutcome> => {
  const config = configSchema.parse({
    model: { path: file('model.onnx') },
    data: rowsIn('judged'),
    training: { data: rowsIn('training'), params: recipe },
    poisoning,
    ...more,
  })
  const set = await openData(rowsIn('judged'))
  try {
    const subject: FileSubject = {
      model,
      file: model,
      set: viewAs(set, model.input.dims),
      input: { range: [0, 1], units: 'share', shape: [width] },
      close: async () => {},
    }
    return await poisoningBy(methods).run({
      config,
      subject,
      model: await describeModel(subject, 'model.onnx', file('model.onnx')),
      data: { path: 'judged.npy', sha256: '', rows: 60, from: 0, to: 60, classes: 3 },
      store: await openRunStore(file('runs'), store, resume),
      seed: 0,
      threads: 2,
      progress: { start: () => {}, update: () => {}, end: () => {} },
      root: file('.'),
      named: (path) => path,
      reproduce: 'bartizan assess',
    })
  } finally {
    await set.close()
  }
}

const probeOf = ({ probes }: ClassOutcome) => {
  const probe = probeSchema.parse(probes[0])
  if (probe.class !== 'poisoning') throw new Error('another class')
  return probe
}
const resultOf = (outcome: ClassOutcome): PoisoningResult => probeOf(outcome).result!

describe('the poisoning class', () => {
  it('tells how accuracy and success grow with the poisoned share, with and without each screen', async () => {
    const outcome = await assessed({ attacks: ['mark'], fractions: [0.2, 0.05], screens: ['finds'] })
    const { points, trainingRows, rows, target, budget, notes } = resultOf(outcome)
    expect([trainingRows, rows, target, budget]).toEqual([120, 60, 0, 0.2])
    expect(points.map(({ fraction, poisoned }) => [fraction, poisoned])).toEqual([
      [0, 0],
      [0.05, 6],
      [0.2, 24],
    ])
    const [clean, , worst] = points
    expect(clean!.accuracy.value).toBeGreaterThan(0.9)
    expect(clean!.success!).toMatchObject({ n: 40 })
    expect(clean!.success!.value).toBeLessThan(0.2)
    expect(worst!.success!.value).toBeGreaterThan(0.9)
    // The screen that knows the mark: the copy after it is one that never saw poison.
    expect(clean!.screens[0]).toMatchObject({ verdict: 'nothing found', flagged: 0, precision: null, recall: null })
    expect(clean!.screens[0]!.accuracy).toEqual(clean!.accuracy)
    expect(worst!.screens[0]).toMatchObject({ flagged: 24, precision: { value: 1 }, recall: { value: 1 } })
    expect(worst!.screens[0]!.success!.value).toBeLessThan(0.2)
    expect(notes).toContain('marked')
    expect(outcome.findings[0]).toMatchObject({ id: 'poisoning-mark', probe: 'poisoning-mark' })
    expect(outcome.findings[0]!.title).toContain('give a trigger that works on')
    expect(outcome.findings[0]!.remedy).toContain('finds stopped this attack')
    expect(outcome.claims.map(({ claim, value }) => [claim, value])).toEqual([
      ['poisonedAccuracy', worst!.accuracy],
      ['poisoningSuccess', worst!.success],
    ])
  })

  it('judges gates on the worst case, at a share, after a screen', async () => {
    const gates: ConfigInput['gates'] = [
      { id: 'bare', metric: 'poisoning-success', 'at-most': 0.2 },
      { id: 'screened', metric: 'poisoning-success', fraction: 0.2, screen: 'finds', 'at-most': 0.2 },
      { id: 'nowhere', metric: 'poisoned-accuracy', fraction: 0.3, 'at-least': 0.1 },
      { id: 'clean', metric: 'poisoned-accuracy', fraction: 0, 'at-least': 0.9 },
    ]
    const outcome = await assessed({ attacks: ['mark'], fractions: [0.2], screens: ['finds'] }, { gates })
    const { points } = resultOf(outcome)
    const parsed = configSchema.parse({ model: { path: 'm' }, data: { path: 'd' }, gates }).gates
    expect(parsed.map((gate) => outcome.measure!(gate)!.measured)).toEqual([
      points[1]!.success,
      points[1]!.screens[0]!.success,
      null,
      points[0]!.accuracy,
    ])
    expect(outcome.measure!(parsed[2]!)!.reason).toContain('at 30.0 % poisoned')
    expect(probeOf(outcome).status).toBe('failed')
    expect(outcome.measure!({ ...parsed[0]!, metric: 'flags' })).toBeUndefined()
  })

  it('says what it could not measure: no row, no class, nothing left, no sources, an attack that refuses', async () => {
    const outcome = await assessed(
      { attacks: ['mark', 'refuses'], fractions: [0.001, 0.1], screens: ['all', 'lineage'] },
      { training: { data: rowsIn('two'), params: { ...recipe, epochs: 1 } } },
    )
    const probe = probeOf(outcome)
    expect(probe.result!.points.map(({ fraction }) => fraction)).toEqual([0, 0.1])
    const [all, lineage] = probe.result!.points[1]!.screens
    expect(all).toMatchObject({ flagged: 40, accuracy: null, success: null })
    expect(lineage).toMatchObject({ verdict: 'cannot tell', flagged: 0, reason: expect.stringContaining('sources') })
    expect(probe.flags.map(({ id }) => id)).toEqual(expect.arrayContaining(['empty-budget', 'class-without-rows']))
    expect(outcome.probes[1]).toMatchObject({ status: 'not run', reason: 'not on these rows' })
  })

  it('says that training diverged, and has figures of the last good weights', async () => {
    const outcome = await assessed(
      { attacks: ['label-flip'], fractions: [0.1], screens: [] },
      { training: { data: rowsIn('training'), params: { ...recipe, 'learning-rate': 1e9 } } },
    )
    const probe = probeOf(outcome)
    expect(probe.flags.map(({ id }) => id)).toContain('training-diverged')
    expect(probe.result!.points[1]).toMatchObject({ success: null })
  })

  it('goes on where it was killed, gives the same, and leaves no copies behind', async () => {
    const settings = { attacks: ['mark'], fractions: [0.1], screens: [] }
    const first = resultOf(await assessed(settings, {}, { store: 'resumed' }))
    poisons = 0
    expect(resultOf(await assessed(settings, {}, { store: 'resumed', resume: true }))).toEqual(first)
    expect(poisons).toBe(0)
    expect(resultOf(await assessed(settings))).toEqual(first)
    const left = await Promise.all(
      (await readdir(file('runs/.bartizan/runs'))).map((name) => readdir(file(`runs/.bartizan/runs/${name}`))),
    )
    expect(left.flat().filter((name) => name.endsWith('.onnx'))).toEqual([])
  })

  it('poisons tables: flips and a trigger on feature values, and what is for images not by default', async () => {
    const outcome = await assessed({ fractions: [0.1], screens: [], attacks: ['feature-trigger', 'label-flip'] })
    expect(outcome.probes.map(({ attack, status }) => [attack, status])).toEqual([
      ['feature-trigger', 'measured'],
      ['label-flip', 'measured'],
    ])
    expect(resultOf(outcome).points[1]!.poisoned).toBe(12)
  })

  it.each([
    ['a class that is not there', { target: 3 }],
    ['an attack that is not there', { attacks: ['marc'] }],
    ['a screen that is not there', { screens: ['find'] }],
  ])('refuses %s', async (_, poisoning) => {
    await expect(assessed(poisoning)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('is not run without the rows that the model was trained on', async () => {
    const outcome = await assessed(undefined, { training: undefined })
    expect(probeOf(outcome)).toMatchObject({ status: 'not run', reason: expect.stringContaining('--training-data') })
  })
})
