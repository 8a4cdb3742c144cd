import type { ProgramBuilder, ProgramSpec } from '../../../models/program.ts'
import type { Value } from '../../../onnx/builder.ts'
import { margin, ofLabel } from '../../../onnx/losses.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import { rowNorm } from '../../../threat/geometry.ts'

/** Added to each step's length, in widths of the inputs' range: a step that ends on the boundary needn't be across. */
const across = 1e-4
/** Below any gradient that leads somewhere. */
const flat = 1e-8

/**
 * The smallest step of each row to the nearest of the linearised boundaries with `candidates` other classes, whose
 * gradients all come of one pass; towards a target, to the one between it and the best other class.
 */
export const deepfoolStep = ({ norm, low, high, target, targets }: AttackContext, candidates: number): ProgramSpec => ({
  key: `deepfool ${norm} ${low} ${high} ${targets ? 'towards' : candidates}`,
  inputs: { labels: { dtype: 'int64', dims: [] }, candidates: { dtype: 'int64', dims: [candidates] } },
  build: (builder) => {
    const { g, gradient } = builder
    const hyperplanes = gapsOf(builder, targets !== undefined, candidates).map((gap): Hyperplane => {
      const normal = gradient(gap)
      const steepness = g.add(rowNorm(g, norm === 'linf' ? 'l1' : 'l2', normal), flat)
      const distance = g.div(g.reshape(g.abs(gap), [-1, ...target.dims.map(() => 1)]), steepness)
      return { normal, steepness, distance }
    })
    const { normal, steepness, distance } = hyperplanes.reduce((nearest, other) => {
      const nearer = g.less(other.distance, nearest.distance)
      return {
        normal: g.where(nearer, other.normal, nearest.normal),
        steepness: g.where(nearer, other.steepness, nearest.steepness),
        distance: g.where(nearer, other.distance, nearest.distance),
      }
    })
    const way = norm === 'linf' ? g.sign(normal) : g.div(normal, steepness)
    return { step: g.mul(way, g.add(distance, across * (high - low))) }
  },
})

/** Where a linearised boundary lies from each row's point. */
interface Hyperplane {
  readonly normal: Value
  /** What a step of length 1 gains at most. */
  readonly steepness: Value
  readonly distance: Value
}

/** Differences of logits that are 0 on the boundaries: the model's own logits, which never saturate as its softmax does. */
const gapsOf = ({ g, logits, input }: ProgramBuilder, targeted: boolean, candidates: number): readonly Value[] => {
  const candidate = (k: number): Value => g.squeeze(g.slice(input('candidates'), [k], [k + 1], [1]), [1])
  if (targeted) return [g.neg(margin(g, logits, candidate(0)))]
  const own = ofLabel(g, logits, input('labels'))
  return Array.from({ length: candidates }, (_, k) => g.sub(ofLabel(g, logits, candidate(k)), own))
}
