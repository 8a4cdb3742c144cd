import type { FileSubject } from '../../assessment/subject.ts'
import { taskKindOf } from '../../assessment/task.ts'
import { argmaxRows } from '../../base/argmax.ts'
import { BartizanError } from '../../base/errors.ts'
import type { Figure } from '../../contract/index.ts'
import { checkRange } from '../../data/index.ts'
import type { ProgramSpec } from '../../models/program.ts'
import { figure } from '../../stats/index.ts'
import { withRowFile } from './row-file.ts'

export interface Predictions {
  readonly rows: number
  readonly classes: number
  /** Values that the model gives for a row: the classes, or 1 where one score stands for two classes. */
  readonly width: number
  /** Where the rows have labels. */
  readonly accuracy?: Figure
  /** How often each class was predicted; empty where the model predicts no class. */
  readonly counts: readonly number[]
}

export interface PredictOptions {
  /** npy file for the scores as the model gives them, float32 [rows, width]. */
  readonly save?: string
  /** A value outside it is an error; values aren't checked where it is left out. */
  readonly range?: readonly [number, number]
  progress(done: number): void
}

const rowsAtOnce = 256

/** Scores as the model gives them, and the logits that stand behind the decision. */
const scoring = (output: string): ProgramSpec => ({
  key: 'scores and logits',
  inputs: {},
  build: ({ g, logits }) => ({ scores: g.value(output), logits }),
})

/** Predicts all rows, a piece at a time. Throws MODEL_OUTPUT_INVALID where a score is NaN, naming the row. */
export const predictRows = async ({ model, set }: FileSubject, options: PredictOptions): Promise<Predictions> => {
  const { save, range, progress } = options
  const program = await model.program(scoring(model.output.name))
  const classifies = taskKindOf(model.output.kind) === 'classification'
  const counts = Array.from({ length: classifies ? model.classes : 0 }, () => 0)
  let width = 0
  let right = 0
  await withRowFile(save, set.rows, async (saveRows) => {
    for await (const batch of set.batches(rowsAtOnce)) {
      if (range) checkRange(set, batch, range[0], range[1])
      const { scores, logits } = await program.run(batch.rows, { x: batch.x })
      width = scores!.length / batch.rows
      checkScores(set, batch.from, scores!, width)
      await saveRows(scores!, [width])
      const predicted = classifies ? argmaxRows(logits!, model.classes) : new Int32Array(0)
      for (const [row, label] of predicted.entries()) {
        counts[label]!++
        if (batch.y?.[row] === label) right++
      }
      progress((batch.from + batch.rows) / set.rows)
    }
  })
  return {
    rows: set.rows,
    classes: model.classes,
    width,
    counts,
    ...(set.hasLabels && classifies && { accuracy: figure(right, set.rows) }),
  }
}

const checkScores = (set: FileSubject['set'], from: number, scores: Float32Array, width: number): void => {
  const bad = scores.findIndex(Number.isNaN)
  if (bad < 0) return
  const row = set.offset + from + Math.floor(bad / width)
  throw new BartizanError('MODEL_OUTPUT_INVALID', `the model gives NaN for row ${row} of ${set.path}`, {
    hint: 'look at this row and at the preprocessing; a model that gives NaN on real rows is broken',
    data: { row, output: bad % width },
  })
}
