import { readFile } from 'node:fs/promises'
import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError, isBartizanError } from '../../base/errors.ts'
import type { OutputKind, TensorInfo } from '../../contract/index.ts'
import { type Classifier, openClassifier } from '../../models/classifier.ts'
import { externalFrom } from '../../onnx/external.ts'
import { normalise } from '../../onnx/normalise.ts'
import { readModel } from '../../onnx/read.ts'
import { sizeOf } from '../../onnx/tensor.ts'
import type { Graph, Model, ValueInfo } from '../../onnx/types.ts'
import { type Differentiability, differentiabilityOf, type Ends, type OperatorUse, operatorsOf } from './operators.ts'

/** What `bartizan inspect --json` gives. Names and metadata come from the file and aren't trusted. */
export interface Inspection {
  readonly path: string
  readonly sha256: string
  readonly bytes: number
  readonly irVersion: number
  readonly opset: Readonly<Record<string, number>>
  readonly producer: string
  readonly domain: string
  readonly modelVersion: number
  readonly description: string
  readonly metadata: Readonly<Record<string, string>>
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
  /** Numbers stored in the file, and in how many arrays. */
  readonly parameters: number
  readonly arrays: number
  readonly operators: readonly OperatorUse[]
  /** Names of the functions that the file defines for itself. */
  readonly functions: readonly string[]
  /** Undefined where it is no classifier that can be attacked; `notClassifier` says why. */
  readonly classifier?: {
    readonly classes: number
    readonly rowShape: readonly number[]
    readonly output: string
    readonly outputKind: OutputKind
    readonly because: string
  }
  readonly notClassifier?: string
  readonly differentiable: Differentiability
  /** Whether ONNX Runtime loads it; undefined where that wasn't tried. */
  readonly runs?: { readonly ok: boolean; readonly reason?: string }
}

/**
 * Everything that a file says of a model, and what follows for attacks on it. A model that is no classifier is described
 * as far as it goes. Throws MODEL_CORRUPT, MODEL_FORMAT_UNSUPPORTED and what else keeps a file from being read.
 */
export const inspectModel = async (path: string, shape: readonly number[] | undefined): Promise<Inspection> => {
  const opened = await openClassifier(path, { shape }).catch((error: unknown) => {
    if (isBartizanError(error) && tolerated.has(error.code)) return error
    throw error
  })
  const bytes = await readFile(path)
  if (opened instanceof BartizanError) {
    const source = readModel(bytes, { external: externalFrom(path) })
    return { ...described(path, bytes, source, undefined), notClassifier: reasonOf(opened) }
  }
  try {
    return { ...described(path, bytes, opened.source, opened), runs: await runsOf(opened) }
  } finally {
    await opened.release()
  }
}

/** What a readable model may fail with that is no classifier, or none that is understood. */
const tolerated: ReadonlySet<string> = new Set(['MODEL_UNSUPPORTED', 'GRAPH_INVALID', 'GRAPH_OP_UNSUPPORTED'])

const reasonOf = ({ message, hint }: BartizanError): string => (hint ? `${message} (${hint})` : message)

const described = (path: string, bytes: Uint8Array, source: Model, model: Classifier | undefined): Inspection => {
  const { graph } = source
  const normal = model?.model.graph ?? normalisedGraph(source)
  const ends = endsOf(normal, model)
  const differentiable: Differentiability = ends
    ? differentiabilityOf(normal, ends)
    : { ok: false, reason: 'it has no single float input and output' }
  return {
    path,
    sha256: sha256(bytes),
    bytes: bytes.length,
    irVersion: source.irVersion,
    opset: Object.fromEntries(Object.entries(source.opsets).map(([domain, version]) => [domain || 'ai.onnx', version])),
    producer: `${source.producerName} ${source.producerVersion}`.trim(),
    domain: source.domain,
    modelVersion: source.modelVersion,
    description: source.docString,
    metadata: source.metadata,
    inputs: graph.inputs.filter(({ name }) => !graph.initializers.has(name)).map(tensorInfo),
    outputs: graph.outputs.map(tensorInfo),
    parameters: [...graph.initializers.values()].reduce((sum, { dims }) => sum + sizeOf(dims), 0),
    arrays: graph.initializers.size,
    operators: operatorsOf(source, normal, ends, differentiable),
    functions: source.functions.map(({ domain, name }) => `${domain}:${name}`),
    ...(model && {
      classifier: {
        classes: model.classes,
        rowShape: model.input.dims,
        output: model.output.name,
        outputKind: model.output.kind,
        because: model.output.because,
      },
    }),
    differentiable,
  }
}

/** Where it can't be normalised, its own graph: enough to count operators. */
const normalisedGraph = (source: Model): Graph => {
  try {
    return normalise(source).graph
  } catch (error) {
    if (isBartizanError(error)) return source.graph
    throw error
  }
}

/** From which value to which a gradient would have to go: before a final softmax, where attacks start. */
const endsOf = (graph: Graph, model: Classifier | undefined): Ends | undefined => {
  if (model) return { input: model.input.name, output: model.output.tap ?? model.output.name }
  const [input, ...more] = graph.inputs.filter(({ name }) => !graph.initializers.has(name))
  const output = graph.outputs.find(({ dtype }) => dtype.includes('float'))
  return input && output && more.length === 0 ? { input: input.name, output: output.name } : undefined
}

const tensorInfo = ({ name, dtype, dims }: ValueInfo): TensorInfo => ({
  name,
  type: dtype,
  // The reader calls a size that the file leaves open "?axis".
  shape: (dims ?? []).map((dim) => (typeof dim === 'string' && dim.startsWith('?') ? null : dim)),
})

const runsOf = async (model: Classifier): Promise<Inspection['runs']> => {
  try {
    await model.program({ key: 'logits', inputs: {}, build: ({ logits }) => ({ logits }) })
    return { ok: true }
  } catch (error) {
    if (isBartizanError(error)) return { ok: false, reason: error.message }
    throw error
  }
}
