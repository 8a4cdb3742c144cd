import type { DataSet } from '../../data/index.ts'
import type { Classifier } from '../../models/classifier.ts'
import { type Feeding, fed } from './feeding.ts'

export interface FoundOutputKind {
  readonly output: 'auto' | 'probabilities'
  readonly reason: string
}

const sample = 64

/** Scores that the graph doesn't give away as probabilities, but that are some: shares that add up to 1 in every row. */
export const outputKindOf = async (model: Classifier, set: DataSet, feeding: Feeding): Promise<FoundOutputKind> => {
  const found = { output: 'auto', reason: `${model.output.kind}: ${model.output.because}` } as const
  if (model.output.kind !== 'logits') return found
  const { x, rows } = await set.read(0, Math.min(sample, set.rows))
  if (!(x instanceof Float32Array)) return found
  const program = await model.program({ key: 'logits', inputs: {}, build: ({ logits }) => ({ logits }) })
  const { logits } = await program.run(rows, { x: fed(x, model.input.dims, feeding) })
  const sums = Array.from({ length: rows }, (_, row) =>
    logits!.subarray(row * model.classes, (row + 1) * model.classes).reduce((sum, score) => sum + score, 0),
  )
  const areShares = logits!.every((score) => score >= 0 && score <= 1) && sums.every((sum) => Math.abs(sum - 1) < 1e-4)
  return areShares ? { output: 'probabilities', reason: 'the scores of every row add up to 1' } : found
}
