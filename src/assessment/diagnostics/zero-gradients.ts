import { sizeOf } from '../../onnx/tensor.ts'
import { classesGoal } from '../../threat/goal/classes.ts'
import type { Goal } from '../../threat/goal/goal.ts'
import { classification, judgeRows } from '../../threat/goal/judge.ts'
import { gatherRows, rowsWhere } from '../../threat/rows.ts'
import { type Target, targetOf } from '../../threat/target.ts'
import type { ProbeRecord } from '../probe-record.ts'
import type { Subject } from '../subject.ts'
import { type Checked, checked, followsGradients, percent } from './checked.ts'

const check = { id: 'zero-gradients', title: 'Clean rows have a gradient' }

/** More than one row in ten without any gradient is no accident of rounding. */
export const checkZeroGradients = (share: number, records: readonly ProbeRecord[]): readonly Checked[] => {
  const fired = share > 0.1
  const message = fired
    ? `the loss has no gradient at all for ${percent(share)} of the clean rows: attacks that follow it can't move them`
    : `the loss has no gradient at all for ${percent(share)} of the clean rows; up to 10 % may be rounding`
  return records
    .filter(followsGradients)
    .map(({ id }) => checked(id, check, { flag: check.id, fired, measured: share, message }))
}

/** That share among the first rows of what is assessed. */
export const shareWithoutGradient = async ({
  model,
  set,
  task = classification,
}: Pick<Subject, 'model' | 'set' | 'task'>): Promise<number> => {
  const { x, y, numbers, rows } = await set.read(0, Math.min(256, set.rows))
  const target = targetOf(model, 'gradients')
  if (task.kind === 'classification') return zeroGradientShare(target, x as Float32Array, y!)
  const clean = await target.logits(x as Float32Array, rows)
  const { goal, right } = judgeRows(task, { labels: new Int32Array(rows), numbers }, clean, model.classes)
  return zeroShare(
    target,
    goal,
    x as Float32Array,
    rowsWhere(rows, (row) => right[row]!),
  )
}

/** Share of rows whose loss gradient is zero in every coordinate. */
export const zeroGradientShare = (target: Target, x: Float32Array, labels: Int32Array): Promise<number> =>
  zeroShare(
    target,
    classesGoal(labels, undefined, target.classes),
    x,
    rowsWhere(labels.length, () => true),
  )

/** The same for some of the rows and any goal; 0 where there are no rows. */
const zeroShare = async (target: Target, goal: Goal, x: Float32Array, rows: Int32Array): Promise<number> => {
  if (rows.length === 0) return 0
  const program = await target.program({
    key: `gradient size ${goal.key}`,
    inputs: goal.inputs,
    build: ({ g, logits, input, gradient }) => {
      const dX = gradient(goal.loss({ g, input }, logits))
      return { largest: g.reduceMax(g.abs(g.op('Flatten', [dX], { axis: 1 })), [1]) }
    },
  })
  const chosen = gatherRows(x, rows, sizeOf(target.dims))
  const { largest } = await program.run(rows.length, { x: chosen, ...goal.feeds(rows, 0) })
  return largest!.filter((value) => value === 0).length / rows.length
}
