import { BartizanError } from '../../base/errors.ts'
import type { Classifier } from '../../models/classifier.ts'
import type { DefenseContext } from '../../threat/defense.ts'
import { classesGoal } from '../../threat/goal/classes.ts'
import type { Measure, Norm } from '../../threat/norm.ts'
import { type AnyParameters, resolveParameters } from '../../threat/parameters.ts'
import { targetOf } from '../../threat/target.ts'
import type { TrainingBatch } from '../../training/objective.ts'

/**
 * What an attack makes of a batch: the inner maximisation of adversarial training. Every row is attacked, right or not,
 * and what comes back is trained on as it is, clipped to the range; nothing is judged. Throws ATTACK_NOT_APPLICABLE
 * where the attack doesn't work in the context's norm.
 */
export const attacked = async (
  context: Pick<DefenseContext, 'norm' | 'epsilon' | 'low' | 'high' | 'attack'>,
  now: Classifier,
  batch: TrainingBatch,
  { id, parameters }: { readonly id: string; readonly parameters: AnyParameters },
): Promise<Float32Array> => {
  const { norm, epsilon, low, high } = context
  const attack = context.attack(id)
  requireNorm(attack.id, norm, attack.norms)
  const { x } = await attack.run(
    {
      target: targetOf(now, attack.access),
      x0: batch.x,
      rows: batch.rows,
      size: now.size,
      goal: classesGoal(batch.labels, undefined, now.classes),
      labels: batch.labels,
      targets: undefined,
      norm,
      epsilon,
      low,
      high,
      random: (row, ...key) => batch.random(row, 'attack', ...key),
      progress: () => {},
    },
    resolveParameters(id, attack.parameters, parameters),
  )
  return x.map((value) => Math.min(Math.max(value, low), high))
}

/** For methods that let the budget grow. */
export const epsilonWarmup = {
  kind: 'number',
  default: 0.2,
  min: 0,
  max: 1,
  help: 'share of the steps over which the budget grows to epsilon: large budgets stall a network that starts there',
} as const

/** The share of epsilon that a batch is attacked with. */
export const grownShare = ({ done }: TrainingBatch, warmup: number): number =>
  warmup === 0 ? 1 : Math.min(1, done / warmup)

export const requireNorm = (what: string, norm: Norm, norms: readonly Measure[]): void => {
  if (norms.includes(norm)) return
  throw new BartizanError('ATTACK_NOT_APPLICABLE', `${what} does not work in ${norm}`, {
    hint: `it works in ${norms.join(', ')}`,
  })
}
