import { BartizanError } from '../../../base/errors.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import { intoBudget, type Region } from '../rows/budget.ts'
import { type ClimbOptions, climb } from './apgd-climb.ts'
import { type Climber, startClimber } from './apgd-climber.ts'
import type { LossKind } from './apgd-losses.ts'
import { type Measure, measureBy } from './apgd-measure.ts'
import { startRow } from './apgd-step.ts'

export interface ApgdOptions {
  readonly loss: LossKind
  /** Classes that each row aims at in turn; undefined to leave the label for any other, or where there are no classes. */
  readonly aims: readonly (readonly number[])[] | undefined
  readonly steps: number
  readonly restarts: number
  readonly rho: number
  /** Draws that each step averages over, for models that draw random numbers in every run. */
  readonly draws: number
  /** Climb in balls three and two times as wide first, for 30 % of the steps each (L1 only). */
  readonly widerFirst: boolean
}

/**
 * Auto-PGD for every aim and restart, each from a random point. Rows leave as soon as they are broken; a row that holds
 * out gets the point of the highest loss of its last climb.
 */
export const apgd = async (context: AttackContext, options: ApgdOptions): Promise<Float32Array> => {
  const { x0, rows, size, labels, goal, progress } = context
  const { aims, restarts } = options
  const result = x0.slice()
  const measure = await measureBy(context, options.loss, aims !== undefined, options.draws)
  const rounds = Math.max(goal.ways, ...(aims ?? []).map((list) => list.length)) * restarts
  let open: readonly number[] = Array.from({ length: rows }, (_, row) => row)
  for (let round = 0; round < rounds && open.length > 0; round++) {
    const [aimNumber, restart] = [Math.floor(round / restarts), round % restarts]
    const starters = open.flatMap((row): readonly Starter[] => {
      const aim = aims ? aims[row]![aimNumber] : labels[row]!
      const clean = x0.subarray(row * size, (row + 1) * size)
      if (aim === undefined) return []
      return [{ row, aim, label: labels[row]!, way: aimNumber, x0: clean, key: ['start', aimNumber, restart] }]
    })
    const { climbers, unbroken } = await climbInPhases(context, options, measure, starters, (done) =>
      progress((round + done) / rounds),
    )
    for (const { row, x } of climbers) result.set(x, row * size)
    for (const { row, best } of unbroken) result.set(best, row * size)
    const broken = new Set(climbers.map(({ row }) => row))
    for (const { row } of unbroken) broken.delete(row)
    open = open.filter((row) => !broken.has(row))
  }
  progress(1)
  return result
}

interface Starter extends Pick<Climber, 'row' | 'aim' | 'label' | 'way' | 'x0'> {
  /** Of the random start. */
  readonly key: readonly (string | number)[]
}

/** Only the last phase has the budget itself for a ball: before it, broken rows climb on. */
const climbInPhases = async (
  context: AttackContext,
  { steps, rho, widerFirst }: ApgdOptions,
  measure: Measure,
  starters: readonly Starter[],
  progress: (done: number) => void,
): Promise<{ readonly climbers: readonly Climber[]; readonly unbroken: readonly Climber[] }> => {
  const { epsilon, low, high, norm } = context
  if (norm === 'l0') throw new BartizanError('ATTACK_NOT_APPLICABLE', 'auto-PGD has no step in l0')
  const phases = widerFirst && norm === 'l1' ? widerPhases(steps) : [{ width: 1, steps }]
  let climbers: readonly Climber[] = []
  let unbroken: readonly Climber[] = []
  let done = 0
  for (const [number, phase] of phases.entries()) {
    climbers = starters.map((starter, i) => {
      const region = { x0: starter.x0, epsilon: phase.width * epsilon, low, high }
      const start =
        number === 0
          ? startRow(norm, region, context.random(starter.row, ...starter.key))
          : narrowed(region, climbers[i]!.best)
      return startClimber({ ...starter, ...region }, start)
    })
    const options: ClimbOptions = {
      norm,
      steps: phase.steps,
      rho,
      stop: number === phases.length - 1,
      continued: phases.length > 1,
    }
    const share = phase.steps / steps
    unbroken = await climb(climbers, measure, options, (part) => progress(done + part * share))
    done += share
  }
  return { climbers, unbroken }
}

/** Where the phase before got to, within the narrower ball of this one. */
const narrowed = (region: Region, best: Float32Array): Float32Array => {
  const start = best.slice()
  intoBudget('l1', region, start)
  return start
}

const widerPhases = (steps: number): readonly { readonly width: number; readonly steps: number }[] => {
  const part = Math.ceil(0.3 * steps)
  return [
    { width: 3, steps: part },
    { width: 2, steps: part },
    { width: 1, steps: Math.max(1, steps - 2 * part) },
  ]
}
