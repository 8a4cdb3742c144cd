import { argmaxRows } from '../../../base/argmax.ts'
import type { ProgramSpec } from '../../../models/program.ts'
import type { Loss } from '../../../onnx/losses.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import { largestChange } from '../../../threat/norm.ts'
import { isBroken } from '../rows/goal.ts'
import { classLabels, finite, packRows } from '../rows/pack-rows.ts'
import { vectorNorm } from '../rows/row-norms.ts'
import type { Ball } from './ball-projection.ts'

/** What one look at a row's point tells. */
export interface Look {
  readonly broken: boolean
  /** The loss at the point, and its gradient. */
  readonly loss: number
  readonly gradient: Float32Array
  /** How far the point is from the clean row. */
  readonly distance: number
  /** How far the nearest point is that breaks the row, this one included; infinite where there is none yet. */
  readonly nearest: number
  /** Radius of the ball that the last step ended in. */
  readonly radius: number
  /** Share of the run that is done. */
  readonly done: number
}

/** How a search along a loss's gradient chooses the ball to stay in. */
export interface BallRule {
  /** Names the loss's graph. */
  readonly key: string
  /** The further up, the nearer is a row to leaving its label. */
  readonly loss: Loss
  readonly startRadius: number
  radius(look: Look): number
  /** How long perturbations of this radius are in L2: what steps are measured by. */
  span(radius: number): number
  /** Brings a perturbation into the ball and the box; it is overwritten. */
  project(delta: Float64Array, ball: Ball): void
}

export interface DescentOptions {
  readonly steps: number
  /** Length of the first step, in spans of the ball; the last is a hundredth of it, with half a cosine between them. */
  readonly stepSize: number
  /** Leave a row once a point within the budget breaks it. */
  readonly earlyStop: boolean
}

/** From `first` to `last` along half a cosine. */
export const annealed = (first: number, last: number, done: number): number =>
  last + ((first - last) * (1 + Math.cos(Math.PI * done))) / 2

/** One row's search. */
interface Searcher {
  readonly row: number
  readonly x0: Float32Array
  readonly x: Float32Array
  /** From `x0` to `x`, and how long that is. */
  readonly delta: Float64Array
  length: number
  readonly nearest: Float32Array
  /** Of `nearest`; infinite where nothing breaks the row yet. */
  distance: number
  radius: number
  /** How far the box's furthest corner is: no ball need be larger. */
  readonly furthest: number
}

/**
 * Looks for the smallest perturbation by steps of set length along a gradient, inside a ball that shrinks while the
 * point breaks its row and grows while it doesn't: one gradient a step, and a last look at where it ended. Returns the
 * nearest point that broke each row; clean values where none did.
 */
export const descend = async (
  context: AttackContext,
  options: DescentOptions,
  rule: BallRule,
): Promise<Float32Array> => {
  const { target, x0, rows, size, labels, targets, norm, epsilon, progress } = context
  const { steps, stepSize, earlyStop } = options
  const aims = targets ?? labels
  const searchers = Array.from({ length: rows }, (_, row) => startOf(context, rule, row))
  const isOpen = ({ distance }: Searcher): boolean =>
    distance > (norm === 'l0' ? 1 : 0) && !(earlyStop && distance <= epsilon)
  const program = await target.program(lookProgram(context, rule))
  let open: readonly Searcher[] = searchers
  for (let step = 0; step < steps && open.length > 0; step++) {
    const done = step / steps
    const { loss, gradient, logits } = await program.run(open.length, {
      x: packRows(open),
      aims: classLabels(open, ({ row }) => aims[row]!),
    })
    const predicted = argmaxRows(logits!, target.classes)
    for (const [at, searcher] of open.entries()) {
      const broken = keepNearest(context, searcher, predicted[at]!)
      if (!isOpen(searcher)) continue
      const slope = finite(gradient!.subarray(at * size, (at + 1) * size))
      const { distance: nearest, length: distance, radius } = searcher
      const next = rule.radius({ broken, loss: loss![at]!, gradient: slope, distance, nearest, radius, done })
      searcher.radius = Math.min(next, searcher.furthest)
      advance(context, rule, searcher, slope, annealed(stepSize, stepSize / 100, done), step)
    }
    open = open.filter(isOpen)
    progress((step + 1) / steps)
  }
  const predicted = open.length > 0 ? await target.predict(packRows(open), open.length) : new Int32Array(0)
  for (const [at, searcher] of open.entries()) keepNearest(context, searcher, predicted[at]!)
  const result = x0.slice()
  for (const { row, nearest } of searchers) result.set(nearest, row * size)
  progress(1)
  return result
}

const startOf = ({ x0, size, norm, low, high }: AttackContext, { startRadius }: BallRule, row: number): Searcher => {
  const clean = x0.subarray(row * size, (row + 1) * size)
  const corner = new Float64Array(size)
  for (let i = 0; i < size; i++) corner[i] = Math.max(clean[i]! - low, high - clean[i]!)
  return {
    row,
    x0: clean,
    x: clean.slice(),
    delta: new Float64Array(size),
    length: 0,
    nearest: clean.slice(),
    distance: Number.POSITIVE_INFINITY,
    radius: startRadius,
    furthest: Math.min(vectorNorm(norm, corner), largestChange(norm, high - low, size)),
  }
}

const lookProgram = ({ targets }: AttackContext, { key, loss }: BallRule): ProgramSpec => ({
  key: `${key} ${targets ? 'towards' : 'away'}`,
  inputs: { aims: { dtype: 'int64', dims: [] } },
  build: ({ g, logits, input, gradient }) => {
    const away = loss(g, logits, input('aims'))
    const climbed = targets ? g.neg(away) : away
    return { loss: climbed, gradient: gradient(climbed), logits }
  },
})

/** Whether the point breaks its row; it is kept where none as near did. */
const keepNearest = (context: AttackContext, searcher: Searcher, predicted: number): boolean => {
  const broken = isBroken(context, searcher.row, predicted)
  if (broken && searcher.length < searcher.distance) {
    searcher.nearest.set(searcher.x)
    searcher.distance = searcher.length
  }
  return broken
}

/** A step along the gradient, or any way where there is none, and into the ball. */
const advance = (
  { low, high, norm, random }: AttackContext,
  { span, project }: BallRule,
  searcher: Searcher,
  gradient: Float32Array,
  stepSize: number,
  step: number,
): void => {
  const { row, x0, x, delta, radius } = searcher
  let way = gradient
  let steepness = vectorNorm('l2', way)
  if (steepness === 0) {
    way = new Float32Array(way.length)
    random(row, 'way', step).fillNormals(way)
    steepness = vectorNorm('l2', way)
  }
  const pace = (stepSize * span(radius)) / steepness
  for (let i = 0; i < delta.length; i++) delta[i] = delta[i]! + pace * way[i]!
  project(delta, { x0, radius, low, high })
  for (let i = 0; i < delta.length; i++) {
    x[i] = x0[i]! + delta[i]!
    delta[i] = x[i]! - x0[i]!
  }
  searcher.length = vectorNorm(norm, delta)
}
