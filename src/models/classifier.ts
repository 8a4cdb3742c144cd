import { readFile, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { sha256 } from '../base/canonical-json.ts'
import { BartizanError, isBartizanError } from '../base/errors.ts'
import { addGradient, nodesBetween } from '../onnx/autodiff/gradient.ts'
import { type GraphBuilder, graphBuilder, type Value } from '../onnx/builder.ts'
import { externalFrom } from '../onnx/external.ts'
import { normalise } from '../onnx/normalise.ts'
import { readModel } from '../onnx/read.ts'
import { liveNodes } from '../onnx/rewrite/live-nodes.ts'
import { poolBeforeRelu } from '../onnx/rewrite/pool-before-relu.ts'
import { createSession, modelOf, type Session } from '../onnx/session.ts'
import { sizeOf } from '../onnx/tensor.ts'
import type { Graph, Model, ValueInfo } from '../onnx/types.ts'
import { asLogits, type FoundOutput, findOutput } from './outputs.ts'
import type { Program, ProgramSpec, RowData } from './program.ts'

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
  return classifierFrom(readModel(bytes, { external: externalFrom(path) }), { ...options, path, sha256: sha256(bytes) })
}

const exportHints: Readonly<Record<string, string>> = {
  '.pt': 'torch.onnx.export(model.eval(), example_input, "model.onnx", dynamic_axes={"input": {0: "batch"}})',
  '.pth': 'torch.onnx.export(model.eval(), example_input, "model.onnx", dynamic_axes={"input": {0: "batch"}})',
  '.pkl': 'for scikit-learn: skl2onnx.to_onnx(model, X[:1], options={"zipmap": False})',
  '.pickle': 'for scikit-learn: skl2onnx.to_onnx(model, X[:1], options={"zipmap": False})',
  '.joblib': 'for scikit-learn: skl2onnx.to_onnx(model, X[:1], options={"zipmap": False})',
  '.h5': 'python -m tf2onnx.convert --keras model.h5 --output model.onnx',
  '.keras': 'model.export("model.onnx", format="onnx")',
  '.pb': 'python -m tf2onnx.convert --saved-model folder --output model.onnx',
  '.safetensors': 'load the weights into the network they belong to, then torch.onnx.export(...)',
  '.tflite': 'python -m tf2onnx.convert --tflite model.tflite --output model.onnx',
}

/** ONNX files above this can't exist: protobuf stops at 2 GiB; larger weights lie beside the file. */
const largestFile = 2 ** 31

const readModelFile = async (path: string): Promise<Uint8Array> => {
  const hint = exportHints[extname(path).toLowerCase()]
  if (hint)
    throw new BartizanError(
      'MODEL_FORMAT_UNSUPPORTED',
      `${path} is not ONNX, and formats that can run code are never loaded`,
      {
        hint: `export it to ONNX: ${hint}`,
      },
    )
  try {
    const { size } = await stat(path)
    if (size > largestFile)
      throw new BartizanError('MODEL_CORRUPT', `${path} has ${size} bytes; an ONNX file has at most 2 GiB`)
    return await readFile(path)
  } catch (error) {
    if (isBartizanError(error)) throw error
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new BartizanError(
      missing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE',
      `can't read the model ${path}: ${(error as Error).message}`,
      {
        cause: error,
      },
    )
  }
}

/** A classifier from a model in memory. */
export const classifierFrom = async (
  source: Model,
  options: ClassifierOptions & { readonly path: string; readonly sha256: string },
): Promise<Classifier> => {
  const normal = normalise(source)
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

interface Head {
  readonly g: GraphBuilder
  readonly x: Value
  readonly logits: Value
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
  const g0 = graphBuilder()
  const raw = g0.input(preprocessing ? 'bz:input' : input.name, type.dtype, type.dims)
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

interface CompiledProgram extends Program {
  release(): Promise<void>
}

const compile = async (
  model: Model,
  { g, x, logits }: Head,
  spec: ProgramSpec,
  { batch, threads }: { readonly batch: number; readonly threads: number | undefined },
  dims: readonly number[],
): Promise<CompiledProgram> => {
  const cost = { forward: 1, gradient: 0 }
  const head = { ...g.build([]), nodes: [...g.build([]).nodes] }
  const inputs = new Map(
    Object.entries(spec.inputs).map(([name, { dtype, dims }]) => [
      name,
      g.input(`bz:in:${name}`, dtype, ['batch', ...dims]),
    ]),
  )
  const results = spec.build({
    g,
    x,
    logits,
    input(name) {
      const value = inputs.get(name)
      if (!value) throw new BartizanError('INTERNAL', `program ${spec.key} declares no input "${name}"`)
      return value
    },
    gradient(loss) {
      cost.gradient++
      return addGradient(g, g.build([]), { of: loss, withRespectTo: [x] })[0]!
    },
    logitsAt(point) {
      cost.forward++
      return copyOf(g, head, x.name, logits, point)
    },
  })
  for (const [name, value] of Object.entries(results)) g.output(`bz:out:${name}`, value)
  const names = Object.keys(results)
  const session = await createSession(modelOf(liveNodes(g.build(names.map((name) => `bz:out:${name}`))), model), {
    threads,
  })
  const rowDims = {
    x: dims,
    ...Object.fromEntries(Object.entries(spec.inputs).map(([name, { dims }]) => [name, dims])),
  }
  const feedNames = { x: x.name, ...Object.fromEntries([...inputs].map(([name, value]) => [name, value.name])) }
  return {
    cost,
    run: (rows, data) => runInBatches({ session, names, rowDims, feedNames, batch, rows, data }),
    release: () => session.release(),
  }
}

/** The model's nodes once more, on another input. */
const copyOf = (g: GraphBuilder, graph: Graph, input: string, logits: Value, point: Value): Value => {
  const copies = new Map([[input, point]])
  for (const node of nodesBetween(graph, new Set([input]), logits.name)) {
    const inputs = node.inputs.map((name) => (name ? (copies.get(name) ?? g.value(name)) : undefined))
    const outputs = g.ops(node.op, inputs, node.attributes, { domain: node.domain, outputs: node.outputs.length })
    for (const [i, name] of node.outputs.entries()) copies.set(name, outputs[i]!)
  }
  return copies.get(logits.name)!
}

interface BatchRun {
  readonly session: Session
  readonly names: readonly string[]
  readonly rowDims: Readonly<Record<string, readonly number[]>>
  readonly feedNames: Readonly<Record<string, string>>
  readonly batch: number
  readonly rows: number
  readonly data: RowData
}

const runInBatches = async ({ session, names, rowDims, feedNames, batch, rows, data }: BatchRun) => {
  const results: Record<string, Float32Array> = {}
  for (let from = 0; from < rows; from += batch) {
    const count = Math.min(batch, rows - from)
    const feeds = Object.fromEntries(
      Object.entries(feedNames).map(([name, feedName]) => {
        const dims = rowDims[name]!
        const size = sizeOf(dims)
        const values = data[name]
        if (!values) throw new BartizanError('INTERNAL', `a program was run without its input "${name}"`)
        const part = values.subarray(from * size, (from + count) * size)
        const dtype = part instanceof Float32Array ? 'float32' : part instanceof BigInt64Array ? 'int64' : 'bool'
        return [feedName, { dtype, dims: [count, ...dims], data: part } as const]
      }),
    )
    const outputs = await session.run(feeds)
    for (const name of names) {
      const { data: part, dims } = outputs[`bz:out:${name}`]!
      const size = sizeOf(dims.slice(1))
      results[name] ??= new Float32Array(rows * size)
      results[name].set(part instanceof Float32Array ? part : Float32Array.from(part as ArrayLike<number>), from * size)
    }
  }
  return results
}
