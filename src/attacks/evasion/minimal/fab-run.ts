import type { ProgramSpec } from '../../../models/program.ts'
import { ofLabel } from '../../../onnx/losses.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import type { Norm } from '../../../threat/norm.ts'
import { isBroken } from '../rows/goal.ts'
import { classLabels, finite, packRows } from '../rows/pack-rows.ts'
import { clamp, difference, vectorNorm } from '../rows/row-norms.ts'
import { hyperplaneSteps } from './hyperplane.ts'

export interface FabOptions {
  readonly steps: number
  readonly restarts: number
  readonly alphaMax: number
  readonly eta: number
  readonly beta: number
  readonly earlyStop: boolean
  /** Classes that each row aims at in turn. */
  readonly aims: readonly (readonly number[])[]
}

/** One row's search; the nearest success is kept over all its aims. */
interface Searcher {
  readonly row: number
  readonly x0: Float32Array
  readonly label: number
  aim: number
  readonly x: Float32Array
  readonly nearest: Float32Array
  distance: number
}

/** FAB for every aim and restart of every row that no point within the budget breaks yet. */
export const fabTargeted = async (context: AttackContext, options: FabOptions): Promise<Float32Array> => {
  const { x0, rows, size, labels, epsilon, progress } = context
  const { aims, restarts, steps } = options
  const searchers = Array.from({ length: rows }, (_, row): Searcher => {
    const clean = x0.subarray(row * size, (row + 1) * size)
    const own = { row, x0: clean, label: labels[row]!, x: clean.slice(), nearest: clean.slice() }
    return { ...own, aim: labels[row]!, distance: Number.POSITIVE_INFINITY }
  })
  const project = projection(context, options)
  const isOpen = ({ distance }: Searcher): boolean => !(options.earlyStop && distance <= epsilon)
  const rounds = Math.max(...aims.map((list) => list.length)) * restarts
  for (let round = 0; round < rounds; round++) {
    const [aimNumber, restart] = [Math.floor(round / restarts), round % restarts]
    let open = searchers.filter((searcher) => isOpen(searcher) && aims[searcher.row]![aimNumber] !== undefined)
    for (const searcher of open) {
      searcher.aim = aims[searcher.row]![aimNumber]!
      searcher.x.set(restart === 0 ? searcher.x0 : randomStart(context, searcher, aimNumber, restart))
    }
    for (let step = 0; step < steps && open.length > 0; step++) {
      await search(context, options, project, open)
      open = open.filter(isOpen)
      progress((round + (step + 1) / steps) / rounds)
    }
  }
  const result = x0.slice()
  for (const { row, nearest } of searchers) result.set(nearest, row * size)
  progress(1)
  return result
}

const gapProgram: ProgramSpec = {
  key: 'fab',
  inputs: { labels: { dtype: 'int64', dims: [] }, targets: { dtype: 'int64', dims: [] } },
  build: ({ g, logits, input, gradient }) => {
    const gap = g.sub(ofLabel(g, logits, input('targets')), ofLabel(g, logits, input('labels')))
    return { gap, gradient: gradient(gap) }
  },
}

/** One projection step of every row, then a look at what it reached. */
const search = async (
  context: AttackContext,
  options: FabOptions,
  project: Project,
  open: readonly Searcher[],
): Promise<void> => {
  const { target, norm, size } = context
  const program = await target.program(gapProgram)
  const { gap, gradient } = await program.run(open.length, {
    x: packRows(open),
    labels: classLabels(open, ({ label }) => label),
    targets: classLabels(open, ({ aim }) => aim),
  })
  for (const [at, searcher] of open.entries())
    project(searcher, finite(gradient!.subarray(at * size, (at + 1) * size)), gap![at]!)
  const classes = await target.predict(packRows(open), open.length)
  for (const [at, searcher] of open.entries())
    if (isBroken(context, searcher.row, classes[at]!)) succeed(norm, searcher, options)
}

type Project = (searcher: Searcher, gradient: Float32Array, gap: number) => void

/**
 * Steps to the linearised boundary from the row's point and from its clean values, mixed by how far either is, so that
 * the search stays close to the clean row.
 */
const projection = ({ norm, size, low, high }: AttackContext, { alphaMax, eta }: FabOptions): Project => {
  const step = hyperplaneSteps({ norm, low, high }, size)
  const fromX = new Float64Array(size)
  const fromClean = new Float64Array(size)
  return ({ x, x0 }, w, gap) => {
    let gapOfClean = gap
    for (let i = 0; i < size; i++) gapOfClean += w[i]! * (x0[i]! - x[i]!)
    step(x, w, gap, fromX)
    step(x0, w, gapOfClean, fromClean)
    const near = Math.max(vectorNorm(norm, fromX), 1e-8)
    const far = Math.max(vectorNorm(norm, fromClean), 1e-8)
    const alpha = Math.min(near / (near + far), alphaMax)
    for (let i = 0; i < size; i++) {
      const ahead = (1 - alpha) * (x[i]! + eta * fromX[i]!) + alpha * (x0[i]! + eta * fromClean[i]!)
      x[i] = clamp(ahead, low, high)
    }
  }
}

/** Keeps the nearest success, and draws the search back towards the clean row. */
const succeed = (norm: Norm, searcher: Searcher, { beta }: FabOptions): void => {
  const { x, x0, nearest } = searcher
  const distance = vectorNorm(norm, difference(x, x0))
  if (distance < searcher.distance) {
    nearest.set(x)
    searcher.distance = distance
  }
  for (let i = 0; i < x.length; i++) x[i] = x0[i]! + beta * (x[i]! - x0[i]!)
}

/** A point half as far from the clean row as the nearest success, or the budget, at most. */
const randomStart = (context: AttackContext, { row, x0, distance }: Searcher, ...key: number[]): Float32Array => {
  const { norm, epsilon, low, high } = context
  const radius = 0.5 * Math.min(distance, epsilon, high - low)
  const random = context.random(row, 'start', ...key)
  const noise = Float64Array.from(x0, () => (norm === 'linf' ? 2 * random.uniform() - 1 : random.normal()))
  const scale = radius / Math.max(vectorNorm(norm, noise), 1e-12)
  return x0.map((value, i) => clamp(value + scale * noise[i]!, low, high))
}
