import { type AttackContext, defineAttack } from '../../../threat/attack.ts'
import { distances } from '../../../threat/norm.ts'
import { gatherRows, rowsWhere, scatterRows } from '../../../threat/rows.ts'
import { boundaryDirections } from './boundary-direction.ts'
import { drawNearer, halvings, type RowPoints } from './boundary-search.ts'
import { noiseStarts } from './boundary-start.ts'
import { type LabelOracle, labelOracle } from './label-oracle.ts'
import { secure } from './secure.ts'

/**
 * Walks along the decision boundary towards the clean row, seeing predicted classes only: estimate which way the
 * boundary faces, step off it, draw the point back to the boundary.
 */
export const hopskipjump = defineAttack({
  id: 'hopskipjump',
  title: 'HopSkipJump: smallest perturbation from predicted classes alone',
  reference: 'Chen, Jordan and Wainwright 2020, arXiv:1904.02144',
  access: 'labels',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['l2', 'linf'],
  minimal: true,
  parameters: {
    queries: { kind: 'integer', default: 5000, min: 1, help: 'most model queries for one row' },
    steps: { kind: 'integer', default: 64, min: 1, help: 'steps along the boundary, as far as the queries last' },
    'initial-evaluations': {
      kind: 'integer',
      default: 100,
      min: 2,
      help: 'random directions asked about in step 1; step t asks about sqrt(t) times as many',
    },
    'maximum-evaluations': { kind: 'integer', default: 10_000, min: 2, help: 'most random directions in one step' },
    'initial-tries': { kind: 'integer', default: 100, min: 1, help: 'noise points tried for an adversarial start' },
    gamma: {
      kind: 'number',
      default: 1,
      min: 1e-3,
      max: 1e3,
      help: 'precision of the boundary search, at least 0.001: gamma / (d sqrt d) of the way in L2, gamma / d^2 in Linf',
    },
  },
  async run(context, parameters) {
    const { rows, x0, size, norm, epsilon, low, high, progress } = context
    const oracle = labelOracle(context, parameters.queries)
    const tolerance = toleranceOf(context, parameters.gamma)
    const radius = radiusOf(context, parameters.gamma)
    const best = x0.slice()
    const shortest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
    const queries = new Int32Array(rows)
    const keepBest = (walk: RowPoints): Float64Array => {
      const lengths = distances(norm, walk.points, gatherRows(x0, walk.rows, size), size)
      for (const [i, row] of walk.rows.entries())
        if (lengths[i]! < shortest[row]!) {
          shortest[row] = lengths[i]!
          if (lengths[i]! <= epsilon && queries[row] === 0) queries[row] = parameters.queries - oracle.left(row)
          best.set(walk.points.subarray(i * size, (i + 1) * size), row * size)
        }
      return lengths
    }
    let walk = await noiseStarts(context, oracle, parameters['initial-tries'])
    await drawNearer(context, oracle, walk, tolerance, 1)
    let lengths = keepBest(walk)
    /** Questions that a step needs beside those about directions: a few step lengths, the way back, the last check. */
    const overhead = halvings(tolerance) + 4
    for (let step = 1; step <= parameters.steps; step++) {
      const able = rowsWhere(
        walk.rows.length,
        (i) => oracle.left(walk.rows[i]!) >= overhead + fewest && lengths[i]! > 0,
      )
      if (able.length === 0) break
      walk = { rows: gatherRows(walk.rows, able, 1), points: gatherRows(walk.points, able, size) }
      lengths = Float64Array.from(able, (i) => lengths[i]!)
      const wanted = Math.min(
        Math.round(parameters['initial-evaluations'] * Math.sqrt(step)),
        parameters['maximum-evaluations'],
      )
      const directions = await boundaryDirections(context, oracle, {
        ...walk,
        counts: walk.rows.map((row) => Math.min(wanted, oracle.left(row) - overhead)),
        radii: lengths.map((length) => (step === 1 ? 0.1 * (high - low) : length * radius)),
        iteration: step,
      })
      await stepOff(
        context,
        oracle,
        walk,
        directions,
        lengths.map((length) => length / Math.sqrt(step)),
      )
      await drawNearer(context, oracle, walk, tolerance, 1)
      lengths = keepBest(walk)
      progress(Math.max(step / parameters.steps, 1 - oracle.left(walk.rows[0]!) / parameters.queries))
    }
    await secure(context, oracle, best)
    progress(1)
    return { x: best, queries }
  },
})

/** Fewest random directions that a step is worth taking for. */
const fewest = 10

/** Precision of the boundary search, as a share of the way: the paper's, a thousandth at least, no finer than float32. */
const toleranceOf = ({ norm, size }: AttackContext, gamma: number): number =>
  Math.min(1e-3, Math.max(gamma / (norm === 'linf' ? size * size : size * Math.sqrt(size)), 2 ** -22))

/**
 * How far around the boundary point to ask, as a share of the way to the clean row: gamma / d, as in the paper, but at
 * least a tenth. Closer, the steps of a tree ensemble hide its slope and, in large inputs, float32 hides the point that
 * is asked about; for smooth models it makes no difference.
 */
const radiusOf = ({ size }: AttackContext, gamma: number): number => Math.max(gamma / size, 0.1)

/** Moves each point along its direction (Linf: the signs of it) by the longest of a halving series of lengths that stays adversarial. */
const stepOff = async (
  { norm, size, low, high }: AttackContext,
  oracle: LabelOracle,
  { rows, points }: RowPoints,
  directions: Float32Array,
  lengths: Float64Array,
): Promise<void> => {
  let open = rowsWhere(rows.length, () => true)
  for (let halving = 0; halving < 16; halving++) {
    open = open.filter((at) => oracle.left(rows[at]!) > 1)
    if (open.length === 0) return
    const moved = gatherRows(points, open, size)
    for (const [i, at] of open.entries()) {
      const length = lengths[at]! * 0.5 ** halving
      for (let j = 0; j < size; j++) {
        const towards = directions[at * size + j]!
        const by = norm === 'linf' ? Math.sign(towards) : towards
        moved[i * size + j] = Math.min(Math.max(moved[i * size + j]! + length * by, low), high)
      }
    }
    const adversarial = await oracle.ask(gatherRows(rows, open, 1), moved)
    const done = rowsWhere(open.length, (i) => adversarial[i] === 1)
    scatterRows(points, gatherRows(open, done, 1), gatherRows(moved, done, size), size)
    open = open.filter((_, i) => !adversarial[i])
  }
}
