import type { Value } from '../../../onnx/builder.ts'
import { crossEntropy } from '../../../onnx/losses.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import { clip, project, steepest } from '../../../threat/geometry.ts'
import { gatherRows, rowsWhere, scatterRows, toInt64 } from '../../../threat/rows.ts'
import { argmaxRows } from '../../../threat/target.ts'
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
 * Steepest ascent of the cross-entropy inside the ball (descent towards the target class for targeted attacks):
 * the family of FGSM, BIM and PGD. One graph does the whole step. Rows that are broken leave the batch.
 */
export const ascend = async (context: AttackContext, options: IterativeOptions): Promise<Float32Array> => {
  const { x0, rows, size, progress } = context
  const best = x0.slice()
  let open = rowsWhere(rows, () => true)
  for (let restart = 0; restart < options.restarts && open.length > 0; restart++) {
    const start = options.randomStart ? randomStarts(context, open, restart) : gatherRows(x0, open, size)
    const { x, stillOpen } = await climb(context, options, open, start, (done) =>
      progress((restart + done) / options.restarts),
    )
    scatterRows(best, open, x, size)
    open = stillOpen
  }
  progress(1)
  return best
}

/** All steps from one start. `stillOpen` are the rows that the last point seen does not break. */
const climb = async (
  context: AttackContext,
  options: IterativeOptions,
  rows: Int32Array,
  start: Float32Array,
  progress: (done: number) => void,
): Promise<{ x: Float32Array; stillOpen: Int32Array }> => {
  const { target, size } = context
  const { samples = 1 } = options
  const aims = gatherRows(context.targets ?? context.labels, rows, 1)
  if (!options.earlyStop && options.steps > 1 && samples === 1)
    return allSteps(context, options, rows, start, aims, progress)
  const step = await target.program(stepProgram(context, options))
  const sampled = samples > 1 ? await target.program(sumProgram(context)) : undefined
  const lengths = rowLengths(context, options)
  const result = start.slice()
  // Positions within `rows` of those that still climb, and their points, kept side by side.
  let climbing = rowsWhere(rows.length, () => true)
  let x = start
  let x0 = gatherRows(context.x0, rows, size)
  let labels = toInt64(aims)
  for (let i = 0; i < options.steps && climbing.length > 0; i++) {
    let sum = new Float32Array(sampled ? x.length : 0)
    for (let draw = 1; sampled && draw < samples; draw++)
      sum = (await sampled.run(climbing.length, { x, labels, sum })).sum! as typeof sum
    const given = { x, x0, labels, ...lengths(climbing.length), ...(sampled && { sum }) }
    const { next, logits } = await step.run(climbing.length, given)
    const classes = argmaxRows(logits!, target.classes)
    const isBroken = (at: number): boolean => broken(context, classes[at]!, aims[climbing[at]!]!)
    // A clean row of an untargeted attack is never broken: its first step is always taken.
    const keep = options.earlyStop ? rowsWhere(climbing.length, (at) => !isBroken(at)) : undefined
    if (keep && keep.length < climbing.length) {
      const gone = rowsWhere(climbing.length, isBroken)
      scatterRows(result, gather(climbing, gone), gatherRows(x, gone, size), size)
      x = gatherRows(next!, keep, size)
      x0 = gatherRows(x0, keep, size)
      labels = gatherRows(labels, keep, 1)
      climbing = gather(climbing, keep)
    } else x = next!
    progress((i + 1) / options.steps)
  }
  scatterRows(result, climbing, x, size)
  if (options.restarts === 1) return { x: result, stillOpen: new Int32Array(0) }
  const classes = argmaxRows(await target.logits(x, climbing.length), target.classes)
  const open = rowsWhere(climbing.length, (at) => !broken(context, classes[at]!, aims[climbing[at]!]!))
  return { x: result, stillOpen: gather(rows, gather(climbing, open)) }
}

/** Steps in one call: enough to save the calls, few enough that progress shows and Ctrl-C is heard. */
const stepsAtOnce = 20

/** Every row through every step, in runs of a loop around the step. */
const allSteps = async (
  context: AttackContext,
  options: IterativeOptions,
  rows: Int32Array,
  start: Float32Array,
  aims: Int32Array,
  progress: (done: number) => void,
): Promise<{ x: Float32Array; stillOpen: Int32Array }> => {
  const { target, size } = context
  const { key, ...step } = stepProgram(context, options)
  const lengths = rowLengths(context, options)(rows.length)
  const given = { x0: gatherRows(context.x0, rows, size), labels: toInt64(aims), ...lengths }
  let x = start
  for (let done = 0; done < options.steps; ) {
    const steps = Math.min(stepsAtOnce, options.steps - done)
    const program = await target.program({ ...step, key: `${key} times ${steps}`, repeat: { result: 'next', steps } })
    x = (await program.run(rows.length, { ...given, x })).last!
    done += steps
    progress(done / options.steps)
  }
  if (options.restarts === 1) return { x, stillOpen: new Int32Array(0) }
  const classes = argmaxRows(await target.logits(x, rows.length), target.classes)
  const open = rowsWhere(rows.length, (at) => !broken(context, classes[at]!, aims[at]!))
  return { x, stillOpen: gather(rows, open) }
}

const gather = (values: Int32Array, at: Int32Array): Int32Array => gatherRows(values, at, 1)

const broken = ({ targets }: AttackContext, predicted: number, aim: number): boolean =>
  targets ? predicted === aim : predicted !== aim

/** Budget and step of each row: inputs of the graph, so that one graph does for all budgets. */
const rowLengths =
  ({ epsilon }: AttackContext, { stepSize }: IterativeOptions) =>
  (rows: number) => ({
    epsilon: new Float32Array(rows).fill(epsilon),
    'step size': new Float32Array(rows).fill(stepSize),
  })

/** One more draw's gradient on top of those before. */
const sumProgram = ({ target, targets }: AttackContext) =>
  ({
    key: `sum of gradients ${targets ? 'towards' : 'away'}`,
    inputs: { sum: { dtype: 'float32', dims: target.dims }, labels: { dtype: 'int64', dims: [] } },
    build: ({ g, logits, input, gradient }: StepBuilder) => {
      const loss = crossEntropy(g, logits, input('labels'))
      return { sum: g.add(input('sum'), gradient(targets ? g.neg(loss) : loss)) }
    },
  }) as const

const stepProgram = (context: AttackContext, { sparsity, samples = 1 }: IterativeOptions) => {
  const { norm, low, high, targets, target } = context
  const perRow = { dtype: 'float32', dims: target.dims.map(() => 1) } as const
  return {
    key: `step ${norm} ${sparsity} ${targets ? 'towards' : 'away'} ${low} ${high}${samples > 1 ? ' of a sum' : ''}`,
    inputs: {
      x0: { dtype: 'float32', dims: target.dims },
      labels: { dtype: 'int64', dims: [] },
      epsilon: perRow,
      'step size': perRow,
      ...(samples > 1 && { sum: { dtype: 'float32', dims: target.dims } as const }),
    },
    build: ({ g, x, logits, input, gradient }: StepBuilder) => {
      const loss = crossEntropy(g, logits, input('labels'))
      const one = gradient(targets ? g.neg(loss) : loss)
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
