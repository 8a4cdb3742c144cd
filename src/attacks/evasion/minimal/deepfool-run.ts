import type { AttackContext } from '../../../threat/attack.ts'
import { aimsOf, isBroken } from '../rows/goal.ts'
import { classLabels, finite, packRows } from '../rows/pack-rows.ts'
import { clamp } from '../rows/row-norms.ts'
import { deepfoolStep } from './deepfool-step.ts'

export interface DeepfoolOptions {
  readonly steps: number
  readonly candidates: number
  readonly overshoot: number
  readonly halvings: number
  /** Add up what the box cut off, too, and stretch the sum. */
  readonly asWritten: boolean
}

interface Walker {
  readonly row: number
  readonly x0: Float32Array
  x: Float32Array
  /** All steps so far, without overshoot and without regard to the box. */
  readonly total: Float64Array
  readonly candidates: readonly number[]
}

/** Steps from boundary to boundary until each row is broken, and leaves it there; clean values where it never is. */
export const deepfool = async (context: AttackContext, options: DeepfoolOptions): Promise<Float32Array> => {
  const { target, x0, rows, size, labels, progress } = context
  const { steps, halvings } = options
  const result = x0.slice()
  if (rows === 0) return result
  const aims = await aimsOf(context, options.candidates - 1)
  const program = await target.program(deepfoolStep(context, aims[0]!.length))
  let open: readonly Walker[] = aims.map((candidates, row) => {
    const clean = x0.subarray(row * size, (row + 1) * size)
    return { row, x0: clean, x: clean, total: new Float64Array(size), candidates }
  })
  const across: Walker[] = []
  for (let i = 0; i < steps && open.length > 0; i++) {
    const { step } = await program.run(open.length, {
      x: packRows(open),
      labels: classLabels(open, ({ row }) => labels[row]!),
      candidates: BigInt64Array.from(
        open.flatMap(({ candidates }) => candidates),
        BigInt,
      ),
    })
    const moved = open.filter((walker, at) =>
      walk(context, walker, finite(step!.subarray(at * size, (at + 1) * size)), options),
    )
    const broken = await brokenAt(context, moved)
    across.push(...moved.filter((_, at) => broken[at]))
    open = moved.filter((_, at) => !broken[at])
    progress((i + 1) / steps)
  }
  await turnBack(context, across, halvings)
  for (const { row, x } of across) result.set(x, row * size)
  progress(1)
  return result
}

/** Goes on by one step; false where that leads nowhere. */
const walk = (
  { low, high }: AttackContext,
  walker: Walker,
  step: Float32Array,
  { overshoot, asWritten }: DeepfoolOptions,
): boolean => {
  const { x, x0, total } = walker
  for (let i = 0; i < total.length; i++) total[i]! += step[i]!
  const [from, way] = asWritten ? [x0, total] : [x, step]
  walker.x = new Float32Array(x.length)
  for (let i = 0; i < x.length; i++) walker.x[i] = clamp(from[i]! + (1 + overshoot) * way[i]!, low, high)
  return step.some((value) => value !== 0)
}

/** Bisects the line from each clean row to where it broke, and keeps the far end: it breaks the row. */
const turnBack = async (context: AttackContext, across: readonly Walker[], halvings: number): Promise<void> => {
  const near = across.map(({ x0 }) => x0)
  for (let i = 0; i < halvings; i++) {
    const middles = across.map(({ row, x }, at) => ({ row, x: x.map((value, j) => (value + near[at]![j]!) / 2) }))
    const broken = await brokenAt(context, middles)
    for (const [at, { x }] of middles.entries())
      if (broken[at]) across[at]!.x = x
      else near[at] = x
  }
}

const brokenAt = async (
  context: AttackContext,
  points: readonly Pick<Walker, 'row' | 'x'>[],
): Promise<readonly boolean[]> => {
  if (points.length === 0) return []
  const predicted = await context.target.predict(packRows(points), points.length)
  return points.map(({ row }, at) => isBroken(context, row, predicted[at]!))
}
