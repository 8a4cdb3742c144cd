import type { Classifier } from '../../models/classifier.ts'
import type { ProgramBuilder } from '../../models/program.ts'
import type { Value } from '../../onnx/builder.ts'
import { klDivergence } from '../../onnx/losses.ts'
import type { DefenseContext } from '../../threat/defense.ts'
import { clip, project, steepest } from '../../threat/geometry.ts'
import { targetOf } from '../../threat/target.ts'
import type { TrainingBatch } from '../../training/objective.ts'
import { requireNorm } from './inner-attack.ts'

export interface DivergenceAscentOptions {
  readonly steps: number
  /** In input units. */
  readonly stepSize: number
}

/** Standard deviation of the start around the clean row, as a share of the input range: 0.001 for pictures in [0, 1]. */
const startSpread = 0.001
/** Share of the coordinates that an L1 step moves. */
const sparsity = 0.01

/**
 * The points within the budget where the network's answer is furthest from that at the clean rows: steepest ascent of
 * KL(p(x) || p(x')) from x + N(0, 0.001²), all steps in one call. The labels have no part in it. Throws
 * ATTACK_NOT_APPLICABLE in L0, which has no such ascent.
 */
export const mostDivergent = async (
  context: Pick<DefenseContext, 'norm' | 'epsilon' | 'low' | 'high'>,
  now: Classifier,
  { x: x0, rows, random }: TrainingBatch,
  options: DivergenceAscentOptions,
): Promise<Float32Array> => {
  const { norm, low, high } = context
  requireNorm('the inner maximisation of TRADES', norm, ['linf', 'l2', 'l1'])
  const target = targetOf(now, 'gradients')
  const reference = await target.logits(x0, rows)
  const start = new Float32Array(x0.length)
  const spread = startSpread * (Number.isFinite(high - low) ? high - low : 1)
  for (let row = 0; row < rows; row++) {
    const at = start.subarray(row * now.size, (row + 1) * now.size)
    random(row, 'divergence ascent').fillNormals(at)
    for (let i = 0; i < at.length; i++) at[i] = x0[row * now.size + i]! + spread * at[i]!
  }
  const program = await target.program(ascentProgram(context, now, options.steps))
  const { last } = await program.run(rows, {
    x: start,
    x0,
    reference,
    // Inputs of the graph, so that one graph does for a budget that grows.
    epsilon: new Float32Array(rows).fill(context.epsilon),
    'step size': new Float32Array(rows).fill(options.stepSize),
  })
  return last!
}

const ascentProgram = (
  { norm, low, high }: Pick<DefenseContext, 'norm' | 'low' | 'high'>,
  { classes, size, input: { dims } }: Classifier,
  steps: number,
) => {
  const perRow = { dtype: 'float32', dims: dims.map(() => 1) } as const
  return {
    key: `divergence ascent ${norm} ${low} ${high} ${steps}`,
    inputs: {
      x0: { dtype: 'float32', dims },
      reference: { dtype: 'float32', dims: [classes] },
      epsilon: perRow,
      'step size': perRow,
    },
    repeat: { result: 'next', steps },
    build: ({ g, x, logits, input, gradient }: ProgramBuilder) => {
      const dX = gradient(klDivergence(g, logits, input('reference')))
      const towards = (direction: Value): Value => clip(g, g.add(x, g.mul(direction, input('step size'))), low, high)
      // An L1 step moves few coordinates: none of them is to be one that can't go on, at the end of the range.
      const free = norm === 'l1' ? g.mul(dX, g.sign(g.abs(g.sub(towards(g.sign(dX)), x)))) : dX
      const moved = towards(steepest(g, norm, free, Math.max(1, Math.round(sparsity * size))))
      return { next: project(g, norm, moved, input('x0'), input('epsilon')) }
    },
  } as const
}
