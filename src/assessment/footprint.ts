import { BartizanError } from '../base/errors.ts'
import type { Classifier } from '../models/classifier.ts'
import { createSession } from '../onnx/session.ts'
import { sizeOf } from '../onnx/tensor.ts'
import type { Model, Tensor } from '../onnx/types.ts'
import { writeModel } from '../onnx/write.ts'
import { median, quantile } from '../stats/index.ts'

/** What a model takes on disk: the same for the same model. */
export interface ModelSize {
  /** Of the file with its weights inside, as Bartizan writes it. */
  readonly bytes: number
  /** Numbers that the model stores, those of Constant nodes included. */
  readonly parameters: number
}

/** How long calls of a model take, in milliseconds. */
export interface Latency {
  readonly rows: number
  readonly median: number
  readonly p95: number
  readonly calls: number
}

/** Durations, which differ from run to run: they belong into a report's part for timing (rule 13). */
export interface FootprintTiming {
  /** One row a call. */
  readonly single?: Latency
  /** Many rows a call. */
  readonly batch: Latency
}

export interface Footprint {
  readonly size: ModelSize
  readonly timing: FootprintTiming
}

export interface FootprintOptions {
  /** Rows of the larger call; default 64, or all rows where there are fewer. */
  readonly batch?: number
  /** Calls that are timed, after `warmUp` calls that aren't; default 50 after 5. */
  readonly calls?: number
  readonly warmUp?: number
  /** No further call is begun after so many milliseconds of one kind, but five are made; default 5,000. */
  readonly limit?: number
  /** Processor threads; default 1. */
  readonly threads?: number
  /** Milliseconds from any start. */
  readonly clock?: () => number
}

const fewestCalls = 5

/**
 * Size and latency of a model's file as it would be deployed: all of its outputs, in ONNX Runtime, without the
 * preprocessing that stands outside of it. `x`: rows as the file takes them; their values hardly matter, their number
 * does. A file made for a fixed number of rows is timed at that number only. Throws DATA_SHAPE_MISMATCH where there are
 * too few rows.
 */
export const footprint = async (
  classifier: Classifier,
  x: Float32Array | BigInt64Array,
  options: FootprintOptions = {},
): Promise<Footprint> => {
  const { input, source, size } = classifier
  const { batch = 64, threads } = options
  const fixed = source.graph.inputs.find(({ name }) => name === input.name)?.dims?.[0]
  const available = Math.floor(x.length / size)
  const rows = typeof fixed === 'number' ? fixed : Math.min(batch, available)
  if (available < 1 || rows > available || rows < 1)
    throw new BartizanError('DATA_SHAPE_MISMATCH', `${available} rows are too few to time a call of ${rows || 1}`, {
      hint: 'each call takes whole rows of the shape that the model wants',
      data: { available, rows },
    })
  const session = await createSession(source, { threads })
  const callOf = (count: number) => () => {
    const data = x.subarray(0, count * size)
    const dtype = data instanceof Float32Array ? 'float32' : 'int64'
    return session.run({ [input.name]: { dtype, dims: [count, ...input.dims], data } })
  }
  try {
    const single = fixed === undefined || typeof fixed === 'string' ? await latency(callOf(1), 1, options) : undefined
    return {
      size: sizeOfModel(source),
      timing: { ...(single && { single }), batch: await latency(callOf(rows), rows, options) },
    }
  } finally {
    await session.release()
  }
}

/** Bytes and parameters of a model. */
export const sizeOfModel = (model: Model): ModelSize => {
  const constants = model.graph.nodes.flatMap(({ op, attributes }): readonly Tensor[] =>
    op === 'Constant' && attributes.value?.type === 'tensor' ? [attributes.value.value] : [],
  )
  return {
    bytes: writeModel(model).byteLength,
    parameters: [...model.graph.initializers.values(), ...constants].reduce((sum, { dims }) => sum + sizeOf(dims), 0),
  }
}

const latency = async (
  call: () => Promise<unknown>,
  rows: number,
  { calls = 50, warmUp = 5, limit = 5000, clock = () => performance.now() }: FootprintOptions,
): Promise<Latency> => {
  for (let i = 0; i < warmUp; i++) await call()
  const start = clock()
  const durations: number[] = []
  let at = start
  while (durations.length < calls && (durations.length < fewestCalls || at - start < limit)) {
    const before = clock()
    await call()
    at = clock()
    durations.push(at - before)
  }
  return { rows, median: median(durations), p95: quantile(durations, 0.95), calls: durations.length }
}
