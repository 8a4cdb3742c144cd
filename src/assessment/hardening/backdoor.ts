import { argmaxRows } from '../../base/argmax.ts'
import type { ModelMeasurement } from '../../contract/index.ts'
import type { DataSet } from '../../data/index.ts'
import type { Classifier } from '../../models/classifier.ts'
import { figure } from '../../stats/index.ts'
import type { Hardened } from '../../threat/defense.ts'
import { gatherRows } from '../../threat/rows.ts'
import { targetOf } from '../../threat/target.ts'

type Pair<T> = readonly [T, T]

/** Where a trigger was rebuilt, how many rows of other classes it turns in each of the two models. */
export const withTriggered = async (
  models: Pair<Classifier>,
  measurements: Pair<ModelMeasurement>,
  rows: DataSet,
  trigger: Hardened['trigger'],
): Promise<Pair<ModelMeasurement>> => {
  if (!trigger) return measurements
  const turned = [0, 0]
  let others = 0
  for await (const { x, y } of rows.batches(256)) {
    const at = Int32Array.from([...y!.keys()].filter((row) => y![row] !== trigger.class))
    if (at.length === 0) continue
    others += at.length
    const shown = trigger.put(gatherRows(x as Float32Array, at, models[0].size))
    for (const [i, model] of models.entries()) {
      const predicted = argmaxRows(await targetOf(model, 'scores').logits(shown, at.length), model.classes)
      turned[i]! += predicted.filter((label) => label === trigger.class).length
    }
  }
  if (others === 0) return measurements
  const [before, after] = measurements
  const of = (count: number) => ({ class: trigger.class, kind: trigger.kind, success: figure(count, others) })
  return [
    { ...before, backdoor: of(turned[0]!) },
    { ...after, backdoor: of(turned[1]!) },
  ]
}
