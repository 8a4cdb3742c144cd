import type { RegressionTask } from '../../contract/task.ts'
import { gatherRows } from '../rows.ts'
import type { Goal } from './goal.ts'

/** One output, and the way it is pushed. */
interface Push {
  readonly output: number
  readonly sign: 1 | -1
}

const pushesOf = ({ direction, output }: RegressionTask, outputs: number): readonly Push[] => {
  const signs = direction === 'either' ? ([1, -1] as const) : direction === 'up' ? ([1] as const) : ([-1] as const)
  const chosen = output === undefined ? Array.from({ length: outputs }, (_, i) => i) : [output]
  return chosen.flatMap((output) => signs.map((sign) => ({ output, sign })))
}

/**
 * Rows of a regression: broken where a prediction has moved from the clean one by more than the tolerance, the larger
 * of the absolute and the relative one. The loss is the signed error of one output in tolerances, one way for each
 * output and direction: at the clean row a squared or absolute error has no gradient at all, and one that only climbs
 * away from the true number would never look at the other side. `clean`: predictions before the attack, [rows, outputs].
 */
export const numbersGoal = (task: RegressionTask, clean: Float32Array, outputs: number): Goal => {
  const pushes = pushesOf(task, outputs)
  const toleranceOf = (at: number): number => Math.max(task.tolerance, task.relative * Math.abs(clean[at]!))
  /** The largest move of a row beyond its tolerance; NaN where the model gives NaN. */
  const excess = (row: number, values: Float32Array): number => {
    let most = Number.NEGATIVE_INFINITY
    for (const { output, sign } of pushes) {
      const at = row * outputs + output
      most = Math.max(most, sign * (values[output]! - clean[at]!) - toleranceOf(at))
    }
    return most
  }
  return {
    task: 'regression',
    key: 'signed error',
    ways: pushes.length,
    inputs: { clean: { dtype: 'float32', dims: [outputs] }, weights: { dtype: 'float32', dims: [outputs] } },
    loss: ({ g, input }, values) => g.reduceSum(g.mul(g.sub(values, input('clean')), input('weights')), [1]),
    feeds: (rows, way) => {
      const { output, sign } = pushes[way]!
      const weights = new Float32Array(rows.length * outputs)
      for (const [i, row] of rows.entries())
        weights[i * outputs + output] = sign / (toleranceOf(row * outputs + output) || 1)
      return { clean: gatherRows(clean, rows, outputs), weights }
    },
    broken: (rows, values) =>
      Uint8Array.from(rows, (row, i) => Number(excess(row, values.subarray(i * outputs, (i + 1) * outputs)) > 0)),
    lead: (row, values) => -excess(row, values),
    of: (rows) => numbersGoal(task, gatherRows(clean, rows, outputs), outputs),
  }
}
