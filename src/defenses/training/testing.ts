import { stream } from '../../base/random.ts'
import { modelWithWeights } from '../../models/with-weights.ts'
import type { Model } from '../../onnx/types.ts'
import { targetOf } from '../../threat/target.ts'
import { gradientStep } from '../../training/gradient-step.ts'
import type { Objective, TrainingBatch } from '../../training/objective.ts'
import { trainingGraph } from '../../training/training-mode/index.ts'
import { classes, contextOf } from '../testing.ts'
import type { LabelledRows } from './validation.ts'

/** A batch as the loop hands it out. */
export const batchOf = ({ x, labels }: LabelledRows): TrainingBatch => ({
  x,
  labels,
  rows: labels.length,
  done: 0,
  random: (row, ...key) => stream('batch', row, ...key),
})

/** What an objective adds up to over the rows, with the gradients by weight. */
export const sumsOf = async (source: Model, objective: Objective, rows: LabelledRows) => {
  const context = contextOf({ source })
  const probe = await context.open(source)
  const trained = trainingGraph(probe)
  const model = await context.open(source, { trainable: trained.trainable })
  const prepared = (await objective.prepare?.(batchOf(rows), probe)) ?? {}
  const step = await gradientStep(model, { trained, objective, threads: 1 })
  const sums = await step.run(weightsOf(source), {
    rows: rows.labels.length,
    x: prepared.x ?? rows.x,
    labels: rows.labels,
    importance: new Float32Array(rows.labels.length).fill(1),
    inputs: prepared.inputs ?? {},
    masks: new Map(),
  })
  await Promise.all([step.release(), probe.release(), model.release()])
  return { ...sums, prepared }
}

export const weightsOf = (model: Model): ReadonlyMap<string, Float32Array> =>
  new Map([...model.graph.initializers].map(([name, { data }]) => [name, data as Float32Array]))

/** The same model with every weight multiplied: answers that are further apart. */
export const scaled = (model: Model, factor: number): Model =>
  modelWithWeights(
    model,
    new Map([...weightsOf(model)].map(([name, values]) => [name, values.map((value) => factor * value)])),
  )

/** Logits by row. */
export const logitsOf = async (source: Model, x: Float32Array): Promise<readonly (readonly number[])[]> => {
  const model = await contextOf({ source }).open(source)
  const logits = await targetOf(model, 'scores').logits(x, x.length / model.size)
  await model.release()
  return Array.from({ length: logits.length / classes }, (_, row) => [
    ...logits.subarray(row * classes, (row + 1) * classes),
  ])
}

export const softmax = (logits: readonly number[], temperature = 1): readonly number[] => {
  const powers = logits.map((z) => Math.exp((z - Math.max(...logits)) / temperature))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}

/** KL(p || q). */
export const divergence = (p: readonly number[], q: readonly number[]): number =>
  p.reduce((sum, value, i) => sum + value * Math.log(value / q[i]!), 0)
