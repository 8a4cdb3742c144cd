import { describe, expect, it } from 'vitest'
import { attacks } from '../attacks/index.ts'
import { type BatteryEffort, configSchema, type InputInfo, type Measure, type OutputKind } from '../contract/index.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import { planBattery } from './battery.ts'
import { describeBattery } from './left-out.ts'

interface Case {
  readonly access?: 'white-box' | 'scores' | 'labels'
  readonly dims?: readonly number[]
  readonly kind?: OutputKind
  readonly norm?: Measure
  readonly effort?: BatteryEffort | 'auto'
  readonly surrogates?: readonly string[]
  readonly model?: Partial<AttackedModel>
}

const image = [3, 8, 8]
const table = [12]
const behindApi = { differentiable: { ok: false, reason: 'the model is behind an API' } } as const
const trees = {
  differentiable: { ok: false, reason: 'trees have none' },
  trees: () => ({ ok: true, trees: {} }),
} as never

const planned = ({ access, dims = image, kind = 'logits', norm = 'linf', effort, surrogates, model }: Case) => {
  const epsilon = norm === 'l0' ? [2, 5] : norm === 'severity' ? [1] : [0.1, 0.2]
  const config = configSchema.parse({
    model: { path: 'm.onnx' },
    data: { path: 'x' },
    threat: { norms: [{ norm, epsilon }], ...(access && { access }), ...(surrogates && { surrogates }) },
    ...(effort && { battery: effort }),
  })
  const input: InputInfo = { range: [0, 1], units: 'input units', shape: [...dims] }
  const subject: AttackedModel = {
    path: 'm.onnx',
    sha256: '',
    input: { name: 'x', dims, dtype: 'float32' },
    output: { name: 'y', kind },
    classes: 4,
    size: dims.reduce((a, b) => a * b, 1),
    differentiable: { ok: true },
    program: () => Promise.reject(new Error('a plan asks nothing')),
    release: async () => {},
    ...model,
  }
  const plan = planBattery(config, subject, input)
  const ids = (list: typeof plan) => [...new Set(list.map(({ attack }) => attack.id))]
  return {
    plan,
    runs: ids(plan.filter(({ notRun }) => notRun === undefined)),
    notRun: Object.fromEntries(plan.flatMap(({ attack, notRun }) => (notRun ? [[attack.id, notRun]] : []))),
    left: Object.fromEntries(
      (describeBattery(config, subject, input, plan)?.leftOut ?? []).map(({ attack, reason }) => [attack, reason]),
    ),
  }
}

/** What runs, in order. */
const chosen: readonly (readonly [string, Case, string])[] = [
  ['white box, images, linf', {}, 'fgsm pgd autoattack square hopskipjump'],
  ['white box, images, l2', { norm: 'l2' }, 'fgsm pgd autoattack square hopskipjump'],
  ['white box, images, l1', { norm: 'l1' }, 'fgsm pgd autoattack square'],
  ['white box, images, l0', { norm: 'l0' }, 'jsma fmn simba'],
  ['white box, images, spatial', { norm: 'spatial' }, 'spatial'],
  ['white box, images, patch', { norm: 'patch' }, 'patch'],
  ['quick', { effort: 'quick' }, 'fgsm pgd square hopskipjump'],
  ['thorough, linf', { effort: 'thorough' }, 'fgsm pgd autoattack square hopskipjump fmn cw-linf nes'],
  [
    'thorough, l2',
    { effort: 'thorough', norm: 'l2' },
    'fgsm pgd autoattack square hopskipjump fmn ddn cw-l2 simba nes surfree',
  ],
  ['thorough, l1', { effort: 'thorough', norm: 'l1' }, 'fgsm pgd autoattack square fmn ead simba'],
  ['surrogates', { surrogates: ['s.onnx'] }, 'fgsm pgd autoattack square hopskipjump transfer'],
  ['one logit', { kind: 'binary-logit' }, 'fgsm pgd autoattack square hopskipjump'],
  ['random draws', { model: { random: true } }, 'fgsm pgd apgd-ce apgd-dlr square hopskipjump'],
  [
    'random draws, thorough',
    { effort: 'thorough', norm: 'l2', model: { random: true } },
    'fgsm pgd apgd-ce apgd-dlr square hopskipjump simba nes surfree',
  ],
  ['scores, images, linf', { access: 'scores' }, 'square hopskipjump'],
  ['scores, images, l0', { access: 'scores', norm: 'l0' }, 'simba'],
  ['scores, behind an API', { model: behindApi }, 'square hopskipjump'],
  ['scores, surrogates', { access: 'scores', surrogates: ['s.onnx'] }, 'square hopskipjump transfer'],
  ['labels, images, linf', { access: 'labels' }, 'hopskipjump'],
  ['labels, images, l2', { access: 'labels', norm: 'l2' }, 'hopskipjump surfree'],
  [
    'labels, an API that gives nothing else, l2',
    { kind: 'predicted-class', norm: 'l2', model: behindApi },
    'hopskipjump surfree',
  ],
  ['labels, patch', { access: 'labels', norm: 'patch' }, ''],
  ['labels, spatial', { access: 'labels', norm: 'spatial' }, 'spatial'],
  ['labels, transfer in l1', { access: 'labels', norm: 'l1', surrogates: ['s.onnx'] }, 'transfer'],
  [
    'table, linf',
    { dims: table },
    'fgsm pgd autoattack square hopskipjump constrained-pgd lowprofool mixed mixed-labels',
  ],
  ['table, l0', { dims: table, norm: 'l0' }, 'constrained-pgd mixed mixed-labels jsma fmn simba'],
  ['table, scores', { dims: table, access: 'scores' }, 'square hopskipjump mixed mixed-labels'],
  ['table, labels', { dims: table, access: 'labels' }, 'hopskipjump mixed-labels'],
  ['table, spatial', { dims: table, norm: 'spatial' }, ''],
  ['trees', { dims: table, model: trees }, 'square hopskipjump mixed mixed-labels leaf-tuple'],
  ['trees, scores only', { dims: table, model: trees, access: 'scores' }, 'square hopskipjump mixed mixed-labels'],
  [
    'regression',
    { dims: table, kind: 'numbers' },
    'fgsm pgd apgd-ce square hopskipjump constrained-pgd mixed mixed-labels',
  ],
  ['several labels', { kind: 'label-logits' }, 'fgsm pgd apgd-ce square hopskipjump'],
  ['sequences', { dims: [5, 7] }, 'fgsm pgd autoattack square hopskipjump'],
]

describe('a battery chosen from the threat', () => {
  it.each(chosen)('%s', (_, given, expected) => {
    expect(planned(given).runs.join(' ')).toBe(expected)
  })

  it('has a probe of every attack, or a reason for none, whatever the threat and the model', () => {
    for (const [title, given] of chosen)
      for (const effort of ['quick', 'auto', 'standard', 'thorough'] as const) {
        const { plan, left, notRun } = planned({ ...given, effort })
        const placed = new Set(plan.map(({ attack }) => attack.id))
        for (const id of attacks.keys())
          expect([title, id, placed.has(id), id in left]).toEqual([title, id, placed.has(id), !placed.has(id)])
        for (const reason of [...Object.values(left), ...Object.values(notRun)]) {
          expect(reason.length, title).toBeGreaterThan(10)
          expect([title, effort, reason]).not.toContain('nothing in the threat asks for it')
        }
      }
  })

  it('auto is standard, and each effort has all of the one before', () => {
    for (const [, given] of chosen) {
      const [quick, standard, auto, thorough] = (['quick', 'standard', 'auto', 'thorough'] as const).map(
        (effort) => planned({ ...given, effort }).runs,
      )
      expect(auto).toEqual(standard)
      expect(standard).toEqual(expect.arrayContaining(quick!))
      expect(thorough).toEqual(expect.arrayContaining(standard!))
    }
  })

  it.each<readonly [Case, string, string]>([
    [{}, 'bim', 'pgd takes the same steps'],
    [{}, 'mi-fgsm', 'surrogates'],
    [{}, 'universal', 'one change for every row'],
    [{}, 'apgd-ce', 'autoattack runs it'],
    [{}, 'fab-t', 'autoattack runs it'],
    [{}, 'apgd-dlr', 'apgd-t'],
    [{}, 'fmn', 'battery: thorough'],
    [{}, 'surfree', 'it works in l2, not in linf'],
    [{ norm: 'l2' }, 'surfree', 'battery: thorough'],
    [{ norm: 'l2' }, 'boundary', 'fewer queries'],
    [{ norm: 'l2' }, 'zoo', 'fewer'],
    [{}, 'spatial', 'it works in spatial, not in linf'],
    [{}, 'patch', 'it works in patch, not in linf'],
    [{}, 'fog', 'it works in severity, not in linf'],
    [{}, 'transfer', 'threat.surrogates'],
    [{}, 'constrained-pgd', 'it works on tables'],
    [{}, 'leaf-tuple', 'it works on tables'],
    [{ dims: table }, 'leaf-tuple', 'no file'],
    [{ dims: table }, 'fog', 'it works on images'],
    [{ effort: 'quick' }, 'autoattack', 'battery: standard'],
    [{ effort: 'quick' }, 'ddn', 'not in linf'],
    [{ effort: 'quick', norm: 'l2' }, 'ddn', 'battery: thorough'],
    [{ access: 'scores' }, 'fmn', 'it needs gradients, and the threat grants scores only'],
    [{ access: 'labels' }, 'simba', 'it needs scores, and the threat grants labels only'],
    [{ model: behindApi }, 'fmn', 'behind an API'],
    [{ kind: 'label-logits' }, 'fmn', 'it works on models that predict one of several classes'],
    [{ model: { random: true } }, 'autoattack', 'draws random numbers'],
    [{ effort: 'thorough', model: { random: true } }, 'fmn', 'a single draw'],
  ])('%j leaves out %s', (given, attack, reason) => {
    expect(planned(given).left[attack]).toContain(reason)
  })

  it.each<readonly [Case, string, string]>([
    [{ access: 'labels' }, 'pgd', 'it needs gradients'],
    [{ model: behindApi }, 'pgd', 'behind an API'],
    [{ kind: 'predicted-class', model: behindApi }, 'square', 'the model gives labels only'],
    [{ kind: 'numbers', dims: table }, 'autoattack', 'and this one predicts numbers'],
    [{ norm: 'l1' }, 'hopskipjump', 'not in l1'],
    [{ norm: 'severity' }, 'saturate', ''],
    [{ norm: 'severity', dims: [1, 8, 8] }, 'saturate', 'colour images'],
  ])('%j does not run %s', (given, attack, reason) => {
    if (reason === '') expect(planned(given).runs).toContain(attack)
    else expect(planned(given).notRun[attack]).toContain(reason)
  })

  it('attacks that only add to others attack what these left', () => {
    const standing = (effort: BatteryEffort) =>
      planned({ effort, norm: 'l2' })
        .plan.filter((probe) => probe.standing)
        .map(({ attack }) => attack.id)
    expect(standing('standard')).toEqual([])
    expect(standing('thorough')).toEqual(['ddn', 'cw-l2', 'simba', 'simba', 'nes', 'nes', 'surfree'])
  })

  it('a list of attacks leaves nothing out by choice', () => {
    const { left } = planned({})
    expect(Object.keys(left).length).toBeGreaterThan(0)
    const config = configSchema.parse({ model: { path: 'm' }, data: { path: 'x' }, battery: [{ attack: 'pgd' }] })
    const { plan } = planned({})
    expect(describeBattery(config, {} as never, { range: [0, 1], units: '', shape: [] }, plan)).toBeUndefined()
  })
})
