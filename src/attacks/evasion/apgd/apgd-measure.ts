import type { AttackContext } from '../../../threat/attack.ts'
import { classLabels, finite, packRows } from '../rows/pack-rows.ts'
import { type Climber, changeLoss, keepBest } from './apgd-climber.ts'
import { type LossKind, lossProgram } from './apgd-losses.ts'

/** Loss and gradient of every climber at its point; returns those that are not broken there. */
export type Measure = (climbers: readonly Climber[]) => Promise<readonly Climber[]>

/**
 * Measures by the attack's loss. A row for which that loss has no gradient at all (a saturated softmax, a ratio that
 * has become constant) goes over to the margin for good: a loss that is flat for a row would leave it unattacked.
 */
export const measureBy = async (
  context: AttackContext,
  kind: LossKind,
  targeted: boolean,
  draws = 1,
): Promise<Measure> => {
  const { target, goal } = context
  if (goal.task !== 'classification') return measureByGoal(context, draws)
  const own = await target.program(lossProgram(kind, targeted, target.classes))
  const spare = await target.program(lossProgram('margin', targeted, target.classes))
  const run = async (program: typeof own, climbers: readonly Climber[]): Promise<readonly Climber[]> => {
    if (climbers.length === 0) return climbers
    const results = await averageOf(draws, program, climbers.length, {
      x: packRows(climbers),
      labels: classLabels(climbers, ({ label }) => label),
      ...(targeted && { targets: classLabels(climbers, ({ aim }) => aim) }),
    })
    return unbrokenAfter(context, climbers, results)
  }
  return async (climbers) => {
    const onLoss = climbers.filter(({ onMargin }) => !onMargin)
    const open = new Set(await run(own, onLoss))
    for (const climber of climbers) {
      climber.changedLoss = open.has(climber) && climber.gradient.every((v) => v === 0)
      if (climber.changedLoss) changeLoss(climber)
    }
    const onMargin = climbers.filter((climber) => climber.onMargin)
    for (const climber of onMargin) open.delete(climber)
    for (const climber of await run(spare, onMargin)) open.add(climber)
    for (const climber of climbers) keepBest(climber)
    return climbers.filter((climber) => open.has(climber))
  }
}

/** Measures by the goal's own loss, for models that predict no class: there is no other loss to go over to. */
const measureByGoal = async (context: AttackContext, draws: number): Promise<Measure> => {
  const { target, goal } = context
  const program = await target.program({
    key: `climb ${goal.key}`,
    inputs: goal.inputs,
    build: ({ g, logits, input, gradient }) => {
      const loss = goal.loss({ g, input }, logits)
      return { loss, gradient: gradient(loss), logits }
    },
  })
  return async (climbers) => {
    if (climbers.length === 0) return climbers
    // Climbers that are measured together all take the same way.
    const feeds = goal.feeds(rowsOf(climbers), climbers[0]!.way)
    const results = await averageOf(draws, program, climbers.length, { x: packRows(climbers), ...feeds })
    const unbroken = unbrokenAfter(context, climbers, results)
    for (const climber of climbers) keepBest(climber)
    return unbroken
  }
}

/**
 * Loss, gradient and logits on average over several draws of a model that draws in every run (expectation over
 * transformations, Athalye et al. 2018, arXiv:1802.00420). A row is then broken where it is on average, which holds in
 * the next draw more often than what broke in a single one.
 */
const averageOf = async (
  draws: number,
  program: Awaited<ReturnType<AttackContext['target']['program']>>,
  rows: number,
  data: Parameters<typeof program.run>[1],
): Promise<Record<string, Float32Array>> => {
  const first = await program.run(rows, data)
  if (draws === 1) return first
  const sums = Object.entries(first).map(([name, values]) => [name, Float64Array.from(values)] as const)
  for (let draw = 1; draw < draws; draw++) {
    const next = await program.run(rows, data)
    for (const [name, sum] of sums) for (const [i, value] of next[name]!.entries()) sum[i]! += value
  }
  return Object.fromEntries(sums.map(([name, sum]) => [name, Float32Array.from(sum, (value) => value / draws)]))
}

const rowsOf = (climbers: readonly Climber[]): Int32Array => Int32Array.from(climbers, ({ row }) => row)

/** Hands every climber what was measured; returns those that are not broken. */
const unbrokenAfter = (
  { goal }: AttackContext,
  climbers: readonly Climber[],
  results: Readonly<Record<string, Float32Array>>,
): readonly Climber[] => {
  const { loss, gradient, logits } = results as Record<'loss' | 'gradient' | 'logits', Float32Array>
  const broken = goal.broken(rowsOf(climbers), logits)
  return climbers.filter((climber, at) => {
    climber.rose = loss[at]! > climber.loss
    climber.loss = loss[at]!
    climber.gradient = finite(gradient.subarray(at * climber.x.length, (at + 1) * climber.x.length))
    return broken[at] === 0
  })
}
