import { type AnyAttack, type AttackContext, defineAttack } from '../../../threat/attack.ts'
import { gatherRows, rowsWhere, scatterRows, toInt64 } from '../../../threat/rows.ts'
import { type JointOpponent, type JointRule, jointStep } from './joint-step.ts'
import { randomStarts } from './random-starts.ts'

/**
 * Gradient descent against a model and a detector of adversarial inputs together: rows that are misclassified and not
 * flagged. Each row is tried by several ways to follow two gradients at once, until one succeeds: the orthogonal and the
 * selective steps of Bryniarski et al. 2021, and sums of both gradients scaled to equal length. Rows that none of them
 * brings through keep their clean values.
 */
export const jointAttack = (opponent: JointOpponent): AnyAttack =>
  defineAttack({
    id: 'joint-pgd',
    title: 'Projected gradient descent against model and detector together',
    reference: 'Bryniarski et al. 2021, arXiv:2106.15023',
    access: 'gradients',
    norms: ['linf', 'l2', 'l1'],
    parameters: {
      steps: { kind: 'integer', default: 100, min: 1, help: 'gradient steps of each try' },
      'step-size': {
        kind: 'number',
        default: 0,
        min: 0,
        help: 'length of the first step in input units, the last is a hundredth of it; 0: a quarter of epsilon',
      },
      restarts: {
        kind: 'integer',
        default: 1,
        min: 1,
        help: 'starts of each way: the clean row, then random points of the ball',
      },
      rule: {
        kind: 'choice',
        default: 'all',
        choices: ['all', 'orthogonal', 'selective', 'sum'],
        help: 'how the gradients of model and detector are followed at once; all: one after another',
      },
      sparsity: {
        kind: 'number',
        default: 0.01,
        min: 0,
        max: 1,
        help: 'share of the coordinates that an L1 step moves',
      },
    },
    async run(context, parameters) {
      const result = context.x0.slice()
      const rules = parameters.rule === 'all' ? allRules : allRules.filter(({ kind }) => kind === parameters.rule)
      const tries = Array.from({ length: parameters.restarts }, (_, restart) =>
        rules.map((rule) => ({ rule, restart })),
      ).flat()
      let open = rowsWhere(context.rows, () => true)
      for (const [i, { rule, restart }] of tries.entries()) {
        if (open.length === 0) break
        open = await descend(context, result, open, {
          opponent,
          rule,
          restart,
          steps: parameters.steps,
          stepSize: parameters['step-size'] || context.epsilon / 4,
          sparsity: Math.max(1, Math.round(parameters.sparsity * context.size)),
          progress: (done) => context.progress((i + done) / tries.length),
        })
      }
      context.progress(1)
      return result
    },
  })

/** In the order that they are tried. Weights are of the detector's gradient, once both have length 1. */
const allRules: readonly JointRule[] = [
  { kind: 'orthogonal' },
  { kind: 'selective' },
  ...[0.3, 1, 3].map((weight) => ({ kind: 'sum', weight }) as const),
]

interface Descent {
  readonly opponent: JointOpponent
  readonly rule: JointRule
  readonly restart: number
  readonly steps: number
  readonly stepSize: number
  readonly sparsity: number
  readonly progress: (done: number) => void
}

/** All steps of one try; writes the points of rows that come through into `result` and returns the others. */
const descend = async (
  context: AttackContext,
  result: Float32Array,
  rows: Int32Array,
  { opponent, rule, restart, steps, stepSize, sparsity, progress }: Descent,
): Promise<Int32Array> => {
  const { target, size } = context
  const step = await target.program(jointStep(context, opponent, rule, sparsity))
  let open = rows
  let x = restart === 0 ? gatherRows(context.x0, rows, size) : randomStarts(context, rows, restart)
  for (let i = 0; i <= steps && open.length > 0; i++) {
    const { next, gap, score } = await step.run(open.length, {
      x,
      x0: gatherRows(context.x0, open, size),
      labels: toInt64(gatherRows(context.labels, open, 1)),
      aims: toInt64(gatherRows(context.targets ?? context.labels, open, 1)),
      // Half a cosine, from the first step down to a hundredth of it.
      step: new Float32Array(open.length).fill(stepSize * (0.01 + 0.495 * (1 + Math.cos((Math.PI * i) / steps)))),
    })
    const through = (at: number): boolean => gap![at]! > 0 && score![at]! <= opponent.threshold
    const done = rowsWhere(open.length, through)
    scatterRows(result, gatherRows(open, done, 1), gatherRows(x, done, size), size)
    const rest = rowsWhere(open.length, (at) => !through(at))
    x = gatherRows(next!, rest, size)
    open = gatherRows(open, rest, 1)
    progress(i / steps)
  }
  return open
}
