import { describe, expect, it } from 'vitest'
import type { Hardening, ModelMeasurement } from '../../contract/index.ts'
import { figure } from '../../stats/index.ts'
import { sampleHardening, sampleModel } from './sample.ts'
import { judgeHardening } from './verdict.ts'

const before = sampleModel(495, [60, 10])
const verdictOf = (changes: Partial<Hardening>) => judgeHardening(sampleHardening({ before, ...changes })).verdict

/** `model` with a flag on each of its attacks. */
const flagged = (model: ModelMeasurement, id: string): ModelMeasurement => ({
  ...model,
  robustness: {
    ...model.robustness!,
    probes: model.robustness!.probes.map((probe) => ({ ...probe, flags: [{ id, message: 'odd', measured: 1 }] })),
  },
})

const sized = (model: ModelMeasurement, bytes: number): ModelMeasurement => ({
  ...model,
  size: { ...model.size, bytes },
})

const certified = (model: ModelMeasurement, ...right: readonly number[]): ModelMeasurement => ({
  ...model,
  certified: {
    sigma: 0.5,
    n: 1000,
    alpha: 0.001,
    abstained: figure(1, 100),
    points: [0, 0.5, 1].map((radius, i) => ({ radius, accuracy: figure(right[i]!, 100) })),
  },
})

const detecting = (model: ModelMeasurement, accepted: number, adaptive: number | undefined): ModelMeasurement => ({
  ...model,
  detection: {
    detector: 'energy',
    threshold: 1,
    falsePositiveRate: figure(5, 100),
    acceptedAccuracy: figure(accepted, 100),
    points: [0.1, 0.3].map((epsilon) => ({
      epsilon,
      auc: figure(80, 100),
      undefended: figure(10, 100),
      plain: figure(90, 100),
      ...(adaptive === undefined ? { reason: 'no gradient' } : { adaptive: figure(adaptive, 100) }),
    })),
  },
})

const diverged = { reason: 'diverged', detail: 'the loss became NaN' } as const
const collapsed = { reason: 'catastrophic overfitting', detail: 'robust accuracy fell to 0' } as const

describe('judgeHardening', () => {
  it.each<[string, Hardening['verdict'], Partial<Hardening>]>([
    ['robust at the largest budget', 'improved', { after: sampleModel(490, [70, 60]) }],
    ['a clean accuracy just within what it may fall by', 'improved', { after: sampleModel(480, [70, 60]) }],
    ['a clean accuracy that fell by more', 'worse', { after: sampleModel(479, [70, 60]) }],
    ['more allowed to the clean accuracy', 'improved', { after: sampleModel(450, [70, 60]), maxCleanDrop: 0.1 }],
    ['robust accuracy that fell at a smaller budget', 'worse', { after: sampleModel(495, [40, 60]) }],
    ['a smaller budget that fell within its interval', 'improved', { after: sampleModel(495, [55, 60]) }],
    ['a rise within the interval from before', 'unchanged', { after: sampleModel(495, [90, 15]) }],
    ['a fall at the largest budget', 'worse', { after: sampleModel(495, [60, 3]) }],
    ['nothing at all', 'unchanged', { after: before }],
    ['divergence, whatever else', 'failed', { after: sampleModel(495, [90, 80]), stopped: diverged }],
    ['catastrophic overfitting', 'failed', { after: sampleModel(495, [90, 80]), stopped: collapsed }],
    ['no attack that ran', 'unchanged', { after: { ...sampleModel(495, [90, 80]), robustness: undefined } }],
    ['attacks that fail', 'unchanged', { after: flagged(sampleModel(490, [70, 60]), 'zero-gradients') }],
    ['gradients that are estimates', 'improved', { after: flagged(sampleModel(490, [70, 60]), 'estimated-gradient') }],
    [
      'attacks that failed before too',
      'improved',
      { before: flagged(before, 'zero-gradients'), after: flagged(sampleModel(490, [70, 60]), 'zero-gradients') },
    ],
    [
      'certificates that hold further, at sigma',
      'improved',
      { before: certified(before, 90, 10, 0), after: certified(before, 90, 60, 0) },
    ],
    [
      'certificates that hold no further at the L2 budget',
      'unchanged',
      {
        threat: { norm: 'l2', epsilons: [1], battery: 'quick' },
        before: certified(before, 90, 10, 0),
        after: certified(before, 90, 60, 0),
      },
    ],
    ['accuracy that rose', 'improved', { aim: 'accuracy', after: sampleModel(500, [60, 10]) }],
    ['accuracy that rose a little', 'unchanged', { aim: 'accuracy', after: sampleModel(496, [60, 10]) }],
    ['accuracy that cost robustness', 'worse', { aim: 'accuracy', after: sampleModel(500, [40, 10]) }],
    ['calibration that got better', 'improved', { aim: 'calibration', after: sampleModel(495, [60, 10], 0.005) }],
    ['calibration that got worse', 'worse', { aim: 'calibration', after: sampleModel(495, [60, 10], 0.05) }],
    ['calibration within its interval', 'unchanged', { aim: 'calibration', after: sampleModel(495, [60, 10], 0.015) }],
    ['a smaller file', 'improved', { aim: 'size', after: sized(before, 230_000) }],
    ['a larger file', 'unchanged', { aim: 'size', after: sized(before, 900_000) }],
    ['a smaller file that lost its robustness', 'worse', { aim: 'size', after: sized(sampleModel(495, [60, 2]), 1) }],
    ['a detector that catches', 'improved', { aim: 'detection', after: detecting(before, 97, 50) }],
    ['a detector that an attacker evades', 'unchanged', { aim: 'detection', after: detecting(before, 97, 11) }],
    ['a detector that flags clean rows', 'worse', { aim: 'detection', after: detecting(before, 90, 50) }],
    [
      'a detector with the false alarms that were asked for',
      'improved',
      { aim: 'detection', params: { 'false-positive-rate': 0.1 }, after: detecting(before, 90, 50) },
    ],
    ['a detector that was not attacked', 'unchanged', { aim: 'detection', after: detecting(before, 97, undefined) }],
  ])('%s: %s', (_, verdict, changes) => {
    expect(verdictOf(changes)).toBe(verdict)
  })

  it('is 0 for what improved, and 1 for everything else', () => {
    expect(judgeHardening(sampleHardening()).exitCode).toBe(0)
    for (const changes of [{ after: before }, { stopped: diverged }, { after: sampleModel(400, [90, 80]) }])
      expect(judgeHardening(sampleHardening({ before, ...changes })).exitCode).toBe(1)
  })

  it('gives its reasons with the figures, the worst first', () => {
    const after = flagged(sampleModel(450, [40, 60]), 'zero-gradients')
    expect(judgeHardening(sampleHardening({ before, after, stopped: diverged })).reasons).toEqual([
      'Training stopped (diverged): the loss became NaN. The file holds the last good weights.',
      'Clean accuracy fell from 99.0 % to 90.0 %: 9 points where 3 points are allowed.',
      'Robust accuracy at Linf 0.1 fell from 60.0 % to 40.0 %.',
      'Robust accuracy at Linf 0.3 rose from 10.0 % to 60.0 %.',
      'An attack may be failing, so robustness may be overstated: odd.',
    ])
  })
})
