import type { Flag, PoisonedPoint } from '../../../contract/index.ts'
import { count, percent } from '../../report/format.ts'
import type { PoisoningRows } from './rows.ts'

/** What makes the figures of an attack less than they seem, each said once. */
export const flagsOf = (
  points: readonly PoisonedPoint[],
  {
    failed,
    empty,
    rows: { training, judged },
    classes,
    original,
  }: {
    /** What went wrong in the training of a copy, by point. */
    readonly failed: readonly { readonly fraction: number; readonly detail: string }[]
    /** Shares that leave no row to poison. */
    readonly empty: readonly number[]
    readonly rows: PoisoningRows
    readonly classes: number
    /** Accuracy of the model itself on the rows that copies are judged on. */
    readonly original: number
  },
): readonly Flag[] => {
  const clean = points[0]!.accuracy
  const missing = Array.from({ length: classes }, (_, label) => label).filter(
    (label) => !training.labels.includes(label),
  )
  return [
    ...failed.map(({ fraction, detail }) => ({
      id: 'training-diverged',
      message: `training diverged at ${percent(fraction)} poisoned (${detail}): its figures are of the last good weights`,
      measured: fraction,
    })),
    ...empty.map((fraction) => ({
      id: 'empty-budget',
      message: `${percent(fraction)} of ${count(training.labels.length)} training rows is not one row: nothing was measured there`,
      measured: fraction,
    })),
    ...(missing.length === 0
      ? []
      : [
          {
            id: 'class-without-rows',
            message: `no training row is of ${missing.length === 1 ? 'class' : 'the classes'} ${missing.join(', ')}: copies don't know ${missing.length === 1 ? 'it' : 'them'}`,
            measured: missing.length,
          },
        ]),
    ...(clean.high >= original - 0.05
      ? []
      : [
          {
            id: 'weak-copies',
            message: `a copy trained on clean rows is right on ${percent(clean.value)} of ${count(judged.labels.length)} rows, the model on ${percent(original)}: the recipe or the number of rows falls short of how it was trained, and attacks may do better or worse on it`,
            measured: clean.value,
          },
        ]),
  ]
}
