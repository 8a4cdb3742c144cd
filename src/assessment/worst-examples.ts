import type { EvasionProbe, Example } from '../contract/index.ts'
import { openData } from '../data/index.ts'
import { classification } from '../threat/goal/judge.ts'
import { gatherRows, rowsWhere } from '../threat/rows.ts'
import { targetOf } from '../threat/target.ts'
import type { AttackedData } from './attack-run.ts'
import { changedColumns } from './changed-columns.ts'
import type { Subject } from './subject.ts'
import { worstOutputs } from './worst-outputs.ts'

/** How many examples a probe shows. */
const shown = 6

const rowsAtOnce = 256

/** An example, and where it stands among the rows that were attacked. */
type Found = Example & { readonly at: number; readonly confidence: number }

/**
 * The rows that were turned with the greatest confidence, the most confident first. `path`: the attacked rows, an npy
 * file, which is read a block at a time so that memory doesn't grow with the rows.
 */
export const worstExamples = async (
  subject: Pick<Subject, 'model' | 'set' | 'task'>,
  { broken, labels, after, distances }: Pick<AttackedData['perRow'], 'broken' | 'labels' | 'after' | 'distances'>,
  path: string,
): Promise<EvasionProbe['worst']> => {
  const { model, set, task = classification } = subject
  if (!broken.includes(true)) return []
  if (task.kind !== 'classification') return worstOutputs({ model, set, task }, { broken, distances }, path)
  const target = targetOf(model, 'scores')
  const attacked = await openData({ path })
  try {
    let worst: readonly Found[] = []
    for await (const { from, rows, x } of attacked.batches(rowsAtOnce)) {
      const turned = rowsWhere(rows, (row) => broken[from + row]!)
      if (turned.length === 0) continue
      const logits = await target.logits(gatherRows(x as Float32Array, turned, model.size), turned.length)
      const found = [...turned].map((row, i): Found => {
        const at = from + row
        const scores = logits.subarray(i * model.classes, (i + 1) * model.classes)
        const predicted = after[at]!
        const confidence = softmaxAt(scores, predicted)
        return { at, row: set.offset + at, label: labels[at]!, predicted, confidence, distance: distances[at]! }
      })
      worst = [...worst, ...found].sort((a, b) => b.confidence - a.confidence || a.row - b.row).slice(0, shown)
    }
    const examples: Example[] = []
    for (const { at, ...example } of worst) examples.push({ ...example, ...(await changedColumns(set, attacked, at)) })
    return examples
  } finally {
    await attacked.close()
  }
}

const softmaxAt = (scores: Float32Array, index: number): number => {
  const largest = Math.max(...scores)
  const total = scores.reduce((sum, score) => sum + Math.exp(score - largest), 0)
  return Math.exp(scores[index]! - largest) / total
}
