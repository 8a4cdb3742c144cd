import { type RandomKey, stream } from '../base/random.ts'
import { sizeOf } from '../onnx/tensor.ts'
import type { Augment } from './augment.ts'
import type { TrainedGraph } from './gradient-step.ts'
import type { TrainingBatch } from './objective.ts'
import type { RowStore } from './row-store.ts'

export interface BatchOptions {
  readonly store: RowStore
  readonly augment?: Augment | undefined
  readonly seed: number
}

/** Rows `at` of the store, each changed by numbers that are a function of seed, epoch and row only. */
export const readBatch = async (
  at: Int32Array,
  { epoch, done }: { readonly epoch: number; readonly done: number },
  { store, augment, seed }: BatchOptions,
): Promise<TrainingBatch> => {
  const x = new Float32Array(at.length * store.size)
  await store.gather(at, x)
  const random = (row: number, ...key: RandomKey[]) => stream(seed, 'training', epoch, at[row]!, ...key)
  if (augment)
    for (let row = 0; row < at.length; row++)
      augment(x.subarray(row * store.size, (row + 1) * store.size), random(row, 'augment'))
  return { x, labels: at.map((row) => store.labels[row]!), rows: at.length, done, random }
}

/** The dropout's masks for a batch: 0 with the layer's probability, else what keeps the expectation. */
export const dropoutMasks = ({ rows, random }: TrainingBatch, masks: TrainedGraph['masks']) =>
  new Map(
    masks.map(({ name, dims, ratio }) => {
      const size = sizeOf(dims)
      const mask = new Float32Array(rows * size)
      for (let row = 0; row < rows; row++) {
        const numbers = random(row, 'dropout', name)
        for (let i = row * size; i < (row + 1) * size; i++) mask[i] = numbers.uniform() < ratio ? 0 : 1 / (1 - ratio)
      }
      return [name, mask]
    }),
  )
