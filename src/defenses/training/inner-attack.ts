import type { Classifier } from '../../models/classifier.ts'
import type { DefenseContext } from '../../threat/defense.ts'
import { type AnyParameters, resolveParameters } from '../../threat/parameters.ts'
import { targetOf } from '../../threat/target.ts'
import type { TrainingBatch } from '../../training/objective.ts'

/**
 * What an attack makes of a batch: the inner maximisation of adversarial training. Every row is attacked, right or not,
 * and what comes back is trained on as it is, clipped to the range; nothing is judged.
 */
export const attacked = async (
  context: DefenseContext,
  now: Classifier,
  batch: TrainingBatch,
  { id, parameters }: { readonly id: string; readonly parameters: AnyParameters },
): Promise<Float32Array> => {
  const { norm, epsilon, low, high } = context
  const attack = context.attack(id)
  const x = await attack.run(
    {
      target: targetOf(now, attack.access),
      x0: batch.x,
      rows: batch.rows,
      size: now.size,
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
