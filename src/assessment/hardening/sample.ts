import type { EvasionProbe, Figure, Hardening, ModelMeasurement } from '../../contract/index.ts'
import { figure } from '../../stats/index.ts'
import { judgeHardening } from './verdict.ts'

const digest = (digit: string): string => digit.repeat(64)
const around = (value: number, spread: number): Figure => ({ value, low: value - spread, high: value + spread, n: 500 })

const probe = (attack: string, epsilon: number, robust: Figure): EvasionProbe => ({
  id: `${attack}-linf-${epsilon}`,
  class: 'evasion',
  attack,
  norm: 'linf',
  epsilon,
  params: { steps: 40 },
  status: 'measured',
  result: {
    rows: robust.n,
    cleanAccuracy: figure(98, 100),
    robustAccuracy: robust,
    distance: { norm: 'linf', median: epsilon, mean: epsilon, max: epsilon },
    queries: { forward: 4000, gradient: 4000 },
  },
  flags: [],
  worst: [],
})

/** A model in numbers: right rows of 500, and of 100 that were attacked with each budget. */
export const sampleModel = (clean: number, robust: readonly [number, number], error = 0.02): ModelMeasurement => ({
  clean: figure(clean, 500),
  calibration: {
    confidence: around(0.97, 0.01),
    expectedError: around(error, 0.01),
    brier: around(0.05, 0.01),
    logLoss: around(0.12, 0.02),
  },
  size: { bytes: 862_863, parameters: 215_370 },
  robustness: {
    norm: 'linf',
    worst: [0.1, 0.3].map((epsilon, i) => ({
      epsilon,
      accuracy: figure(robust[i]!, 100),
      probe: `apgd-t-linf-${epsilon}`,
    })),
    probes: [0.1, 0.3].map((epsilon, i) => probe('apgd-t', epsilon, figure(robust[i]!, 100))),
    curve: {
      norm: 'linf',
      attack: 'pgd',
      points: [0, 0.1, 0.3].map((epsilon, i) => ({
        epsilon,
        accuracy: figure([Math.round(clean / 5), ...robust][i]!, 100),
      })),
    },
  },
})

/** The result of a hardening for tests: adversarial training that worked, unless `changes` say otherwise. */
export const sampleHardening = (changes: Partial<Hardening> = {}): Hardening => {
  const file = (name: string, digit: string) => ({ path: name, sha256: digest(digit) })
  const result: Omit<Hardening, 'verdict' | 'exitCode' | 'reasons'> = {
    schemaVersion: 1,
    tool: { name: 'bartizan', version: '0.1.0' },
    method: 'adversarial-training',
    about: {
      title: 'Adversarial training',
      reference: 'Madry et al. 2018, arXiv:1706.06083',
      holds: 'Withstands attacks within its budget, not beyond.',
    },
    aim: 'robustness',
    params: { epochs: 2, 'learning-rate': 0.05 },
    seed: 0,
    model: { before: file('model.onnx', 'a'), after: file('hard.onnx', 'b') },
    data: {
      classes: 10,
      training: {
        ...file('train.npy', 'c'),
        labels: file('train-y.npy', 'd'),
        rows: 4000,
        contentSha256: digest('e'),
      },
      validation: { rows: 500 },
      assessment: { ...file('train.npy', 'c'), rows: 500, contentSha256: digest('f') },
      heldOut: true,
      attacked: 100,
    },
    input: { range: [0, 1], units: 'byte/255', shape: [1, 28, 28] },
    threat: { norm: 'linf', epsilons: [0.1, 0.3], battery: 'standard' },
    maxCleanDrop: 0.03,
    before: sampleModel(495, [60, 0]),
    after: sampleModel(485, [93, 80]),
    epochs: [
      {
        epoch: 1,
        loss: 1.2,
        accuracy: 0.6,
        rate: 0.05,
        validation: { accuracy: 0.9, robustAccuracy: 0.5 },
        best: true,
      },
      { epoch: 2, loss: 0.8, accuracy: 0.75, rate: 0, validation: { accuracy: 0.97, robustAccuracy: 0.8 }, best: true },
    ],
    stopped: { reason: 'finished', detail: 'all 2 epochs' },
    notes: ['500 rows of train.npy were kept for the assessment.'],
    evidence: { digests: [{ name: 'hard.onnx', path: 'hard.onnx', sha256: digest('b') }], statement: 'x.dsse.json' },
    timing: {
      startedAt: '2025-01-01T00:00:00.000Z',
      seconds: 60,
      hardening: 40,
      latency: {
        before: {
          single: { rows: 1, median: 0.2, p95: 0.3, calls: 30 },
          batch: { rows: 64, median: 4, p95: 5, calls: 30 },
        },
        after: { batch: { rows: 64, median: 4, p95: 5, calls: 30 } },
      },
    },
    ...changes,
  }
  return { ...result, ...judgeHardening(result), ...changes }
}
