import './no-telemetry.ts'
import * as ort from 'onnxruntime-node'
import { BartizanError } from '../base/errors.ts'
import { sizeOf } from './tensor.ts'
import type { Graph, Model, TensorData } from './types.ts'
import { writeModel } from './write.ts'

/** A tensor on its way into or out of a session. Values of a run may be reused by the caller. */
export interface Feed {
  readonly dtype: 'float32' | 'float64' | 'int64' | 'int32' | 'bool' | 'uint8'
  readonly dims: readonly number[]
  readonly data: TensorData
}
export type Feeds = Readonly<Record<string, Feed>>

export interface SessionOptions {
  /** Threads an operator may use; default 1, since the machine's other cores run other work. */
  readonly threads?: number
  /** Prefix of a profile that ONNX Runtime writes. */
  readonly profile?: string
}

/** A graph that is ready to run. */
export interface Session {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** `into`: arrays that take outputs, by name; new ones for every run cost more than many a graph does. */
  run(feeds: Feeds, into?: Feeds): Promise<Record<string, Feed>>
  release(): Promise<void>
}

/** Compiles a model, or its bytes as they are. Throws MODEL_UNSUPPORTED with ONNX Runtime's reason. */
export const createSession = async (source: Model | Uint8Array, options: SessionOptions = {}): Promise<Session> => {
  const bytes = source instanceof Uint8Array ? source : writeModel(source)
  const session = await createOrt(bytes, options)
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds, into = {}) {
      const results = await runOrt(session, ortTensors(feeds), ortTensors(into))
      return Object.fromEntries(session.outputNames.map((name) => [name, into[name] ?? fromOrt(results[name]!)]))
    },
    release: () => session.release(),
  }
}

/** A model around a graph in the builder's operator set. */
export const modelOf = (graph: Graph, like?: Model): Model => ({
  irVersion: 10,
  opsets: { '': 21 },
  producerName: 'bartizan',
  producerVersion: '',
  domain: '',
  modelVersion: 0,
  docString: '',
  metadata: {},
  functions: [],
  ...like,
  graph,
})

const createOrt = async (
  bytes: Uint8Array,
  { threads = 1, profile }: SessionOptions,
): Promise<ort.InferenceSession> => {
  try {
    return await ort.InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 4,
      // Threads that spin while they wait take the cores from whoever else runs: three times slower on a busy machine.
      extra: { 'session.intra_op.allow_spinning': '0' },
      ...(profile && { enableProfiling: true, profileFilePrefix: profile }),
    })
  } catch (cause) {
    throw new BartizanError('MODEL_UNSUPPORTED', `ONNX Runtime can't load the model: ${(cause as Error).message}`, {
      cause,
    })
  }
}

const runOrt = async (
  session: ort.InferenceSession,
  feeds: Record<string, ort.Tensor>,
  into: Record<string, ort.Tensor>,
): Promise<ort.InferenceSession.ReturnType> => {
  try {
    return await session.run(feeds, Object.fromEntries(session.outputNames.map((name) => [name, into[name] ?? null])))
  } catch (cause) {
    throw new BartizanError('MODEL_UNSUPPORTED', `ONNX Runtime can't run the model: ${(cause as Error).message}`, {
      cause,
    })
  }
}

const ortTensors = (feeds: Feeds): Record<string, ort.Tensor> =>
  Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, ortTensor(name, feed)]))

const ortTensor = (name: string, { dtype, dims, data }: Feed): ort.Tensor => {
  if (data.length !== sizeOf(dims))
    throw new BartizanError('DATA_SHAPE_MISMATCH', `input "${name}" has ${data.length} values for shape [${dims}]`)
  return new ort.Tensor(dtype, data as Float32Array, dims)
}

const fromOrt = (tensor: ort.Tensor): Feed => ({
  dtype: tensor.type as Feed['dtype'],
  dims: tensor.dims,
  data: tensor.data as TensorData,
})
