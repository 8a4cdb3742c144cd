import type { ProgramSpec } from '../../../models/program.ts'
import type { GraphBuilder, Value } from '../../../onnx/builder.ts'
import { margin } from '../../../onnx/losses.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import type { FittedDetector } from '../../../threat/detector.ts'
import { clip, project, steepest } from '../../../threat/geometry.ts'

/** What the attack is up against: a row counts only where its score is at most the threshold. */
export interface JointOpponent {
  readonly detector: FittedDetector
  readonly threshold: number
}

/** How to go for two ends at once. */
export type JointRule =
  | { readonly kind: 'orthogonal' | 'selective' }
  /** Both gradients at length 1; the detector's, times `weight`, only while the row is flagged. */
  | { readonly kind: 'sum'; readonly weight: number }

/**
 * One step of each row, with what the row achieves before it: `gap` is positive where the row is misclassified (or at
 * its target), `score` is the detector's.
 */
export const jointStep = (
  { norm, epsilon, low, high, targets, target }: AttackContext,
  { detector, threshold }: JointOpponent,
  rule: JointRule,
  sparsity: number,
): ProgramSpec => {
  const row = { dtype: 'int64', dims: [] } as const
  const weight = rule.kind === 'sum' ? rule.weight : ''
  return {
    key: `joint ${rule.kind} ${weight} ${norm} ${epsilon} ${low} ${high} ${sparsity} ${!!targets} ${threshold} ${detector.key}`,
    inputs: {
      x0: { dtype: 'float32', dims: target.dims },
      labels: row,
      aims: row,
      step: { dtype: 'float32', dims: [] },
    },
    build: (builder) => {
      const { g, x, logits, input, gradient } = builder
      // Towards a target: the target's logit above all others.
      const gap = targets ? g.neg(margin(g, logits, input('aims'))) : margin(g, logits, input('labels'))
      const score = detector.score(builder)
      const up = flatUnit(g, gradient(gap))
      const down = flatUnit(g, g.neg(gradient(detector.surrogate?.(builder) ?? score)))
      const fooled = column(g, g.greater(gap, 0))
      const flagged = column(g, g.greater(score, threshold))
      const direction = g.reshape(combined(g, rule, { up, down, fooled, flagged }), [-1, ...target.dims])
      const length = g.reshape(input('step'), [-1, ...target.dims.map(() => 1)])
      const moved = g.add(x, g.mul(steepest(g, norm, direction, sparsity), length))
      return { next: project(g, norm, clip(g, moved, low, high), input('x0'), epsilon), gap, score }
    },
  }
}

const column = (g: GraphBuilder, condition: Value): Value => g.unsqueeze(condition, [1])

/** Rows flattened and scaled to length 1, in two turns so that gradients of any size come through float32. */
const flatUnit = (g: GraphBuilder, gradient: Value): Value => {
  const flat = g.op('Flatten', [gradient], { axis: 1 })
  const scaled = g.div(flat, g.max(g.reduceMax(g.abs(flat), [1], true), 1e-37))
  return g.div(scaled, g.max(g.sqrt(g.reduceSum(g.square(scaled), [1], true)), 1e-12))
}

interface Directions {
  /** Of length 1, towards misclassification and towards a lower score. */
  readonly up: Value
  readonly down: Value
  readonly fooled: Value
  readonly flagged: Value
}

const combined = (g: GraphBuilder, rule: JointRule, { up, down, fooled, flagged }: Directions): Value => {
  switch (rule.kind) {
    case 'selective':
      return g.where(fooled, down, up)
    case 'orthogonal': {
      // What the one end loses to the other's direction is taken out.
      const overlap = g.reduceSum(g.mul(up, down), [1], true)
      return g.where(fooled, g.sub(down, g.mul(up, overlap)), g.sub(up, g.mul(down, overlap)))
    }
    case 'sum':
      return g.add(up, g.where(flagged, g.mul(down, rule.weight), 0))
  }
}
