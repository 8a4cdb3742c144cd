import { chooseTargets, type TargetChoice } from '../../assessment/attack-targets.ts'
import type { Subject } from '../../assessment/subject.ts'
import { type NpyWriter, npyWriter } from '../../data/index.ts'
import type { ProgramSpec } from '../../models/program.ts'
import { addGradient } from '../../onnx/autodiff/gradient.ts'
import { toInt64 } from '../../threat/rows.ts'
import { demandEmbedding } from './embedding.ts'
import { type LossName, lossNamed } from './losses.ts'

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

export interface GradientOptions {
  readonly loss: LossName
  readonly targets: TargetChoice
  /** npy file, float32 [rows, ...shape of a row]. */
  readonly save: string
  progress(done: number): void
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

/** The gradient of each row's own loss for that row, written to a file a piece at a time. */
export const inputGradients = async (subject: Subject, options: GradientOptions): Promise<InputGradients> => {
  const { model, set } = subject
  const { save, progress } = options
  const isFloat = model.input.dtype.includes('float')
  const program = await model.program(gradientProgram(subject, options.loss))
  const totals = { loss: 0, norm: 0, zero: 0 }
  let shape: readonly number[] = model.input.dims
  let writer: NpyWriter | undefined
  try {
    for await (const batch of set.batches(rowsAtOnce)) {
      const { targets } = chooseTargets(options.targets, batch.y!, model.classes)
      const data = { x: batch.x, labels: toInt64(batch.y!), targets: toInt64(targets!) }
      const { loss, gradient } = await program.run(batch.rows, data)
      const width = gradient!.length / batch.rows
      if (!isFloat) shape = [...model.input.dims, width / model.size]
      writer ??= await npyWriter(save, { dtype: 'float32', shape: [set.rows, ...shape] })
      await writer.append(gradient!)
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
    await writer?.commit()
  } finally {
    await writer?.discard()
  }
  return {
    rows: set.rows,
    of: isFloat ? 'input' : 'embedding',
    shape,
    meanLoss: totals.loss / set.rows,
    meanNorm: totals.norm / set.rows,
    zeroRows: totals.zero,
  }
}
