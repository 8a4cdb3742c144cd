import { argmaxRows } from '../../base/argmax.ts'
import type { Task } from '../../contract/task.ts'
import { classesGoal } from './classes.ts'
import type { JudgedRows } from './goal.ts'
import { canFlip, flipSigns, labelSetsGoal } from './label-sets.ts'
import { numbersGoal } from './numbers.ts'

export const classification: Task = { kind: 'classification' }

/** What is true of some rows: the class of each for a classifier, else the numbers or 0/1 labels, [rows, outputs]. */
export interface Truth {
  readonly labels: Int32Array
  readonly targets?: Int32Array
  readonly numbers?: Float32Array
}

/**
 * Judges rows before an attack, by what the model says of them clean: [rows, columns]. A classifier's row is right where
 * its label is predicted; a multi-label row where enough of its labels are; a regression's row always, unless the model
 * gives NaN, since an attack moves the prediction away from what it was.
 */
export const judgeRows = (
  task: Task,
  { labels, targets, numbers }: Truth,
  outputs: Float32Array,
  columns: number,
): JudgedRows => {
  const rows = [...labels.keys()]
  const ofRow = (values: Float32Array, row: number): Float32Array => values.subarray(row * columns, (row + 1) * columns)
  switch (task.kind) {
    case 'classification': {
      const predicted = argmaxRows(outputs, columns)
      return {
        right: rows.map((row) => predicted[row] === labels[row]),
        goal: classesGoal(labels, targets, columns),
      }
    }
    case 'regression':
      return {
        right: rows.map((row) => ofRow(outputs, row).every(Number.isFinite)),
        goal: numbersGoal(task, outputs, columns),
      }
    case 'multi-label': {
      const signs = flipSigns(task, numbers!, outputs, columns)
      return {
        right: rows.map((row) => canFlip(task, ofRow(signs, row))),
        goal: labelSetsGoal(task, signs, outputs, columns),
      }
    }
  }
}
