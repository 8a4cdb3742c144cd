import { BartizanError } from '../base/errors.ts'
import { stream } from '../base/random.ts'
import { classifierFrom } from '../models/classifier.ts'
import type { Preprocessing } from '../models/head.ts'
import { crossEntropy } from '../onnx/losses.ts'
import type { Model } from '../onnx/types.ts'
import { type AnyAttack, type AttackContext, defineAttack } from '../threat/attack.ts'
import type { DefenseContext } from '../threat/defense.ts'
import { clip, project, steepest, uniformInBall } from '../threat/geometry.ts'
import { type AnyParameters, resolveParameters } from '../threat/parameters.ts'
import { toInt64 } from '../threat/rows.ts'
import { buildArchitecture, parseArchitecture } from '../training/architecture/index.ts'
import { memoryStore, type RowStore } from '../training/row-store.ts'
import { defenses } from './index.ts'
import type { LabelledRows } from './training/validation.ts'

export const classes = 3
export const dims = [1, 8, 8] as const
const size = 64

/** Noisy pictures in [0, 1], bright in another third for each of three classes. */
export const pictures = (rows: number, key: string): LabelledRows => {
  const x = new Float32Array(rows * size)
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes)
  for (let row = 0; row < rows; row++) {
    const random = stream('pictures', key, row)
    for (let i = 0; i < size; i++) {
      const bright = Math.floor((i * classes) / size) === labels[row]
      x[row * size + i] = Math.min(1, Math.max(0, (bright ? 0.7 : 0.3) + 0.2 * random.normal()))
    }
  }
  return { x, labels }
}

export const storeOf = ({ x, labels }: LabelledRows): RowStore => memoryStore(x, labels)

/** A classifier of those pictures with metadata, untrained. */
export const untrained = (seed = 1, layers = 'conv 4, relu, maxpool 2, dense 8, relu, dense classes'): Model => ({
  ...buildArchitecture(parseArchitecture(layers), { input: dims, classes, seed }),
  metadata: { author: 'somebody' },
})

/** Steps of the sign or the gradient inside the ball: PGD, without what only measuring needs. */
const plainPgd = defineAttack({
  id: 'pgd',
  title: 'Projected gradient descent',
  reference: 'none',
  access: 'gradients',
  norms: ['linf', 'l2', 'l1'],
  parameters: {
    steps: { kind: 'integer', default: 10, help: 'steps' },
    'step-size': { kind: 'number', default: 0, help: 'length of a step' },
    'early-stop': { kind: 'boolean', default: false, help: 'not used' },
  },
  async run({ target, x0, rows, labels, norm, epsilon, low, high, random }, { steps, 'step-size': given }) {
    const stepSize = given || (2.5 * epsilon) / steps
    const program = await target.program({
      key: `step ${norm} ${epsilon} ${stepSize} ${low} ${high}`,
      inputs: { x0: { dtype: 'float32', dims: target.dims }, labels: { dtype: 'int64', dims: [] } },
      build: ({ g, x, logits, input, gradient }) => {
        const direction = steepest(g, norm, gradient(crossEntropy(g, logits, input('labels'))))
        const moved = clip(g, g.add(x, g.mul(direction, stepSize)), low, high)
        return { next: project(g, norm, moved, input('x0'), epsilon) }
      },
    })
    const width = x0.length / rows
    let x: Float32Array = x0.slice()
    for (let row = 0; row < rows; row++)
      for (const [i, move] of uniformInBall(norm, width, epsilon, random(row)).entries()) x[row * width + i]! += move
    for (let step = 0; step < steps; step++) x = (await program.run(rows, { x, x0, labels: toInt64(labels) })).next!
    return x
  },
})

/** An attack in place of PGD that proposes what the test says. */
export const insteadOfPgd = (
  propose: (context: AttackContext, steps: number, parameters: AnyParameters) => Float32Array,
): AnyAttack => ({
  ...plainPgd,
  run: async (context, parameters) => ({
    x: propose(context as AttackContext, Number(parameters.steps), parameters),
  }),
})

export interface Setting {
  readonly source?: Model
  readonly training?: LabelledRows
  readonly validation?: LabelledRows
  readonly pgd?: AnyAttack
  readonly preprocessing?: Preprocessing
  readonly context?: Partial<DefenseContext>
}

export const contextOf = ({
  source = untrained(),
  training = pictures(96, 'training'),
  validation = pictures(60, 'validation'),
  pgd = plainPgd,
  preprocessing,
  context,
}: Setting = {}): DefenseContext => ({
  source,
  open: (model, options) => classifierFrom(model, { path: 'test.onnx', sha256: '', preprocessing, ...options }),
  inputDims: dims,
  training: storeOf(training),
  validation: storeOf(validation),
  norm: 'linf',
  epsilon: 0.1,
  low: 0,
  high: 1,
  attack(id) {
    if (id !== 'pgd') throw new BartizanError('USAGE', `no attack "${id}" here`)
    return pgd
  },
  seed: 0,
  threads: 1,
  subject: 'test',
  progress: () => {},
  ...context,
})

/** Runs a defence with what the test sets over its defaults. */
export const harden = (id: string, context: DefenseContext, parameters: AnyParameters = {}) => {
  const defense = defenses.get(id)!
  return defense.run(context, resolveParameters(id, defense.parameters, parameters))
}

/** A recipe that is over quickly. */
export const quick = { epochs: 1, batch: 16, 'learning-rate': 0.05 } as const
