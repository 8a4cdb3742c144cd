import { chooseTargets } from '../../assessment/attack-targets.ts'
import type { Subject } from '../../assessment/subject.ts'
import type { ProgramSpec } from '../../models/program.ts'
import { addGradient } from '../../onnx/autodiff/gradient.ts'
import { toInt64 } from '../../threat/rows.ts'
import { demandEmbedding } from './embedding.ts'
import type { GradientOptions } from './gradient-options.ts'
import { type LossName, lossNamed } from './losses.ts'
import { withRowFile } from './row-file.ts'

export interface InputGradients {
  readonly rows: number
  /** What the gradient is for: the input, or the embedding of a model that reads token ids. */
  readonly of: 'input' | 'embedding'
  /** Of one row. */
  readonly shape: readonly number[]
  readonly meanLoss: number
  /** Euclidean norm of a row's gradient, on average. */
  readonly meanNorm: number
  /** Rows whose gradient is 0 in every element. */
  readonly zeroRows: number
}

const rowsAtOnce = 256

const gradientProgram = ({ model }: Subject, name: LossName): ProgramSpec => {
  const loss = lossNamed(name, model.classes)
  return {
    key: `gradient of ${name}`,
    inputs: { labels: { dtype: 'int64', dims: [] }, targets: { dtype: 'int64', dims: [] } },
    build: ({ g, x, logits, input }) => {
      const withRespectTo = [x.dtype.includes('float') ? x : demandEmbedding(g, x.name, logits.name)]
      const value = loss.build(g, logits, input('labels'), input('targets'))
      const [gradient] = addGradient(g, g.build([]), { of: value, withRespectTo })
      return { loss: value, gradient: gradient! }
    },
  }
}

/** The gradient of each row's own loss for that row, saved as npy a piece at a time: float32 [rows, ...shape of a row]. */
export const inputGradients = async (subject: Subject, options: GradientOptions): Promise<InputGradients> => {
  const { model, set } = subject
  const { save, progress } = options
  const isFloat = model.input.dtype.includes('float')
  const program = await model.program(gradientProgram(subject, options.loss))
  const totals = { loss: 0, norm: 0, zero: 0 }
  let shape: readonly number[] = model.input.dims
  await withRowFile(save, set.rows, async (saveRows) => {
    for await (const batch of set.batches(rowsAtOnce)) {
      const { targets } = chooseTargets(options.targets, batch.y!, model.classes)
      const data = { x: batch.x, labels: toInt64(batch.y!), targets: toInt64(targets!) }
      const { loss, gradient } = await program.run(batch.rows, data)
      const width = gradient!.length / batch.rows
      if (!isFloat) shape = [...model.input.dims, width / model.size]
      await saveRows(gradient!, shape)
      for (let row = 0; row < batch.rows; row++) {
        const norm = Math.sqrt(
          gradient!.subarray(row * width, (row + 1) * width).reduce((sum, value) => sum + value * value, 0),
        )
        totals.loss += loss![row]!
        totals.norm += norm
        if (norm === 0) totals.zero++
      }
      progress((batch.from + batch.rows) / set.rows)
    }
  })
  return {
    rows: set.rows,
    of: isFloat ? 'input' : 'embedding',
    shape,
    meanLoss: totals.loss / set.rows,
    meanNorm: totals.norm / set.rows,
    zeroRows: totals.zero,
  }
}
