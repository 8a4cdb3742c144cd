import type { AttackContext } from '../../../threat/attack.ts'
import { argmaxRows } from '../../../threat/target.ts'
import { isBroken } from '../rows/goal.ts'
import { classLabels, finite, packRows } from '../rows/pack-rows.ts'
import { type Climber, changeLoss, keepBest } from './apgd-climber.ts'
import { type LossKind, lossProgram } from './apgd-losses.ts'

/** Loss and gradient of every climber at its point; returns those that are not broken there. */
export type Measure = (climbers: readonly Climber[]) => Promise<readonly Climber[]>

/**
 * Measures by the attack's loss. A row for which that loss has no gradient at all (a saturated softmax, a ratio that
 * has become constant) goes over to the margin for good: a loss that is flat for a row would leave it unattacked.
 */
export const measureBy = async (context: AttackContext, kind: LossKind, targeted: boolean): Promise<Measure> => {
  const { target } = context
  const own = await target.program(lossProgram(kind, targeted, target.classes))
  const spare = await target.program(lossProgram('margin', targeted, target.classes))
  const run = async (program: typeof own, climbers: readonly Climber[]): Promise<readonly Climber[]> => {
    if (climbers.length === 0) return climbers
    const results = await program.run(climbers.length, {
      x: packRows(climbers),
      labels: classLabels(climbers, ({ label }) => label),
      ...(targeted && { targets: classLabels(climbers, ({ aim }) => aim) }),
    })
    const { loss, gradient, logits } = results as Record<'loss' | 'gradient' | 'logits', Float32Array>
    const classes = argmaxRows(logits, target.classes)
    return climbers.filter((climber, at) => {
      climber.rose = loss[at]! > climber.loss
      climber.loss = loss[at]!
      climber.gradient = finite(gradient.subarray(at * climber.x.length, (at + 1) * climber.x.length))
      return !isBroken(context, climber.row, classes[at]!)
    })
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
