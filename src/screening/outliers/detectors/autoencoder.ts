import { BartizanError } from '../../../base/errors.ts'
import { classifierFrom } from '../../../models/classifier.ts'
import type { ProgramSpec } from '../../../models/program.ts'
import { modelWithWeights } from '../../../models/with-weights.ts'
import type { GraphBuilder, Value } from '../../../onnx/builder.ts'
import { adam } from '../../../onnx/optimisers.ts'
import type { Model } from '../../../onnx/types.ts'
import { buildArchitecture, parseArchitecture } from '../../../training/architecture/index.ts'
import type { Objective } from '../../../training/objective.ts'
import { memoryStore } from '../../../training/row-store.ts'
import { scheduleOf } from '../../../training/schedule.ts'
import { train } from '../../../training/train.ts'
import { trainingGraph } from '../../../training/training-mode/index.ts'
import { scalingBy } from '../covariance/scaling.ts'
import { defineDetector } from '../detector.ts'
import type { Rows } from '../rows.ts'

/** Scaled values beyond this are as far out as any; their squares still fit float32. */
const furthest = 1e6

/**
 * Not like what a narrow network learned to give back: the mean squared difference between a row, each column scaled to
 * variance 1, and what the network makes of it. Trained by our own loop, Adam on a cosine schedule.
 */
export const autoencoder = defineDetector({
  id: 'autoencoder',
  title: 'rows that a narrow network cannot give back',
  reference: 'Hawkins et al. 2002, Outlier detection using replicator neural networks',
  parameters: {
    hidden: { kind: 'integer', default: 0, min: 0, max: 4096, help: 'units of the outer layers; 0: half the columns' },
    code: {
      kind: 'integer',
      default: 0,
      min: 0,
      max: 4096,
      help: 'units of the narrow layer; 0: a quarter of the columns',
    },
    epochs: { kind: 'integer', default: 30, min: 1, help: 'passes over the rows' },
    batch: { kind: 'integer', default: 64, min: 1, help: 'rows a step' },
    'learning-rate': { kind: 'number', default: 0.005, min: 0, help: 'highest rate of the schedule' },
  },
  least: 2,
  memory: (rows, width) => 24 * rows * width + 16 * (width * Math.min(128, width) * 2 + 1e6),
  async fit(rows, { hidden, code, epochs, batch, 'learning-rate': rate }, { random, threads }) {
    const { width } = rows
    const outer = hidden || between(4, Math.ceil(width / 2), 128)
    const inner = code || between(1, Math.floor(width / 4), 32)
    const seed = random.fork('seed').integer(2 ** 31)
    const layers = parseArchitecture(`dense ${outer}, relu, dense ${inner}, dense ${outer}, relu, dense classes`)
    const source = buildArchitecture(layers, { input: [width], classes: width, seed })
    const scale = scalingBy(asDoubles(rows))
    const scaled = (asked: Rows): Float32Array =>
      Float32Array.from(scale(asDoubles(asked)).values, (value) => between(-furthest, value, furthest))
    const trainedWeights = await trained(source, {
      x: scaled(rows),
      rows: rows.rows,
      epochs,
      batch,
      rate,
      seed,
      threads,
    })
    const model = modelWithWeights(source, trainedWeights)
    return { width, score: (asked) => differences(model, { x: scaled(asked), rows: asked.rows, threads }) }
  },
})

const between = (low: number, value: number, high: number): number => Math.min(Math.max(value, low), high)

const asDoubles = ({ values, rows, width }: Rows) => ({ values: Float64Array.from(values), rows, width })

interface TrainOptions {
  readonly x: Float32Array
  readonly rows: number
  readonly epochs: number
  readonly batch: number
  readonly rate: number
  readonly seed: number
  readonly threads: number
}

const trained = async (source: Model, { x, rows, epochs, batch, rate, seed, threads }: TrainOptions) => {
  const probe = await opened(source, { threads })
  const graph = trainingGraph(probe)
  await probe.release()
  const model = await opened(source, { threads, trainable: graph.trainable })
  try {
    const { weights, stopped } = await train({
      model,
      trained: graph,
      store: memoryStore(x, new Int32Array(rows)),
      objective: reconstruction,
      optimiser: adam(),
      schedule: scheduleOf({ name: 'cosine', rate }),
      epochs,
      batch,
      clip: 10,
      seed,
      threads,
    })
    if (stopped.reason === 'finished') return weights
    throw new BartizanError('CONFIG_INVALID', `the autoencoder's training ${stopped.reason}: ${stopped.detail}`, {
      hint: 'lower its parameter learning-rate',
    })
  } finally {
    await model.release()
  }
}

const opened = (source: Model, options: { readonly threads: number; readonly trainable?: readonly string[] }) =>
  classifierFrom(source, { ...options, path: 'autoencoder', sha256: '', task: 'regression' })

const squaredDifference = (g: GraphBuilder, x: Value, output: Value): Value => {
  const difference = g.sub(x, output)
  return g.reduceMean(g.mul(difference, difference), [1])
}

/** The mean squared difference of a row and the network's output; labels are not looked at. */
const reconstruction: Objective = {
  key: 'reconstruction',
  loss: ({ g, x, logits }) => squaredDifference(g, x, logits),
}

const scoring: ProgramSpec = {
  key: 'reconstruction error',
  inputs: {},
  build: ({ g, x, logits }) => ({ error: squaredDifference(g, x, logits) }),
}

const differences = async (
  source: Model,
  { x, rows, threads }: { readonly x: Float32Array; readonly rows: number; readonly threads: number },
): Promise<Float64Array> => {
  if (rows === 0) return new Float64Array(0)
  const model = await opened(source, { threads })
  try {
    return Float64Array.from((await (await model.program(scoring)).run(rows, { x })).error!)
  } finally {
    await model.release()
  }
}
