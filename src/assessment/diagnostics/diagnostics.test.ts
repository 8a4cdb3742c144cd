import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scratchFolders } from '../../base/testing.ts'
import type { Curve, Diagnostic, Params, Report } from '../../contract/index.ts'
import { classifierFrom } from '../../models/classifier.ts'
import { float } from '../../onnx/attributes.ts'
import { type GraphBuilder, graphBuilder, type Value } from '../../onnx/builder.ts'
import { normalise } from '../../onnx/normalise.ts'
import { readModel } from '../../onnx/read.ts'
import type { Model } from '../../onnx/types.ts'
import { writeModel } from '../../onnx/write.ts'
import { figure } from '../../stats/index.ts'
import { assess } from '../assess.ts'
import { planBattery } from '../battery.ts'
import { parseConfig } from '../config/index.ts'
import type { ProbeRecord } from '../probe-record.ts'
import { renderHtml, renderMarkdown, renderText } from '../report/index.ts'
import { evasionProbes } from '../report/probes-of.ts'
import { checkMonotone, checkWholeRange } from './curve.ts'
import { checkTransfer } from './stronger.ts'

const newFolder = scratchFolders()
const digits = normalise(readModel(readFileSync('examples/digits/digits.onnx')))

/** The example's network with something in front of its input. */
const behind = (front: (g: GraphBuilder, x: Value) => Value): Model => {
  const [input] = digits.graph.inputs
  const names = new Set(digits.graph.nodes.flatMap(({ outputs }) => outputs))
  const g = graphBuilder(undefined, {}, names)
  const x = g.input('raw', 'float32', ['batch', 1, 28, 28])
  g.output(input!.name, front(g, x))
  const built = g.build()
  return {
    ...digits,
    graph: {
      ...digits.graph,
      inputs: built.inputs,
      nodes: [...built.nodes, ...digits.graph.nodes],
      initializers: new Map([...built.initializers, ...digits.graph.initializers]),
    },
  }
}

/** Logits a thousand times larger: the same predictions, and a cross-entropy of exactly 0 (Carlini and Wagner 2016). */
const saturated = (): Model => {
  const g = graphBuilder(digits.graph)
  const large = g.mul(g.value(digits.graph.outputs[0]!.name), 1000)
  g.output('large', large)
  return { ...digits, graph: g.build(['large']) }
}

const noisy = (): Model =>
  behind((g, x) => g.add(x, g.op('RandomNormal', [], { shape: [1, 1, 28, 28], scale: float(0.1) })))

interface Choice {
  readonly attack: string
  readonly params: Params
}

/** As bartizan.yaml in the folder would say it: every JSON text is YAML. */
const configFor = (folder: string, battery: readonly Choice[] | 'auto', rows = '0:32') =>
  parseConfig(
    JSON.stringify({
      model: { path: 'model.onnx', input: { range: [0, 1] } },
      data: {
        path: resolve('examples/digits/images-idx3-ubyte'),
        labels: resolve('examples/digits/labels-idx1-ubyte'),
        scale: '1/255',
        rows,
      },
      threat: { access: 'white-box', norms: [{ norm: 'linf', epsilon: [0.15] }] },
      battery,
      out: 'report',
    }),
    join(folder, 'bartizan.yaml'),
  )

const quick: readonly Choice[] = [
  { attack: 'fgsm', params: {} },
  { attack: 'pgd', params: { steps: 10 } },
  { attack: 'square', params: { queries: 200 } },
]

const assessed = async (model: Model, battery = quick, rows?: string): Promise<Report> => {
  const folder = newFolder()
  writeFileSync(join(folder, 'model.onnx'), writeModel(model))
  const loaded = configFor(folder, battery, rows)
  const silent = { start() {}, update() {}, end() {} }
  const tool = { name: 'bartizan', version: '0' }
  const { report } = await assess({ config: loaded.config, loaded, threads: 1, tool, progress: silent })
  return report
}

const checksOf = (report: Report, attack: string): ReadonlyMap<string, Diagnostic> =>
  new Map(
    evasionProbes(report)
      .find((probe) => probe.attack === attack)!
      .diagnostics!.map((one) => [one.check, one]),
  )
const fired = (report: Report, attack: string): readonly string[] =>
  [...checksOf(report, attack).values()].filter(({ verdict }) => verdict === 'fired').map(({ check }) => check)

describe('checks of attacks', () => {
  it('all pass on an honest model, with their figures, and are in every report', async () => {
    const report = await assessed(digits)
    expect(fired(report, 'pgd')).toEqual([])
    expect(fired(report, 'fgsm')).toEqual([])
    expect([...checksOf(report, 'pgd').keys()].sort()).toEqual([
      'black-box-weaker',
      'exact-gradients',
      'iteration-helps',
      'monotone-in-budget',
      'same-answer-twice',
      'whole-range-breaks',
      'zero-gradients',
    ])
    expect(checksOf(report, 'pgd').get('zero-gradients')).toMatchObject({ verdict: 'passed', measured: 0 })
    expect(checksOf(report, 'pgd').get('exact-gradients')).toMatchObject({ measured: 'none' })
    expect(evasionProbes(report).find(({ attack }) => attack === 'square')!.diagnostics).toBeUndefined()
    expect(evasionProbes(report).flatMap(({ flags }) => flags)).toEqual([])
    expect(await renderHtml(report)).toContain('Is the attack failing? 7 checks passed, 0 fired')
    for (const text of [renderText(report), renderMarkdown(report)]) expect(text).toContain('12 checks passed, 0 fired')
  })

  it('fire on a saturated softmax: no gradient, a stronger black box, a range that does not break it', async () => {
    const report = await assessed(saturated())
    expect(fired(report, 'pgd')).toEqual(
      expect.arrayContaining(['zero-gradients', 'black-box-weaker', 'whole-range-breaks']),
    )
    expect(
      evasionProbes(report)
        .find(({ attack }) => attack === 'pgd')!
        .flags.map(({ id }) => id),
    ).toEqual(expect.arrayContaining(['zero-gradients', 'black-box-stronger', 'flat-in-budget']))
    const markdown = renderMarkdown(report)
    expect(markdown).toContain('Clean rows have a gradient: no;')
    expect(markdown).toContain('fgsm-linf-0.15, pgd-linf-0.15')
  })

  it('fire where steps are too short to get anywhere', async () => {
    const still = { steps: 5, 'step-size': 1e-6, 'random-start': false }
    const report = await assessed(digits, [quick[0]!, { attack: 'pgd', params: still }])
    expect(fired(report, 'pgd')).toEqual(['iteration-helps'])
    expect(checksOf(report, 'pgd').has('black-box-weaker')).toBe(false)
  })

  it('say of a Round in front that its gradient is an estimate, which still breaks the model', async () => {
    const report = await assessed(behind((g, x) => g.div(g.op('Round', [g.mul(x, 8)]), 8)))
    expect(fired(report, 'pgd')).toEqual(['exact-gradients'])
    expect(checksOf(report, 'pgd').get('exact-gradients')).toMatchObject({
      measured: 'Round',
      message: expect.stringContaining('straight-through'),
    })
    const robust = (attack: string) =>
      evasionProbes(report).find((p) => p.attack === attack)!.result!.robustAccuracy.value
    expect(robust('pgd')).toBeLessThan(report.clean.accuracy.value / 2)
  })

  it('say of a RandomNormal that rows get other answers, and whether gradients were averaged', async () => {
    const averaged = { attack: 'pgd', params: { steps: 5, eot: 3, 'early-stop': false } }
    const report = await assessed(noisy(), [quick[0]!, averaged], '0:8')
    const check = 'same-answer-twice'
    expect(checksOf(report, 'pgd').get(check)).toMatchObject({ verdict: 'fired', measured: 1 })
    expect(checksOf(report, 'pgd').get(check)!.message).toContain('averages gradients over 3 draws')
    expect(checksOf(report, 'fgsm').get(check)!.message).toContain('a single draw')
  })
})

describe('the standard battery', () => {
  const planned = async (model: Model) => {
    const classifier = await classifierFrom(model, { path: '', sha256: '' })
    const plan = planBattery(configFor('.', 'auto').config, classifier, {
      range: [0, 1],
      units: '',
      shape: [1, 28, 28],
    })
    await classifier.release()
    return plan.map(({ attack, parameters }) => [attack.id, parameters.eot] as const)
  }

  it('averages gradients where the model draws random numbers, and only there', async () => {
    expect(await planned(noisy())).toEqual(
      expect.arrayContaining([
        ['pgd', 10],
        ['apgd-ce', 20],
        ['apgd-dlr', 20],
      ]),
    )
    const plain = await planned(digits)
    expect(plain).toEqual(expect.arrayContaining([['pgd', 1]]))
    expect(plain.map(([id]) => id)).toContain('autoattack')
  })
})

describe('curves and transfers', () => {
  const curve = (...robust: readonly number[]): Curve => ({
    norm: 'linf',
    attack: 'pgd',
    points: robust.map((k, i) => ({ epsilon: i / 10, accuracy: figure(k, 100) })),
  })

  it('a curve that rises with the budget fires; what random starts explain does not', () => {
    expect(checkMonotone(curve(90, 40, 60, 0), ['pgd'])[0]!.diagnostic).toMatchObject({
      verdict: 'fired',
      measured: expect.closeTo(0.2, 9),
      message: expect.stringContaining('40.0 % robust at 0.1 and 60.0 % at 0.2'),
    })
    expect(checkMonotone(curve(90, 40, 41, 0), ['pgd'])[0]!.diagnostic.verdict).toBe('passed')
    expect(checkMonotone(curve(90, 40, 40, 0), ['pgd'])[0]!.diagnostic).toMatchObject({ measured: 0 })
    expect(checkMonotone(curve(90), ['pgd'])).toEqual([])
  })

  it('a whole range that breaks the model passes with its figure', () => {
    expect(checkWholeRange(curve(90, 5), 10, ['pgd'])[0]!.diagnostic).toMatchObject({
      verdict: 'passed',
      measured: 0.05,
    })
  })

  it('a transfer that breaks what gradients do not fires', () => {
    const record = (attack: string, access: ProbeRecord['access'], broken: number): ProbeRecord => ({
      id: attack,
      attack,
      access,
      norm: 'linf',
      epsilon: 0.1,
      params: {},
      result: {
        rows: 100,
        cleanAccuracy: figure(100, 100),
        robustAccuracy: figure(100 - broken, 100),
        distance: { norm: 'linf', median: null, mean: null, max: null },
        queries: { forward: 0, gradient: 0 },
      },
      outcome: {
        right: new Array(100).fill(true),
        broken: Array.from({ length: 100 }, (_, row) => row < broken),
        after: [],
        distances: [],
        brokenAfter: [],
      },
      examples: '',
      worst: [],
      seconds: 0,
    })
    const [check] = checkTransfer([record('pgd', 'gradients', 10), record('transfer', 'nothing', 30)])
    expect(check!.diagnostic).toMatchObject({ check: 'transfer-weaker', verdict: 'fired', measured: 20 })
    expect(check!.flags).toMatchObject([{ id: 'transfer-stronger' }])
    const [weaker] = checkTransfer([record('pgd', 'gradients', 30), record('transfer', 'nothing', 10)])
    expect(weaker!.diagnostic).toMatchObject({ verdict: 'passed', measured: 0 })
    expect(checkTransfer([record('pgd', 'gradients', 30), record('square', 'scores', 90)])).toEqual([])
  })
})
