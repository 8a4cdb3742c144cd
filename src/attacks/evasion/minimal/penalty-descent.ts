import type { ProgramSpec, RowInput } from '../../../models/program.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import { gatherRows, rowsWhere, toInt64 } from '../../../threat/rows.ts'
import { difference, vectorNorm } from '../rows/row-norms.ts'
import { constantSearch } from './constant-search.ts'
import { breaksBy, hingeInputs } from './hinge.ts'

export interface PenaltyOptions {
  /** Passes from the clean row, each with another weight of the loss. */
  readonly passes: number
  /** Gradient steps of a pass. */
  readonly steps: number
  readonly initialConstant: number
  /** Margin of logits by which a point must break its row. */
  readonly confidence: number
  /** Ends a row's pass where its loss has stopped falling. */
  readonly abortEarly: boolean
  /** Leaves a row once a point within the budget breaks it. */
  readonly earlyStop: boolean
}

/** Values of some rows by name, row-major. */
export type State = Readonly<Record<string, Float32Array>>

/** A way to descend distance + constant · hinge, as one step over many rows. */
export interface PenaltyDescent {
  /**
   * From `penaltyInputs` and the state to the state after the step, `logits` of the points that are judged, and the
   * `loss` [rows] that should fall.
   */
  readonly program: ProgramSpec
  /** State of clean rows before the first step of a pass; it holds x. */
  start(x0: Float32Array): State
  /** The points that the step's logits are of. */
  judged(before: State, after: State): Float32Array
  /** Length of a step, numbered from 0. */
  rate(step: number): number
  /** How large a change is, by what decides between two that break a row. */
  size(delta: Float64Array): number
}

/** What the step of a descent may read of each row, besides its own state. */
export const penaltyInputs = (dims: readonly number[]) => {
  const one = { dtype: 'float32', dims: dims.map(() => 1) } as const
  return {
    ...hingeInputs,
    x0: { dtype: 'float32', dims },
    constant: { dtype: 'float32', dims: [] },
    rate: one,
    step: one,
  } as const satisfies Record<string, RowInput>
}

/** The nearest point found for each row; the size of a row that is done with is below zero. */
interface Found {
  readonly nearest: Float32Array
  readonly sizes: Float64Array
}

/**
 * The smallest change that breaks each row, by passes over distance + constant · hinge with a binary search for the
 * constant (Carlini and Wagner 2017, arXiv:1608.04644). Nothing is shared between rows, the abort check included. A row
 * that no point breaks keeps its clean values.
 */
export const descendPenalty = async (
  context: AttackContext,
  options: PenaltyOptions,
  descent: PenaltyDescent,
): Promise<Float32Array> => {
  const { x0, rows, progress } = context
  const found: Found = { nearest: x0.slice(), sizes: new Float64Array(rows).fill(Number.POSITIVE_INFINITY) }
  const search = constantSearch(rows, options.initialConstant)
  for (let pass = 0; pass < options.passes; pass++) {
    const open = rowsWhere(rows, (row) => found.sizes[row]! >= 0)
    if (open.length === 0) break
    const constants = Float32Array.from(open, (row) => search.constants[row]!)
    const report = (done: number): void => progress((pass + done) / options.passes)
    search.update(await onePass(context, options, descent, { open, constants, found, report }))
  }
  progress(1)
  return found.nearest
}

interface Pass {
  /** Rows that take part, and the weight of each. */
  readonly open: Int32Array
  readonly constants: Float32Array
  readonly found: Found
  report(done: number): void
}

/** All steps from the clean rows; 1 for each row of the context that one of them broke. */
const onePass = async (
  context: AttackContext,
  options: PenaltyOptions,
  descent: PenaltyDescent,
  { open, constants, found, report }: Pass,
): Promise<Uint8Array> => {
  const program = await context.target.program(descent.program)
  const breaks = breaksBy(context, options.confidence)
  const broken = new Uint8Array(context.rows)
  let batch = firstBatch(context, options, descent, open, constants)
  const checkEvery = Math.ceil(options.steps / 10)
  for (let step = 0; step < options.steps && batch.rows.length > 0; step++) {
    const { rows, state, losses } = batch
    const all = (value: number): Float32Array => new Float32Array(rows.length).fill(value)
    const given = { ...batch.fixed, labels: batch.labels, ...state, rate: all(descent.rate(step)), step: all(step + 1) }
    const { logits, loss, ...after } = await program.run(rows.length, given)
    const points = descent.judged(state, after)
    const isBroken = breaks(rows, logits!)
    for (const [at, row] of rows.entries()) {
      if (!isBroken[at]) continue
      broken[row] = 1
      const point = points.subarray(at * context.size, (at + 1) * context.size)
      keepNearest(context, options, descent, found, row, point)
    }
    const checked = options.abortEarly && step % checkEvery === 0
    const stalls = (at: number): boolean => checked && loss![at]! > 0.9999 * losses[at]!
    const kept = rowsWhere(rows.length, (at) => found.sizes[rows[at]!]! >= 0 && !stalls(at))
    batch = someOf({ ...batch, state: after, losses: checked ? loss! : losses }, kept)
    report((step + 1) / options.steps)
  }
  return broken
}

/** Rows that still descend, and their values side by side. */
interface Batch {
  readonly rows: Int32Array
  readonly labels: BigInt64Array
  readonly fixed: State
  readonly state: State
  /** Losses at the last check. */
  readonly losses: Float32Array
}

const firstBatch = (
  { x0, size, targets, labels }: AttackContext,
  { confidence }: PenaltyOptions,
  descent: PenaltyDescent,
  rows: Int32Array,
  constant: Float32Array,
): Batch => {
  const clean = gatherRows(x0, rows, size)
  return {
    rows,
    labels: toInt64(gatherRows(targets ?? labels, rows, 1)),
    fixed: { x0: clean, constant, confidence: new Float32Array(rows.length).fill(confidence) },
    state: descent.start(clean),
    losses: new Float32Array(rows.length).fill(Number.POSITIVE_INFINITY),
  }
}

/** The batch without the rows that leave it; `kept` are positions. */
const someOf = (batch: Batch, kept: Int32Array): Batch => {
  const { rows, labels, fixed, state, losses } = batch
  if (kept.length === rows.length) return batch
  const some = (values: Float32Array): Float32Array => gatherRows(values, kept, values.length / rows.length)
  const each = (values: State): State =>
    Object.fromEntries(Object.entries(values).map(([name, of]) => [name, some(of)]))
  return {
    rows: gatherRows(rows, kept, 1),
    labels: gatherRows(labels, kept, 1),
    fixed: each(fixed),
    state: each(state),
    losses: some(losses),
  }
}

/** Keeps a point that breaks its row where it is nearer than the one before, or within the budget and that is enough. */
const keepNearest = (
  { x0, size, norm, epsilon }: AttackContext,
  { earlyStop }: PenaltyOptions,
  descent: PenaltyDescent,
  { nearest, sizes }: Found,
  row: number,
  x: Float32Array,
): void => {
  const delta = difference(x, x0.subarray(row * size, (row + 1) * size))
  const enough = earlyStop && vectorNorm(norm, delta) <= epsilon
  const own = descent.size(delta)
  if (sizes[row]! < 0 || !(enough || own < sizes[row]!)) return
  nearest.set(x, row * size)
  sizes[row] = enough ? -1 : own
}
