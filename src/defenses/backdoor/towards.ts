import type { AttackedModel } from '../../models/attacked-model.ts'
import type { ProgramSpec } from '../../models/program.ts'
import { margin, preciseCrossEntropy } from '../../onnx/losses.ts'
import { toInt64 } from '../../threat/rows.ts'

/** How far rows are from a class each, and the way there. */
export interface Towards {
  /** Gradient of the cross-entropy for the class, row-major. */
  readonly gradient: Float32Array
  /** Above 0 where the row is not of the class yet. */
  readonly margin: Float32Array
}

const labels = { labels: { dtype: 'int64', dims: [] } } as const

const step: ProgramSpec = {
  key: 'towards a class',
  inputs: labels,
  build: (builder) => {
    const aims = builder.input('labels')
    return {
      gradient: builder.gradient(preciseCrossEntropy(builder.g, builder.logits, aims)),
      margin: margin(builder.g, builder.logits, aims),
    }
  },
}

const judge: ProgramSpec = {
  key: 'distance to a class',
  inputs: labels,
  build: ({ g, logits, input }) => ({ margin: margin(g, logits, input('labels')) }),
}

/** Throws GRAPH_OP_UNSUPPORTED where the model has no gradients. */
export const towards = async (model: AttackedModel, x: Float32Array, classes: Int32Array): Promise<Towards> => {
  const program = await model.program(step)
  const { gradient, margin: ahead } = await program.run(classes.length, { x, labels: toInt64(classes) })
  return { gradient: gradient!, margin: ahead! }
}

/** How many of the rows are of the class. A row at a tie is not. */
export const countOf = async (model: AttackedModel, x: Float32Array, label: number): Promise<number> => {
  const rows = x.length / model.size
  if (rows === 0) return 0
  const program = await model.program(judge)
  const classes = new Int32Array(rows).fill(label)
  const { margin: ahead } = await program.run(rows, { x, labels: toInt64(classes) })
  return ahead!.reduce((sum, value) => sum + (value < 0 ? 1 : 0), 0)
}
