import type { RowData } from '../../../models/program.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import { misfit } from '../../../threat/domain.ts'
import type { ParameterSpecs, Parameters } from '../../../threat/parameters.ts'
import { gatherRows, rowsWhere, scatterRows } from '../../../threat/rows.ts'
import type { Target } from '../../../threat/target.ts'
import { diversityDraws } from './diversity.ts'
import { logitsProgram, type MomentumGraphs, momentumStep, sumProgram } from './momentum-programs.ts'

/** Knobs of every attack by momentum; what `diversity` and `kernel` are by default differs. */
export const momentumParameters = {
  steps: { kind: 'integer', default: 10, min: 1, help: 'gradient steps' },
  'step-size': { kind: 'number', default: 0, min: 0, help: 'length of a step in input units; 0: epsilon / steps' },
  decay: { kind: 'number', default: 1, min: 0, help: 'share of the gathered gradients that a step keeps' },
  diversity: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1,
    help: 'probability that a step looks at the picture shrunk and put at a random place (arXiv:1803.06978); rows that are no images are left whole',
  },
  resize: { kind: 'number', default: 0.9, min: 0.1, max: 1, help: 'share of its sides that a shrunk picture keeps' },
  kernel: {
    kind: 'integer',
    default: 1,
    min: 1,
    help: "taps along a side of the Gaussian that smooths the gradients of images (arXiv:1904.02884), the authors' is 15; 1: none; an even number stands for the next",
  },
  'kernel-deviations': {
    kind: 'number',
    default: 3,
    min: 0,
    help: 'standard deviations of the Gaussian between its middle and its edge',
  },
} as const satisfies ParameterSpecs

interface MomentumOptions {
  readonly parameters: Parameters<typeof momentumParameters>
  /** The loss sees the mean of all models' logits; else the models' losses are added up. */
  readonly fused: boolean
  /** Leave a row as soon as it is broken: for one model, the one that is attacked. */
  readonly earlyStop: boolean
}

/**
 * Steps along the sign (or the direction) of gradients gathered over the steps, each divided by its L1 norm first. The
 * gradients are those of one model, or of several together.
 */
export const climbWithMomentum = async (
  context: AttackContext,
  models: readonly Target[],
  options: MomentumOptions,
): Promise<Float32Array> => {
  const { target, x0, rows, size, goal } = context
  const best = x0.slice()
  const graphs = graphsOf(context, models, options)
  let open = rowsWhere(rows, () => true)
  for (let way = 0; way < goal.ways && open.length > 0; way++) {
    const x = await climb({ context, models, options, graphs, way }, open)
    scatterRows(best, open, x, size)
    if (way + 1 === goal.ways) break
    const broken = await target.decide(goal, x, open)
    open = open.filter((_, at) => broken[at] === 0)
  }
  context.progress(1)
  return best
}

const graphsOf = (
  { target }: AttackContext,
  models: readonly Target[],
  { parameters, fused, earlyStop }: MomentumOptions,
): MomentumGraphs => {
  const { diversity, resize, kernel, 'kernel-deviations': deviations } = parameters
  const images = misfit('images', target.dims) === undefined
  return {
    picture: target.dims,
    fused: fused ? models.length : 1,
    sparsity: 1,
    judged: earlyStop,
    ...(images && diversity > 0 && { diversity: { probability: diversity, smallest: resize } }),
    ...(images && kernel > 1 && { translation: { taps: kernel + 1 - (kernel % 2), deviations } }),
  }
}

interface Climb {
  readonly context: AttackContext
  readonly models: readonly Target[]
  readonly options: MomentumOptions
  readonly graphs: MomentumGraphs
  readonly way: number
}

/** Rows that climb, side by side. */
interface Where {
  readonly x: Float32Array
  readonly x0: Float32Array
  readonly momentum: Float32Array
}

/** All steps of some rows from their clean values. */
const climb = async (how: Climb, rows: Int32Array): Promise<Float32Array> => {
  const { context, options, graphs, way } = how
  const { size, goal, epsilon, progress } = context
  const { steps, 'step-size': stepSize, decay } = options.parameters
  const stepOn = await stepper(how)
  const x0 = gatherRows(context.x0, rows, size)
  const result = x0.slice()
  // Positions within `rows` of those that still climb; `at` holds their points and momenta.
  let climbing = rowsWhere(rows.length, () => true)
  let at: Where = { x: x0, x0, momentum: new Float32Array(x0.length) }
  for (let step = 0; step < steps && climbing.length > 0; step++) {
    const now = gatherRows(rows, climbing, 1)
    const each = (value: number): Float32Array => new Float32Array(now.length).fill(value)
    const { next, momentum, logits } = await stepOn(now.length, {
      ...at,
      ...goal.feeds(now, way),
      ...(graphs.diversity && diversityDraws(context, now, step, graphs.diversity, graphs.picture)),
      epsilon: each(epsilon),
      'step size': each(stepSize || epsilon / steps),
      decay: each(decay),
    })
    const broken = logits && goal.broken(now, logits)
    const gone = rowsWhere(now.length, (i) => broken?.[i] === 1)
    if (gone.length > 0) {
      scatterRows(result, gatherRows(climbing, gone, 1), gatherRows(at.x, gone, size), size)
      const kept = rowsWhere(now.length, (i) => broken?.[i] === 0)
      const keep = (values: Float32Array): Float32Array => gatherRows(values, kept, size)
      at = { x: keep(next!), x0: keep(at.x0), momentum: keep(momentum!) }
      climbing = gatherRows(climbing, kept, 1)
    } else at = { ...at, x: next!, momentum: momentum! }
    progress((way + (step + 1) / steps) / goal.ways)
  }
  scatterRows(result, climbing, at.x, size)
  return result
}

/** Runs one step: the gradients of all models but the last are added up first, then the last one's graph takes the step. */
const stepper = async ({ context, models, graphs }: Climb) => {
  const last = models.at(-1)!
  const before = models.slice(0, -1)
  const step = await last.program(momentumStep(context, last, graphs, models.length))
  const sums = await Promise.all(before.map((model) => model.program(sumProgram(context, model, graphs))))
  const seen = await Promise.all(
    (graphs.fused > 1 ? models : []).map((model) => model.program(logitsProgram(context, model, graphs))),
  )
  return async (rows: number, data: RowData & { readonly x: Float32Array }) => {
    const logits: Float32Array[] = []
    for (const program of seen) logits.push((await program.run(rows, data)).seen!)
    const others = (model: number): RowData => (logits.length > 0 ? { 'other logits': without(logits, model) } : {})
    let sum = new Float32Array(before.length > 0 ? data.x.length : 0)
    for (const [model, program] of sums.entries())
      sum = (await program.run(rows, { ...data, ...others(model), sum })).sum! as typeof sum
    return step.run(rows, { ...data, ...others(before.length), sum })
  }
}

/** What the logits of all models but one add up to. */
const without = (logits: readonly Float32Array[], left: number): Float32Array => {
  const sum = new Float32Array(logits[left]!.length)
  for (const [model, values] of logits.entries())
    if (model !== left) for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!
  return sum
}
