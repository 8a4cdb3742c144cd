import { sha256 } from '../base/canonical-json.ts'
import { BartizanError, isBartizanError } from '../base/errors.ts'
import { addGradient } from '../onnx/autodiff/gradient.ts'
import { type GraphBuilder, graphBuilder, type Value } from '../onnx/builder.ts'
import { externalFrom } from '../onnx/external.ts'
import { normalise } from '../onnx/normalise.ts'
import { readModel } from '../onnx/read.ts'
import { poolBeforeRelu } from '../onnx/rewrite/pool-before-relu.ts'
import { sizeOf } from '../onnx/tensor.ts'
import type { Graph, Model, ValueInfo } from '../onnx/types.ts'
import { refuseHugeValues } from './bounds.ts'
import { type CompiledProgram, compile, type Head } from './compile.ts'
import { readModelFile } from './model-file.ts'
import { asLogits, type FoundOutput, findOutput } from './outputs.ts'
import type { Program, ProgramSpec } from './program.ts'

/** What turns the user's values into what the network was trained on: (x scale - mean) / std, per channel or feature. */
export interface Preprocessing {
  readonly scale?: number
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
}

export interface ClassifierOptions {
  readonly preprocessing?: Preprocessing
  readonly output?: 'auto' | 'logits' | 'probabilities'
  /** Sizes of one row, where the model leaves them open. */
  readonly shape?: readonly number[]
  /** Rows a run; small batches keep activations in the processor's cache. */
  readonly batch?: number
  /** Processor threads a run may use; default 1. */
  readonly threads?: number
}

/** A classifier under test. */
export interface Classifier {
  readonly path: string
  readonly sha256: string
  /** As it was read. */
  readonly source: Model
  /** The same function in the builder's operator set. */
  readonly model: Model
  readonly input: { readonly name: string; readonly dims: readonly number[]; readonly dtype: ValueInfo['dtype'] }
  readonly output: FoundOutput
  readonly classes: number
  readonly differentiable: { readonly ok: true } | { readonly ok: false; readonly reason: string }
  /** Values of one row. */
  readonly size: number
  program(spec: ProgramSpec): Promise<Program>
  release(): Promise<void>
}

/** Rows a run: enough to hide the cost of a call, few enough that activations stay in the processor's cache. */
const batchFor = (size: number): number => Math.min(1024, Math.max(64, Math.ceil(50_000 / size)))

/** Opens an ONNX file as a classifier. Pickles and other formats are refused unread, with a way to export them. */
export const openClassifier = async (path: string, options: ClassifierOptions = {}): Promise<Classifier> => {
  const bytes = await readModelFile(path)
  return classifierFrom(readNamed(path, bytes), { ...options, path, sha256: sha256(bytes) })
}

/** What is wrong with a file names the file. */
const readNamed = (path: string, bytes: Uint8Array): Model => {
  try {
    return readModel(bytes, { external: externalFrom(path) })
  } catch (error) {
    if (!isBartizanError(error)) throw error
    const { code, message, hint, data } = error
    throw new BartizanError(code, `${path}: ${message}`, { hint, data: { ...data, path }, cause: error })
  }
}

/** A classifier from a model in memory. */
export const classifierFrom = async (
  source: Model,
  options: ClassifierOptions & { readonly path: string; readonly sha256: string },
): Promise<Classifier> => {
  const normal = normalise(source)
  refuseHugeValues(normal.graph)
  const model = { ...normal, graph: poolBeforeRelu(normal.graph) }
  const input = inputOf(model.graph, options.shape)
  const output = findOutput(model.graph, options.output)
  const programs = new Map<string, Promise<CompiledProgram>>()
  const batch = options.batch ?? batchFor(sizeOf(input.dims))
  const head = (): Head => modelHead(model.graph, input, output, options.preprocessing)
  const { logits } = head()
  const classes = logits.dims?.[1]
  if (typeof classes !== 'number')
    throw new BartizanError('MODEL_UNSUPPORTED', `the number of classes can't be read from output "${output.name}"`, {
      hint: `its shape is [${logits.dims ?? '?'}]; export the model with fixed sizes but for the batch`,
    })
  const program = (spec: ProgramSpec): Promise<CompiledProgram> => {
    let compiled = programs.get(spec.key)
    compiled ??= compile(model, head(), spec, { batch, threads: options.threads }, input.dims)
    programs.set(spec.key, compiled)
    return compiled
  }
  return {
    path: options.path,
    sha256: options.sha256,
    source,
    model,
    input,
    output,
    classes,
    differentiable: differentiability(head()),
    size: sizeOf(input.dims),
    program,
    async release() {
      for (const compiled of await Promise.all(programs.values())) await compiled.release()
      programs.clear()
    },
  }
}

/** The one float input; sizes that the model leaves open come from the caller. */
const inputOf = (graph: Graph, shape: readonly number[] | undefined): Classifier['input'] => {
  const inputs = graph.inputs.filter(({ name }) => !graph.initializers.has(name))
  const [input] = inputs
  if (!input || inputs.length > 1)
    throw new BartizanError('MODEL_UNSUPPORTED', `the model has ${inputs.length} inputs; one is supported`, {
      hint: `its inputs are ${inputs.map(({ name }) => `"${name}"`).join(', ')}`,
    })
  const dims = input.dims?.slice(1) ?? shape
  const fixed = dims?.map((dim, axis) => (typeof dim === 'number' ? dim : shape?.[axis]))
  if (!fixed || fixed.some((dim) => dim === undefined))
    throw new BartizanError('MODEL_UNSUPPORTED', `input "${input.name}" has the open shape [${input.dims ?? '?'}]`, {
      hint: 'state the shape of one row, for example --shape 3,224,224',
    })
  return { name: input.name, dims: fixed as number[], dtype: input.dtype }
}

/** The model's graph under a batch axis, from the user's input to logits. */
const modelHead = (
  graph: Graph,
  input: Classifier['input'],
  output: FoundOutput,
  preprocessing: Preprocessing | undefined,
): Head => {
  const type = { dtype: input.dtype, dims: ['batch', ...input.dims] }
  const inputs = [{ name: input.name, ...type }]
  const names = valueNames(graph)
  const g0 = graphBuilder(undefined, {}, names)
  let rawName = 'bz:input'
  while (names.has(rawName)) rawName += '_'
  const raw = g0.input(preprocessing ? rawName : input.name, type.dtype, type.dims)
  const entry = preprocessing ? g0.output(input.name, preprocessed(g0, raw, preprocessing, input.dims)) : raw
  const front = g0.build()
  const joined: Graph = preprocessing
    ? {
        ...graph,
        inputs: front.inputs,
        nodes: [...front.nodes, ...graph.nodes],
        initializers: new Map([...front.initializers, ...graph.initializers]),
        outputs: [],
      }
    : { ...graph, inputs, outputs: [] }
  const g = graphBuilder(joined, { [input.name]: { dtype: entry.dtype, dims: entry.dims } })
  return { g, x: g.value(raw.name), logits: asLogits(g, output) }
}

const valueNames = (graph: Graph): ReadonlySet<string> =>
  new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.keys(),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ])

/** Per channel for images and sequences (second axis), per feature for tables. */
const preprocessed = (
  g: GraphBuilder,
  x: Value,
  { scale, mean, std }: Preprocessing,
  dims: readonly number[],
): Value => {
  const perChannel = (values: readonly number[]): Value =>
    g.constant('float32', values.length === 1 ? [] : [values.length, ...dims.slice(1).map(() => 1)], values)
  const scaled = scale === undefined ? x : g.mul(x, scale)
  const centred = mean ? g.sub(scaled, perChannel(mean)) : scaled
  return std ? g.div(centred, perChannel(std)) : centred
}

const differentiability = ({ g, x, logits }: Head): Classifier['differentiable'] => {
  if (!x.dtype.includes('float')) return { ok: false, reason: `the input is ${x.dtype}: there is no gradient for it` }
  try {
    addGradient(g, g.build([]), { of: g.reduceSum(logits, [1]), withRespectTo: [x] })
    return { ok: true }
  } catch (error) {
    if (isBartizanError(error)) return { ok: false, reason: error.message }
    throw error
  }
}
