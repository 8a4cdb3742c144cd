import type { ProgramSpec } from '../../../models/program.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import type { Constraints } from '../../../threat/constraints/constraints.ts'
import { uniformInBall } from '../../../threat/geometry.ts'
import { packRows } from '../rows/pack-rows.ts'
import { type SearchedPoint, searchCategories } from './category-search.ts'
import { type Box, intoBall, mostUseful, steepestInBox } from './direction.ts'
import { cleanRow, outputsOf } from './one-row.ts'
import { constraintsOf } from './space.ts'

export interface AscentOptions {
  readonly steps: number
  /** Of the first quarter of the steps, in the norm's units; in L0 a share of each feature's range. */
  readonly stepSize: number
  readonly restarts: number
  readonly searches: number
  /** Features that an L1 step moves. */
  readonly sparsity: number
}

/** One row's ascent. */
interface Climber extends SearchedPoint {
  readonly box: Box
  /** Where it would stand without rounding; `x` is the allowed point nearest to it. */
  y: Float32Array
  /** The most promising point of all restarts. */
  best: Float32Array
  bestLead: number
}

/** Climbs the goal's loss for all rows side by side; rows that are broken leave. Returns one candidate a row. */
export const constrainedAscent = async (context: AttackContext, options: AscentOptions): Promise<Float32Array> => {
  const { rows, goal, x0, size, progress } = context
  const constraints = constraintsOf(context)
  const program = await context.target.program(gradientProgram(context))
  const climbers = Array.from({ length: rows }, (_, row) => climberAt(context, constraints, row))
  let open: readonly Climber[] = climbers
  const climbs = options.restarts * goal.ways
  for (let number = 0; number < climbs && open.length > 0; number++) {
    const [restart, way] = [Math.floor(number / goal.ways), number % goal.ways]
    for (const climber of open) begin(context, constraints, climber, restart)
    for (let step = 0; step <= options.steps && open.length > 0; step++) {
      const feeds = goal.feeds(rowsOf(open), way)
      const { gradient, outputs } = await program.run(open.length, { x: packRows(open), ...feeds })
      open = stillOpen(context, open, outputs!, (climber, at) => {
        if (step < options.steps)
          move(context, constraints, options, climber, gradient!.subarray(at * size, (at + 1) * size), step)
      })
      if (isSearch(options, step)) open = await search(context, constraints, open)
      progress((number + step / options.steps) / climbs)
    }
  }
  const result = x0.slice()
  for (const { row, best } of climbers) result.set(best, row * size)
  progress(1)
  return result
}

const rowsOf = (open: readonly Climber[]): Int32Array => Int32Array.from(open, ({ row }) => row)

const gradientProgram = ({ goal }: AttackContext): ProgramSpec => ({
  key: `gradient of ${goal.key}`,
  inputs: goal.inputs,
  build: ({ g, logits, input, gradient }) => ({
    gradient: gradient(goal.loss({ g, input }, logits)),
    outputs: logits,
  }),
})

const climberAt = (context: AttackContext, constraints: Constraints, row: number): Climber => {
  const clean = cleanRow(context, row)
  const intervals = [...clean.keys()].map((at) => constraints.interval(clean, at))
  const box = {
    low: Float64Array.from(intervals, ([low]) => low),
    high: Float64Array.from(intervals, ([, high]) => high),
  }
  const infinite = Number.POSITIVE_INFINITY
  return { row, clean, box, x: clean, y: clean.slice(), lead: infinite, best: clean, bestLead: infinite }
}

/** The clean row first, then random points of the ball. */
const begin = (
  { norm, epsilon, size, random }: AttackContext,
  constraints: Constraints,
  climber: Climber,
  restart: number,
): void => {
  const { row, clean, box } = climber
  climber.y = clean.slice()
  climber.lead = Number.POSITIVE_INFINITY
  if (restart > 0) {
    const draws = random(row, 'start', restart)
    if (norm === 'l0') for (const at of clean.keys()) climber.y[at] = anywhere(box, at, draws.uniform())
    else for (const [at, noise] of uniformInBall(norm, size, epsilon, draws).entries()) climber.y[at]! += noise
  }
  climber.x = constraints.repair(clean, climber.y, { norm, epsilon })
}

const anywhere = ({ low, high }: Box, at: number, share: number): number => low[at]! + share * (high[at]! - low[at]!)

/** Looks at what the model says of every point; `go` moves those that it doesn't break. */
const stillOpen = (
  { goal }: AttackContext,
  open: readonly Climber[],
  outputs: Float32Array,
  go: (climber: Climber, at: number) => void,
): readonly Climber[] => {
  const broken = goal.broken(rowsOf(open), outputs)
  const said = outputsOf(outputs, open.length)
  for (const [at, climber] of open.entries()) {
    climber.lead = goal.lead(climber.row, said[at]!)
    const better = broken[at] === 1 || climber.lead < climber.bestLead
    if (better) [climber.best, climber.bestLead] = [climber.x, climber.lead]
    if (broken[at] === 0) go(climber, at)
  }
  return open.filter((_, at) => broken[at] === 0)
}

const move = (
  { norm, epsilon }: AttackContext,
  constraints: Constraints,
  { steps, stepSize, sparsity }: AscentOptions,
  climber: Climber,
  gradient: Float32Array,
  step: number,
): void => {
  const { clean, box, y } = climber
  const length = stepSize * 0.5 ** Math.floor((4 * step) / steps)
  const towards = steepestInBox(norm, gradient, y, box, sparsity)
  for (const [at, by] of towards.entries()) {
    const moved = y[at]! + length * by * (norm === 'l0' ? box.high[at]! - box.low[at]! : 1)
    y[at] = Math.min(Math.max(moved, box.low[at]!), box.high[at]!)
  }
  intoBall(norm, y, clean, epsilon)
  const wanted = norm === 'l0' ? mostUseful(y, clean, gradient, Math.floor(epsilon)) : y
  climber.x = constraints.repair(clean, wanted, { norm, epsilon })
}

/** Evenly over the steps. */
const isSearch = ({ steps, searches }: AscentOptions, step: number): boolean =>
  searches > 0 && step < steps && step % Math.max(1, Math.floor(steps / searches)) === 0

/** Tries other categories around every point, which its next steps then start from. */
const search = async (
  context: AttackContext,
  constraints: Constraints,
  open: readonly Climber[],
): Promise<readonly Climber[]> => {
  const categories =
    constraints.groups.length > 0 ||
    [...context.x0.subarray(0, context.size).keys()].some((at) => constraints.kind(at) === 'category')
  if (!categories || open.length === 0) return open
  const outputs = outputsOf(await context.target.logits(packRows(open), open.length), open.length)
  for (const [at, climber] of open.entries()) climber.lead = context.goal.lead(climber.row, outputs[at]!)
  for (const climber of await searchCategories(context, constraints, open))
    for (const at of climber.y.keys()) {
      const kind = constraints.kind(at)
      if (kind === 'member' || kind === 'category') climber.y[at] = climber.x[at]!
    }
  return open
}
