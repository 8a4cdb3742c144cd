import type { ProgramSpec } from '../../../models/program.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import { finite, packRows } from '../rows/pack-rows.ts'
import { difference, vectorNorm } from '../rows/row-norms.ts'
import { cleanRow } from './one-row.ts'
import { constraintsOf } from './space.ts'

export interface LowProfileOptions {
  readonly steps: number
  readonly stepSize: number
  readonly decay: number
  readonly lambda: number
}

interface Searcher {
  readonly row: number
  readonly clean: Float32Array
  /** How far each feature can go, for the length of a step. */
  readonly widths: Float64Array
  /** Without rounding; `x` is the allowed point nearest to it. */
  y: Float32Array
  x: Float32Array
  best: Float32Array
  /** Weighted size of the best change. */
  smallest: number
}

/** Halvings of the way back to the clean row at the end. */
const halvings = 8

export const lowProfile = async (context: AttackContext, options: LowProfileOptions): Promise<Float32Array> => {
  const { x0, rows, size, goal, norm, fitted, progress } = context
  const constraints = constraintsOf(context)
  const weights = fitted ?? new Float32Array(size).fill(1 / Math.sqrt(size))
  const weighted = (x: Float32Array, clean: Float32Array): Float64Array =>
    difference(x, clean).map((change, at) => change * weights[at]!)
  const program = await context.target.program(gradientProgram(context))
  const searchers = Array.from({ length: rows }, (_, row): Searcher => {
    const clean = cleanRow(context, row)
    const widths = Float64Array.from(clean, (_, at) => {
      const [low, high] = constraints.interval(clean, at)
      return high - low
    })
    return { row, clean, widths, y: clean.slice(), x: clean, best: clean, smallest: Number.POSITIVE_INFINITY }
  })
  const all = Int32Array.from(searchers.keys())
  const keep = (searcher: Searcher, x: Float32Array): void => {
    const reached = vectorNorm(norm, weighted(x, searcher.clean))
    if (reached < searcher.smallest) [searcher.best, searcher.smallest] = [x, reached]
  }
  for (let step = 0; step <= options.steps && rows > 0; step++) {
    const { gradient, outputs } = await program.run(rows, { x: packRows(searchers), ...goal.feeds(all, 0) })
    const broken = goal.broken(all, outputs!)
    for (const [at, searcher] of searchers.entries()) {
      const { clean, widths, x, y } = searcher
      if (broken[at]) keep(searcher, x)
      if (step === options.steps) continue
      const slopes = finite(gradient!.slice(at * size, (at + 1) * size))
      const up = uphill(slopes, widths)
      const out = outwards(norm, weighted(y, clean), weights, widths)
      const length = options.stepSize * options.decay ** step * Math.sqrt(size)
      const pull = broken[at] ? 1 : options.lambda / (1 + options.lambda)
      for (const i of y.keys()) y[i]! += length * widths[i]! * ((broken[at] ? 0 : up[i]!) - pull * out[i]!)
      searcher.x = constraints.repair(clean, y)
      // What the constraints stop must not add up beyond them.
      for (const i of y.keys()) if (constraints.kind(i) === 'number') y[i] = searcher.x[i]!
    }
    progress(step / (options.steps + 1))
  }
  await drawBack(context, searchers, keep, (searcher, share) =>
    constraints.repair(
      searcher.clean,
      searcher.best.map((value, at) => searcher.clean[at]! + share * (value - searcher.clean[at]!)),
    ),
  )
  const result = x0.slice()
  for (const { row, best } of searchers) result.set(best, row * size)
  progress(1)
  return result
}

const gradientProgram = ({ goal }: AttackContext): ProgramSpec => ({
  key: `gradient of ${goal.key}`,
  inputs: goal.inputs,
  build: ({ g, logits, input, gradient }) => ({
    gradient: gradient(goal.loss({ g, input }, logits)),
    outputs: logits,
  }),
})

/** The loss's gradient in shares of each feature's range, of length 1. */
const uphill = (gradient: Float32Array, widths: Float64Array): Float64Array => {
  const scaled = Float64Array.from(gradient, (slope, at) => slope * widths[at]!)
  const length = vectorNorm('l2', scaled) || 1
  return scaled.map((slope) => slope / length)
}

/** The direction in which the weighted size grows, in shares of each feature's range, at most 1 long. */
const outwards = (
  norm: AttackContext['norm'],
  change: Float64Array,
  weights: Float32Array,
  widths: Float64Array,
): Float64Array => {
  const size = vectorNorm(norm, change) || 1
  const slopes = change.map((value, at) => {
    const slope =
      norm === 'l2' ? value / size : norm === 'l1' ? Math.sign(value) : Math.abs(value) === size ? Math.sign(value) : 0
    return slope * weights[at]! * widths[at]!
  })
  const length = vectorNorm('l2', slopes) || 1
  return slopes.map((slope) => slope / length)
}

/** Bisects between the clean row and what was found, all rows side by side. */
const drawBack = async (
  { target, goal }: AttackContext,
  searchers: readonly Searcher[],
  keep: (searcher: Searcher, x: Float32Array) => void,
  at: (searcher: Searcher, share: number) => Float32Array,
): Promise<void> => {
  const found = searchers.filter(({ smallest }) => smallest < Number.POSITIVE_INFINITY)
  const whole = new Map(found.map((searcher) => [searcher, { ...searcher }]))
  const [near, far] = [new Float64Array(found.length), new Float64Array(found.length).fill(1)]
  for (let halving = 0; halving < halvings && found.length > 0; halving++) {
    const shares = near.map((low, i) => (low + far[i]!) / 2)
    const points = found.map((searcher, i) => ({ x: at(whole.get(searcher)!, shares[i]!) }))
    const broken = await target.decide(
      goal,
      packRows(points),
      Int32Array.from(found, ({ row }) => row),
    )
    for (const [i, searcher] of found.entries()) {
      if (broken[i]) {
        keep(searcher, points[i]!.x)
        far[i] = shares[i]!
      } else near[i] = shares[i]!
    }
  }
}
