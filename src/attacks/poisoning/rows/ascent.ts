import type { Classifier } from '../../../models/classifier.ts'
import { classesGoal } from '../../../threat/goal/classes.ts'
import type { PoisonContext } from '../../../threat/poisoning.ts'
import { targetOf } from '../../../threat/target.ts'
import { ascend } from '../../evasion/gradient/iterative.ts'

export interface Ascent {
  /** The rows' numbers in the data set: random numbers are keyed by them. */
  readonly rows: Int32Array
  readonly labels: Int32Array
  /** Classes to move towards; left out: away from the labels. */
  readonly targets?: Int32Array
  /** Largest change of a value, in input units. */
  readonly epsilon: number
  readonly steps: number
}

/** PGD of the evasion attacks on rows that will be trained on: every row does all steps, whatever the model makes of it. */
export const ascent = (
  { size, low, high, random, progress }: PoisonContext,
  model: Classifier,
  x: Float32Array,
  { rows, labels, targets, epsilon, steps }: Ascent,
): Promise<Float32Array> =>
  ascend(
    {
      target: targetOf(model, 'gradients'),
      x0: x,
      rows: rows.length,
      size,
      goal: classesGoal(labels, targets, model.classes),
      labels,
      targets,
      norm: 'linf',
      epsilon,
      low,
      high,
      random: (row, ...key) => random('ascent', rows[row]!, ...key),
      progress,
    },
    { steps, stepSize: (2.5 * epsilon) / steps, restarts: 1, randomStart: true, sparsity: 1, earlyStop: false },
  )
