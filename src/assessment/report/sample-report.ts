import type { Curve, EvasionProbe, Example, Figure, Gate, Probe, Report, TransferMatrix } from '../../contract/index.ts'
import type { Picture } from './picture.ts'
import { withVerdict } from './verdict.ts'

/** Wilson's interval of `k` of `n`, for sample data. */
const share = (k: number, n: number): Figure => {
  const z = 1.959964
  const p = k / n
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n)
  return { value: p, low: Math.min(p, centre - half), high: Math.max(p, centre + half), n }
}

const digest = (digit: string): string => digit.repeat(64)

const examples = (probe: string): readonly Example[] =>
  [
    [18, 3, 8, 0.981, 0.1],
    [62, 9, 4, 0.964, 0.1],
    [115, 4, 9, 0.957, 0.1],
    [151, 9, 8, 0.931, 0.1],
    [247, 4, 2, 0.912, 0.1],
    [92, 9, 4, 0.874, 0.1],
  ].map(([row = 0, label = 0, predicted = 0, confidence = 0, distance = 0]) => ({
    row,
    label,
    predicted,
    confidence,
    distance,
    pictures: {
      clean: `${probe}/${row}/clean`,
      perturbed: `${probe}/${row}/perturbed`,
      difference: `${probe}/${row}/difference`,
      gain: 10,
    },
  }))

const evasion = (
  id: string,
  attack: string,
  norm: 'linf' | 'l2',
  epsilon: number,
  robust: Figure,
  median: number | null,
  queries: readonly [number, number],
  more: Partial<EvasionProbe> = {},
): EvasionProbe => ({
  id,
  class: 'evasion',
  attack,
  norm,
  epsilon,
  params: { steps: 40, 'step-size': 0.01, restarts: 1, 'random-start': true },
  status: 'measured',
  reproduce: `bartizan attack run ${attack} --model mnist-cnn.onnx --data test-images-idx3-ubyte --labels test-labels-idx1-ubyte --rows 0:256 --norm ${norm} --eps ${epsilon} --seed 0`,
  result: {
    rows: robust.n,
    cleanAccuracy: share(Math.round(0.9961 * robust.n), robust.n),
    robustAccuracy: robust,
    distance: { norm, median, mean: median, max: median },
    queries: { forward: queries[0] * robust.n, gradient: queries[1] * robust.n },
  },
  flags: [],
  worst: [],
  ...more,
})

const probes: readonly Probe[] = [
  evasion('fgsm-linf-0.1', 'fgsm', 'linf', 0.1, share(208, 256), 0.1, [1, 1], { params: {} }),
  evasion('pgd-linf-0.1', 'pgd', 'linf', 0.1, share(165, 256), 0.1, [42, 40], {
    diagnostics: [
      {
        check: 'zero-gradients',
        title: 'Clean rows have a gradient',
        verdict: 'passed',
        measured: 0,
        message: 'the loss has no gradient at all for 0.0 % of the clean rows; up to 10 % may be rounding',
      },
      {
        check: 'iteration-helps',
        title: 'Many steps do no worse than one',
        verdict: 'passed',
        measured: 0.168,
        message: 'one gradient step left 81.3 % robust, 40 steps 64.5 %',
      },
    ],
  }),
  evasion('autoattack-linf-0.1', 'autoattack', 'linf', 0.1, share(157, 256), 0.1, [4865, 1210], {
    status: 'failed',
    worst: examples('autoattack-linf-0.1'),
  }),
  evasion('square-linf-0.1', 'square', 'linf', 0.1, share(47, 64), 0.1, [2655, 0], {
    params: { queries: 1000, 'p-init': 0.8 },
    queryCurve: [
      [10, 0],
      [50, 2],
      [100, 4],
      [250, 8],
      [500, 13],
      [1000, 17],
    ].map(([queries = 0, broken = 0]) => ({ queries, success: share(broken, 64) })),
  }),
  evasion('autoattack-linf-0.3', 'autoattack', 'linf', 0.3, share(0, 256), 0.3, [212, 96]),
  evasion('pgd-l2-2', 'pgd', 'l2', 2, share(34, 256), 2, [42, 40], {
    status: 'passed',
    flags: [
      {
        id: 'loss-does-not-fall',
        message: 'with 200 steps in place of 40 the loss rises by 0.4 %, less than the 1 % that is looked for',
        measured: 0.004,
      },
    ],
    diagnostics: [
      {
        check: 'black-box-weaker',
        title: 'No black box breaks more rows',
        verdict: 'fired',
        measured: 9,
        message:
          'hopskipjump, which sees labels only, broke 9 of 32 rows that pgd did not: its gradients may be masked',
      },
      {
        check: 'exact-gradients',
        title: 'No gradient is an estimate',
        verdict: 'passed',
        measured: 'none',
        message: 'no operator of the graph has an estimate for its gradient',
      },
    ],
  }),
  evasion('hopskipjump-l2', 'hopskipjump', 'l2', 2, share(13, 32), 2.183, [6434, 0], { params: { queries: 6400 } }),
  {
    id: 'poisoning',
    class: 'poisoning',
    attack: 'label-flip',
    params: {},
    status: 'not run',
    reason: 'it needs the rows that the model was trained on; give training.data',
    flags: [],
  },
]

const curve = (attack: string, norm: 'linf' | 'l2', points: readonly (readonly [number, number])[]): Curve => ({
  attack,
  norm,
  points: points.map(([epsilon, right]) => ({ epsilon, accuracy: share(right, 256) })),
})

const transfer: TransferMatrix = {
  norm: 'linf',
  epsilon: 0.1,
  params: { steps: 10, decay: 1, diversity: 0.5, ensemble: 'logits' },
  models: [
    { name: 'mnist-cnn.onnx', sha256: digest('a') },
    { name: 'surrogates/mnist-overfit.onnx', sha256: digest('2') },
    { name: 'surrogates/mnist-cnn-adversarially-trained.onnx', sha256: digest('3') },
  ],
  clean: [share(255, 256), share(241, 256), share(249, 256)],
  crafted: [
    { on: [1], robust: [share(239, 256), share(12, 256), share(246, 256)] },
    { on: [2], robust: [share(233, 256), share(214, 256), share(196, 256)] },
    { on: [1, 2], robust: [share(221, 256), share(48, 256), share(203, 256)] },
  ],
}

const gates: readonly Gate[] = [
  {
    id: 'clean',
    metric: 'clean-accuracy',
    passed: true,
    measured: share(255, 256),
    required: { atLeast: 0.97, judgeBy: 'value' },
  },
  {
    id: 'linf-0.1',
    metric: 'robust-accuracy',
    norm: 'linf',
    epsilon: 0.1,
    passed: false,
    measured: share(157, 256),
    required: { atLeast: 0.7, judgeBy: 'value' },
    probe: 'autoattack-linf-0.1',
  },
  {
    id: 'l2-2',
    metric: 'robust-accuracy',
    norm: 'l2',
    epsilon: 2,
    passed: true,
    measured: share(34, 256),
    required: { atLeast: 0.05, judgeBy: 'interval' },
    probe: 'pgd-l2-2',
  },
]

/** A realistic report; the numbers are about those of a small MNIST network. */
export const sampleReport = (): Report =>
  withVerdict({
    schemaVersion: 1,
    tool: { name: 'bartizan', version: '0.1.0' },
    config: { path: 'bartizan.yaml', sha256: digest('c') },
    seed: 0,
    model: {
      path: 'mnist-cnn.onnx',
      sha256: digest('a'),
      bytes: 862_863,
      inputs: [{ name: 'input', type: 'float32', shape: ['batch', 1, 28, 28] }],
      outputs: [{ name: 'logits', type: 'float32', shape: ['batch', 10] }],
      parameters: 215_370,
      opset: { 'ai.onnx': 13 },
      producer: 'pytorch 1.13.1',
      outputKind: 'logits',
      differentiable: true,
    },
    data: {
      path: 'test-images-idx3-ubyte',
      sha256: digest('d'),
      labels: { path: 'test-labels-idx1-ubyte', sha256: digest('e') },
      rows: 256,
      from: 0,
      to: 256,
      classes: 10,
    },
    input: { range: [0, 1], units: 'byte/255', shape: [1, 28, 28] },
    threat: {
      access: 'white-box',
      norms: [
        { norm: 'linf', epsilon: [0.1, 0.3] },
        { norm: 'l2', epsilon: [2] },
      ],
    },
    clean: { accuracy: share(255, 256), declared: 0.9922, tolerance: 0.02 },
    probes,
    curves: [
      curve('pgd', 'linf', [
        [0, 255],
        [0.025, 249],
        [0.05, 234],
        [0.1, 165],
        [0.15, 74],
        [0.2, 19],
        [0.3, 0],
      ]),
      curve('fgsm', 'linf', [
        [0, 255],
        [0.025, 250],
        [0.05, 240],
        [0.1, 208],
        [0.15, 139],
        [0.2, 76],
        [0.3, 9],
      ]),
      curve('pgd', 'l2', [
        [0, 255],
        [0.5, 246],
        [1, 187],
        [1.5, 94],
        [2, 34],
        [3, 2],
      ]),
    ],
    transfer: [transfer],
    findings: [
      {
        id: 'evasion-linf',
        severity: 'high',
        title: 'Small changes to the input turn four of ten predictions',
        meaning:
          'With every pixel changed by at most 0.1 (25.5/255), AutoAttack turned 98 of the 255 rows that were right: robust accuracy is 61.3 %, and 70 % was required.',
        reproduce:
          'bartizan attack run autoattack --model mnist-cnn.onnx --data test-images-idx3-ubyte --labels test-labels-idx1-ubyte --rows 0:256 --norm linf --eps 0.1 --seed 0',
        remedy:
          'Train adversarially with PGD at this budget: `bartizan harden --method adversarial-training --set eps=0.1`.',
        probe: 'autoattack-linf-0.1',
      },
      {
        id: 'evasion-l2',
        severity: 'medium',
        title: 'A decision-based attacker needs no scores',
        meaning:
          'HopSkipJump, which sees the predicted label only, turned 19 of 32 rows within an L2 distance of 2. Hiding the scores does not protect this model.',
        reproduce: 'bartizan attack run hopskipjump --model mnist-cnn.onnx --norm l2 --eps 2 --rows 0:32 --seed 0',
        remedy: 'Limit the queries a caller may send, and watch for series of near-identical inputs.',
        probe: 'hopskipjump-l2',
      },
    ],
    gates,
    notRun: [{ probe: 'membership', reason: 'it needs rows that were used in training; give data.members' }],
    evidence: {
      digests: [
        { name: 'model', path: 'mnist-cnn.onnx', sha256: digest('a') },
        { name: 'data', path: 'test-images-idx3-ubyte', sha256: digest('d') },
        { name: 'adversarial rows of autoattack-linf-0.1', path: '.bartizan/evidence/1.npy', sha256: digest('1') },
      ],
      statement: '.bartizan/evidence/assessment.dsse.json',
      keyId: digest('f').slice(0, 16),
    },
    timing: { startedAt: '2025-01-01T00:00:00Z', seconds: 41.2, probes: { 'pgd-linf-0.1': 2.1 } },
  })

/** Pictures for every example of the sample: a ring, the same shifted, and their difference. */
export const samplePictures = (): ReadonlyMap<string, Picture> => {
  const ring = (shift: number): Picture => ({
    width: 28,
    height: 28,
    channels: 1,
    pixels: Uint8Array.from({ length: 784 }, (_, i) => {
      const radius = Math.hypot((i % 28) - 13.5 - shift, Math.floor(i / 28) - 13.5)
      return Math.max(0, 255 - 60 * Math.abs(radius - 8))
    }),
  })
  return new Map(
    probes.flatMap((probe) =>
      (probe.class === 'evasion' ? probe.worst : []).flatMap(({ pictures }): readonly (readonly [string, Picture])[] =>
        pictures === undefined
          ? []
          : [
              [pictures.clean, ring(0)],
              [pictures.perturbed, ring(1)],
              [pictures.difference, ring(2)],
            ],
      ),
    ),
  )
}
