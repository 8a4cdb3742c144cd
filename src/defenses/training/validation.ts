import { argmaxRows } from '../../base/argmax.ts'
import { stream } from '../../base/random.ts'
import type { Classifier } from '../../models/classifier.ts'
import type { DefenseContext } from '../../threat/defense.ts'
import { runAttack } from '../../threat/runner.ts'
import { targetOf } from '../../threat/target.ts'
import type { Validation } from '../../training/position.ts'
import type { RowStore } from '../../training/row-store.ts'

export interface LabelledRows {
  readonly x: Float32Array
  readonly labels: Int32Array
}

/** How good a network is on rows that it doesn't learn from. */
export type Measure = (now: Classifier, rows: LabelledRows) => Promise<Validation>

/** Some rows of a store, or all where it has no more; which ones depends on the seed only, and not on their order. */
export const drawnRows = async (store: RowStore, count: number, seed: number): Promise<LabelledRows> => {
  const drawn = Int32Array.from({ length: store.rows }, (_, row) => row)
  const random = stream(seed, 'drawn rows')
  const rows = Math.min(count, store.rows)
  // The first steps of a shuffle: files are often sorted by class, so that the first rows wouldn't do.
  for (let i = 0; i < rows; i++) {
    const j = i + random.integer(store.rows - i)
    const row = drawn[i]!
    drawn[i] = drawn[j]!
    drawn[j] = row
  }
  const at = drawn.slice(0, rows)
  const x = new Float32Array(rows * store.size)
  await store.gather(at, x)
  return { x, labels: at.map((row) => store.labels[row]!) }
}

export const accuracyOn = async (now: Classifier, { x, labels }: LabelledRows): Promise<number> => {
  const predicted = argmaxRows(await targetOf(now, 'scores').logits(x, labels.length), now.classes)
  return predicted.filter((value, row) => value === labels[row]).length / labels.length
}

/** Share of the rows that are classified right as they are. */
export const cleanValidation: Measure = async (now, rows) => ({ accuracy: await accuracyOn(now, rows) })

/** Accuracy before and after PGD at the context's budget. */
export const robustValidation =
  (context: DefenseContext, steps: number) =>
  async (
    now: Classifier,
    { x, labels }: LabelledRows,
  ): Promise<{ readonly accuracy: number; readonly robustAccuracy: number }> => {
    const { attack, norm, epsilon, low, high, seed } = context
    const outcome = await runAttack({
      attack: attack('pgd'),
      model: now,
      x,
      labels,
      norm,
      epsilon,
      low,
      high,
      seed,
      parameters: { steps },
    })
    const right = outcome.clean.filter((predicted, row) => predicted === labels[row]).length
    const broken = outcome.broken.filter(Boolean).length
    return { accuracy: right / labels.length, robustAccuracy: (right - broken) / labels.length }
  }
