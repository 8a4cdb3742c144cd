import { argmaxRows } from '../../base/argmax.ts'
import { crossEntropy } from '../../onnx/losses.ts'
import { gatherRows, toInt64 } from '../rows.ts'
import type { Goal } from './goal.ts'

/**
 * Rows of a classifier: broken where another class than the label is predicted, or the target where there are targets.
 * The loss is the cross-entropy of the label, or that of the target with its sign turned.
 */
export const classesGoal = (labels: Int32Array, targets: Int32Array | undefined, classes: number): Goal => {
  const aims = targets ?? labels
  return {
    task: 'classification',
    key: targets ? 'towards' : 'away',
    ways: 1,
    inputs: { labels: { dtype: 'int64', dims: [] } },
    loss: ({ g, input }, logits) => {
      const loss = crossEntropy(g, logits, input('labels'))
      return targets ? g.neg(loss) : loss
    },
    feeds: (rows) => ({ labels: toInt64(gatherRows(aims, rows, 1)) }),
    broken: (rows, logits) => {
      const predicted = argmaxRows(logits, classes)
      return Uint8Array.from(rows, (row, i) => Number((predicted[i] === aims[row]) === (targets !== undefined)))
    },
    lead: (row, logits) => (targets ? surprise(logits, targets[row]!) : ahead(logits, labels[row]!)),
    of: (rows) => classesGoal(gatherRows(labels, rows, 1), targets && gatherRows(targets, rows, 1), classes),
  }
}

/** How far the label's logit is ahead of the best other. */
const ahead = (logits: Float32Array, label: number): number => {
  let other = Number.NEGATIVE_INFINITY
  for (let k = 0; k < logits.length; k++) if (k !== label) other = Math.max(other, logits[k]!)
  return logits[label]! - other
}

/** Cross-entropy of the target class. */
const surprise = (logits: Float32Array, aim: number): number => {
  const most = Math.max(...logits)
  return most + Math.log(logits.reduce((sum, z) => sum + Math.exp(z - most), 0)) - logits[aim]!
}
