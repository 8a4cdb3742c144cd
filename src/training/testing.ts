import { stream } from '../base/random.ts'
import { type Classifier, classifierFrom } from '../models/classifier.ts'
import { momentum } from '../onnx/optimisers.ts'
import { sizeOf } from '../onnx/tensor.ts'
import { augmentOf } from './augment.ts'
import { type StepRows, type TrainedGraph, weightNames } from './gradient-step.ts'
import { standard } from './objective.ts'
import { memoryStore, type RowStore } from './row-store.ts'
import type { TrainRequest } from './train.ts'
import { trainingGraph } from './training-mode/index.ts'
import { network } from './training-mode/testing.ts'

/** Labelled rows that are easily told apart: each class has a pattern, and noise goes on top. */
export const toyStore = (dims: readonly number[], rows: number, classes = 3): RowStore => {
  const size = sizeOf(dims)
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes)
  const patterns = Array.from({ length: classes }, (_, label) => normals(size, 'pattern', label))
  const x = labels.reduce(
    (values, label, row) => {
      const noise = normals(size, 'noise', row)
      for (let i = 0; i < size; i++) values[row * size + i] = patterns[label]![i]! + 0.5 * noise[i]!
      return values
    },
    new Float32Array(rows * size),
  )
  return memoryStore(x, labels)
}

export const normals = (length: number, ...key: readonly (string | number)[]): Float32Array => {
  const values = new Float32Array(length)
  stream('toy', ...key).fillNormals(values)
  return values
}

/** An untrained classifier, ready for `train`. */
export const trainee = async (
  text: string,
  dims: readonly number[],
): Promise<{ readonly model: Classifier; readonly trained: TrainedGraph }> => {
  const probe = await network(text, dims)
  const trained = trainingGraph(probe)
  const opened = { path: 'toy', sha256: '', trainable: weightNames(trained) }
  return { model: await classifierFrom(probe.source, opened), trained }
}

/** Random rows for a step, each of importance 1. */
export const stepRows = ({ size, classes }: Classifier, rows: number): StepRows => ({
  rows,
  x: normals(rows * size, 'rows'),
  labels: Int32Array.from({ length: rows }, (_, row) => (row * 7) % classes),
  importance: new Float32Array(rows).fill(1),
  inputs: {},
  masks: new Map(),
})

/** A run with everything that a checkpoint must hold: statistics, slots, masks, augmented rows, a validation. */
export const busyRun = async (options: Partial<TrainRequest> = {}): Promise<TrainRequest> => {
  const dims = [1, 5, 5]
  const { model, trained } = await trainee('conv 4 3, batchnorm, relu, dropout 0.3, dense classes', dims)
  return {
    model,
    trained,
    store: toyStore(dims, 65),
    objective: standard(0.1),
    optimiser: momentum({ weightDecay: 1e-3 }),
    schedule: (step, steps) => 0.05 * (1 - step / steps),
    epochs: 4,
    batch: 12,
    augment: augmentOf(dims, { shift: 1, flip: true, noise: 0.1 })!,
    classWeights: Float32Array.of(1, 2, 0.5),
    clip: 1,
    seed: 5,
    threads: 1,
    ...options,
  }
}
