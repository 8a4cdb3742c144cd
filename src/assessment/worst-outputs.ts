import type { EvasionProbe, Example, Task } from '../contract/index.ts'
import { type DataSet, openData } from '../data/index.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import { judgeRows } from '../threat/goal/judge.ts'
import { targetOf } from '../threat/target.ts'
import type { AttackedData } from './attack-run.ts'
import { changedColumns } from './changed-columns.ts'

/** How many examples a probe shows, and outputs of each. */
const shown = 6
const outputsShown = 5

const rowsAtOnce = 256

/** An example, where it stands among the rows that were attacked, and how far it is beyond being broken. */
type Found = Example & { readonly at: number; readonly lead: number }

/** Worst examples of a model that predicts no class: those moved furthest beyond what breaks a row. See `worstExamples`. */
export const worstOutputs = async (
  { model, set, task }: { readonly model: AttackedModel; readonly set: DataSet; readonly task: Task },
  { broken, distances }: Pick<AttackedData['perRow'], 'broken' | 'distances'>,
  path: string,
): Promise<EvasionProbe['worst']> => {
  const target = targetOf(model, 'scores')
  const columns = model.classes
  const attacked = await openData({ path })
  try {
    let worst: readonly Found[] = []
    for await (const { from, rows, x } of attacked.batches(rowsAtOnce)) {
      if (!broken.slice(from, from + rows).includes(true)) continue
      const clean = await set.read(from, from + rows)
      const before = await target.logits(clean.x as Float32Array, rows)
      const after = await target.logits(x as Float32Array, rows)
      const numbers = clean.numbers!
      const { goal } = judgeRows(task, { labels: new Int32Array(rows), numbers }, before, columns)
      const found = Array.from({ length: rows }, (_, row) => row)
        .filter((row) => broken[from + row])
        .map((row): Found => {
          const part = (values: Float32Array): Float32Array => values.subarray(row * columns, (row + 1) * columns)
          const [was, is, truth] = [part(before), part(after), part(numbers)]
          const outputs = Array.from({ length: columns }, (_, k) => ({
            name: set.outputs?.columns?.[k] ?? String(k),
            truth: truth[k]!,
            before: shownAs(task, was[k]!),
            after: shownAs(task, is[k]!),
          })).sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))
          return {
            at: from + row,
            lead: goal.lead(row, is),
            row: set.offset + from + row,
            outputs: outputs.slice(0, outputsShown),
            distance: distances[from + row]!,
          }
        })
      worst = [...worst, ...found].sort((a, b) => a.lead - b.lead || a.row - b.row).slice(0, shown)
    }
    const examples: Example[] = []
    for (const { at, lead: _lead, ...example } of worst)
      examples.push({ ...example, ...(await changedColumns(set, attacked, at)) })
    return examples
  } finally {
    await attacked.close()
  }
}

/** Labels as probabilities. */
const shownAs = ({ kind }: Task, output: number): number =>
  kind === 'multi-label' ? 1 / (1 + Math.exp(-output)) : output
