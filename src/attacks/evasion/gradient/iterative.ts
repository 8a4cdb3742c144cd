import type { Value } from '../../../onnx/builder.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import { clip, project, steepest } from '../../../threat/geometry.ts'
import { gatherRows, rowsWhere, scatterRows } from '../../../threat/rows.ts'
import { randomStarts } from './random-starts.ts'

export interface IterativeOptions {
  readonly steps: number
  /** In input units. */
  readonly stepSize: number
  readonly restarts: number
  readonly randomStart: boolean
  /** Coordinates that an L1 step moves. */
  readonly sparsity: number
  /** Leave a row as soon as it is broken; else every row does all steps. */
  readonly earlyStop: boolean
  /**
   * Gradients that each step adds up, for models that draw random numbers in every run: the expectation over their
   * transformations (Athalye et al. 2018, arXiv:1707.07397). Default 1.
   */
  readonly samples?: number
}

/**
 * Steepest ascent of the goal's loss inside the ball (a classifier's cross-entropy; descent towards the target class for
 * targeted attacks): the family of FGSM, BIM and PGD. One graph does the whole step. Rows that are broken leave the batch.
 */
export const ascend = async (context: AttackContext, options: IterativeOptions): Promise<Float32Array> => {
  const { x0, rows, size, goal, progress } = context
  const best = x0.slice()
  const climbs = options.restarts * goal.ways
  let open = rowsWhere(rows, () => true)
  for (let number = 0; number < climbs && open.length > 0; number++) {
    const [restart, way] = [Math.floor(number / goal.ways), number % goal.ways]
    const start = options.randomStart ? randomStarts(context, open, restart) : gatherRows(x0, open, size)
    const { x, stillOpen } = await climb(context, { ...options, way, last: climbs === 1 }, open, start, (done) =>
      progress((number + done) / climbs),
    )
    scatterRows(best, open, x, size)
    open = stillOpen
  }
  progress(1)
  return best
}

interface ClimbOptions extends IterativeOptions {
  /** Which of the goal's ways to take. */
  readonly way: number
  /** No other climb follows: nobody asks which rows are open. */
  readonly last: boolean
}

/** All steps from one start. `stillOpen` are the rows that the last point seen does not break. */
const climb = async (
  context: AttackContext,
  options: ClimbOptions,
  rows: Int32Array,
  start: Float32Array,
  progress: (done: number) => void,
): Promise<{ x: Float32Array; stillOpen: Int32Array }> => {
  const { target, size, goal } = context
  const { samples = 1 } = options
  if (!options.earlyStop && options.steps > 1 && samples === 1) return allSteps(context, options, rows, start, progress)
  const step = await target.program(stepProgram(context, options))
  const sampled = samples > 1 ? await target.program(sumProgram(context)) : undefined
  const lengths = rowLengths(context, options)
  const result = start.slice()
  // Positions within `rows` of those that still climb, and their points, kept side by side.
  let climbing = rowsWhere(rows.length, () => true)
  let x = start
  let x0 = gatherRows(context.x0, rows, size)
  let feeds = goal.feeds(rows, options.way)
  for (let i = 0; i < options.steps && climbing.length > 0; i++) {
    let sum = new Float32Array(sampled ? x.length : 0)
    for (let draw = 1; sampled && draw < samples; draw++)
      sum = (await sampled.run(climbing.length, { x, ...feeds, sum })).sum! as typeof sum
    const given = { x, x0, ...feeds, ...lengths(climbing.length), ...(sampled && { sum }) }
    const { next, logits } = await step.run(climbing.length, given)
    const broken = goal.broken(gather(rows, climbing), logits!)
    // A clean row of an untargeted attack is never broken: its first step is always taken.
    const keep = options.earlyStop ? rowsWhere(climbing.length, (at) => broken[at] === 0) : undefined
    if (keep && keep.length < climbing.length) {
      const gone = rowsWhere(climbing.length, (at) => broken[at] === 1)
      scatterRows(result, gather(climbing, gone), gatherRows(x, gone, size), size)
      x = gatherRows(next!, keep, size)
      x0 = gatherRows(x0, keep, size)
      climbing = gather(climbing, keep)
      feeds = goal.feeds(gather(rows, climbing), options.way)
    } else x = next!
    progress((i + 1) / options.steps)
  }
  scatterRows(result, climbing, x, size)
  if (options.last) return { x: result, stillOpen: new Int32Array(0) }
  return { x: result, stillOpen: await openRows(context, gather(rows, climbing), x) }
}

/** Steps in one call: enough to save the calls, few enough that progress shows and Ctrl-C is heard. */
const stepsAtOnce = 20

/** Every row through every step, in runs of a loop around the step. */
const allSteps = async (
  context: AttackContext,
  options: ClimbOptions,
  rows: Int32Array,
  start: Float32Array,
  progress: (done: number) => void,
): Promise<{ x: Float32Array; stillOpen: Int32Array }> => {
  const { target, size, goal } = context
  const { key, ...step } = stepProgram(context, options)
  const lengths = rowLengths(context, options)(rows.length)
  const given = { x0: gatherRows(context.x0, rows, size), ...goal.feeds(rows, options.way), ...lengths }
  let x = start
  for (let done = 0; done < options.steps; ) {
    const steps = Math.min(stepsAtOnce, options.steps - done)
    const program = await target.program({ ...step, key: `${key} times ${steps}`, repeat: { result: 'next', steps } })
    x = (await program.run(rows.length, { ...given, x })).last!
    done += steps
    progress(done / options.steps)
  }
  if (options.last) return { x, stillOpen: new Int32Array(0) }
  return { x, stillOpen: await openRows(context, rows, x) }
}

const gather = (values: Int32Array, at: Int32Array): Int32Array => gatherRows(values, at, 1)

/** Those of the rows that their points don't break. */
const openRows = async ({ target, goal }: AttackContext, rows: Int32Array, x: Float32Array): Promise<Int32Array> => {
  const broken = await target.decide(goal, x, rows)
  return rows.filter((_, at) => broken[at] === 0)
}

/** Budget and step of each row: inputs of the graph, so that one graph does for all budgets. */
const rowLengths =
  ({ epsilon }: AttackContext, { stepSize }: IterativeOptions) =>
  (rows: number) => ({
    epsilon: new Float32Array(rows).fill(epsilon),
    'step size': new Float32Array(rows).fill(stepSize),
  })

/** One more draw's gradient on top of those before. */
const sumProgram = ({ target, goal }: AttackContext) =>
  ({
    key: `sum of gradients ${goal.key}`,
    inputs: { sum: { dtype: 'float32', dims: target.dims }, ...goal.inputs },
    build: ({ g, logits, input, gradient }: StepBuilder) => ({
      sum: g.add(input('sum'), gradient(goal.loss({ g, input }, logits))),
    }),
  }) as const

const stepProgram = (context: AttackContext, { sparsity, samples = 1 }: IterativeOptions) => {
  const { norm, low, high, goal, target } = context
  const perRow = { dtype: 'float32', dims: target.dims.map(() => 1) } as const
  return {
    key: `step ${norm} ${sparsity} ${goal.key} ${low} ${high}${samples > 1 ? ' of a sum' : ''}`,
    inputs: {
      x0: { dtype: 'float32', dims: target.dims },
      ...goal.inputs,
      epsilon: perRow,
      'step size': perRow,
      ...(samples > 1 && { sum: { dtype: 'float32', dims: target.dims } as const }),
    },
    build: ({ g, x, logits, input, gradient }: StepBuilder) => {
      const one = gradient(goal.loss({ g, input }, logits))
      // Directions don't depend on a gradient's length: the sum stands for the mean.
      const dX = samples > 1 ? g.add(one, input('sum')) : one
      const moved = g.add(x, g.mul(steepest(g, norm, dX, sparsity), input('step size')))
      // Projecting moves every coordinate towards x0, which lies in the range: what was clipped stays clipped.
      const next = project(g, norm, clip(g, moved, low, high), input('x0'), input('epsilon'))
      return { next, logits } satisfies Record<string, Value>
    },
  } as const
}

type StepBuilder = Parameters<Parameters<AttackContext['target']['program']>[0]['build']>[0]
