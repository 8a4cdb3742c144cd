import { argmaxRows } from '../../base/argmax.ts'
import type { TaskKind } from '../../contract/index.ts'

interface Labelled {
  readonly rows: number
  readonly y?: Int32Array
  /** [rows, outputs]. */
  readonly numbers?: Float32Array
}

/** How well rows are predicted that are fed in one way, block by block. */
interface Score {
  /** `outputs`: [rows, columns]. */
  add(outputs: Float32Array, batch: Labelled): void
  value(): number
}

/**
 * Classes: the share predicted as labelled. Labels: the share of rows with all of them right. Numbers: 1 less the mean
 * absolute error, as a share of the numbers' mean absolute deviation.
 */
export const newScore = (kind: TaskKind, columns: number): Score => {
  if (kind === 'regression') return explained()
  let [right, rows] = [0, 0]
  return {
    add(outputs, batch) {
      rows += batch.rows
      if (kind === 'classification')
        right += argmaxRows(outputs, columns).filter((label, row) => label === batch.y?.[row]).length
      else
        for (let row = 0; row < batch.rows; row++) {
          const own = outputs.subarray(row * columns, (row + 1) * columns)
          if (own.every((logit, k) => logit > 0 === batch.numbers![row * columns + k]! > 0.5)) right++
        }
    },
    value: () => right / rows,
  }
}

const explained = (): Score => {
  const truth: number[] = []
  let error = 0
  return {
    add(outputs, { numbers }) {
      for (const [i, value] of numbers!.entries()) {
        truth.push(value)
        error += Math.abs(outputs[i]! - value)
      }
    },
    value() {
      const mean = truth.reduce((a, b) => a + b, 0) / truth.length
      const deviation = truth.reduce((sum, value) => sum + Math.abs(value - mean), 0)
      return deviation === 0 ? -error : 1 - error / deviation
    },
  }
}
