import { BartizanError } from '../base/errors.ts'
import type { CleanInfo, Config, Figure, InputInfo, MultiLabelTask, RegressionTask } from '../contract/index.ts'
import { checkLevels, checkRange, type DataSet } from '../data/index.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import { figure, meanFigure } from '../stats/index.ts'
import { targetOf } from '../threat/target.ts'

interface Measured {
  readonly model: AttackedModel
  readonly set: DataSet
  readonly input: InputInfo
  readonly task: RegressionTask | MultiLabelTask
}

const rowsAtOnce = 256

/**
 * How right a model that predicts no class is on the clean rows, every value checked on the way. Numbers: mean absolute
 * and squared error, with Student's intervals over the rows' own means, and the share of rows with every number that
 * counts within the goal's tolerance of the true one. Labels: the share of rows with all labels right (exact match), and
 * that of each label. Throws DATA_SHAPE_MISMATCH, DATA_LABEL_INVALID and MODEL_OUTPUT_INVALID.
 */
export const measureOutputs = async ({ model, set, input, task }: Measured): Promise<CleanInfo> => {
  const columns = model.classes
  checkWidth(set, columns)
  const target = targetOf(model, 'scores')
  const absolute = new Float64Array(set.rows)
  const squared = new Float64Array(set.rows)
  const labelsRight = new Array<number>(columns).fill(0)
  let right = 0
  const unanswered = new Set<number>()
  for await (const batch of set.batches(rowsAtOnce)) {
    checkRange(set, batch, input.range[0], input.range[1])
    checkLevels(set, batch, input)
    const outputs = await target.logits(batch.x as Float32Array, batch.rows)
    for (let row = 0; row < batch.rows; row++) {
      let holds = true
      for (let k = 0; k < columns; k++) {
        const [predicted, truth] = [outputs[row * columns + k]!, batch.numbers![row * columns + k]!]
        if (!Number.isFinite(predicted)) unanswered.add(batch.from + row)
        if (task.kind === 'multi-label') {
          checkLabel(set, batch.from + row, k, truth)
          const same = predicted > 0 === truth > 0.5
          if (same) labelsRight[k]!++
          holds &&= same
          continue
        }
        const off = Math.abs(predicted - truth)
        absolute[batch.from + row]! += off / columns
        squared[batch.from + row]! += off ** 2 / columns
        const counts = task.output === undefined || task.output === k
        holds &&= !counts || off <= Math.max(task.tolerance, task.relative * Math.abs(truth))
      }
      if (holds) right++
    }
  }
  if (unanswered.size > 0) throw notFinite(set, unanswered)
  const accuracy = figure(right, set.rows)
  if (task.kind === 'multi-label') {
    const nameOf = (k: number): string => set.outputs?.columns?.[k] ?? String(k)
    return { accuracy, labels: labelsRight.map((count, k) => ({ name: nameOf(k), accuracy: figure(count, set.rows) })) }
  }
  // The mean of one row has no interval.
  if (set.rows < 2) return { accuracy }
  return { accuracy, error: { absolute: errorFigure(absolute), squared: errorFigure(squared) } }
}

/** No error is below 0, whatever the interval says. */
const errorFigure = (values: Float64Array): Figure => {
  const mean = meanFigure(values)
  return { ...mean, low: Math.max(0, mean.low) }
}

/** Throws MODEL_ACCURACY_UNEXPECTED where the mean absolute error is far from what was declared. */
export const refuseError = ({ error: measured }: CleanInfo, expected: Config['error']): void => {
  if (!measured || !expected) return
  const { value, n } = measured.absolute
  const { declared, tolerance } = expected
  if (Math.abs(value - declared) <= tolerance * declared) return
  throw new BartizanError(
    'MODEL_ACCURACY_UNEXPECTED',
    `the mean absolute error on ${n} clean rows is ${value.toPrecision(5)}, but ${declared} was declared (tolerance ${100 * tolerance} % of it): nothing was attacked`,
    {
      hint: 'most often the preprocessing is wrong, or the numbers of the data are in another unit than those of the model; check data.scale and model.preprocessing, or correct error.declared',
      data: { measured: value, declared },
    },
  )
}

const checkWidth = (set: DataSet, columns: number): void => {
  const width = set.outputs?.width
  if (width === columns) return
  throw new BartizanError(
    'DATA_SHAPE_MISMATCH',
    `the model gives ${columns} outputs a row, and ${set.path} has ${width ?? 'no'} numbers a row to compare with`,
    { hint: 'name one column for each output (data.label-columns), or a file with as many numbers a row' },
  )
}

const checkLabel = (set: DataSet, row: number, label: number, value: number): void => {
  if (value === 0 || value === 1) return
  throw new BartizanError(
    'DATA_LABEL_INVALID',
    `row ${set.offset + row} of ${set.path} has ${value} for label ${label}: a label is 0 or 1`,
    { hint: 'a multi-label set has one column a label, 1 where it holds', data: { row, label, value } },
  )
}

/** How often, and where first. */
const notFinite = (set: DataSet, rows: ReadonlySet<number>): BartizanError => {
  const [row = 0] = rows
  return new BartizanError(
    'MODEL_OUTPUT_INVALID',
    `the model gives NaN or infinity for row ${set.offset + row} of ${set.path}${rows.size > 1 ? ` and ${rows.size - 1} more` : ''}: ${rows.size} of ${set.rows} rows`,
    {
      hint: 'look at these rows and at the preprocessing; a model that gives NaN on real rows is broken',
      data: { row, rows: rows.size, of: set.rows },
    },
  )
}
