import { sha256 } from '../base/canonical-json.ts'
import { BartizanError, isBartizanError } from '../base/errors.ts'
import { addGradient } from '../onnx/autodiff/gradient.ts'
import { externalFrom } from '../onnx/external.ts'
import { normalise } from '../onnx/normalise.ts'
import { readModel } from '../onnx/read.ts'
import { poolBeforeRelu } from '../onnx/rewrite/pool-before-relu.ts'
import { sizeOf } from '../onnx/tensor.ts'
import type { Graph, Model, Tensor } from '../onnx/types.ts'
import type { AttackedModel } from './attacked-model.ts'
import { refuseHugeValues } from './bounds.ts'
import { type CompiledProgram, openProgram, type ProgramPlan, planProgram } from './compile.ts'
import { drawsAtRandom } from './draws-at-random.ts'
import { type Head, modelHead, type Preprocessing } from './head.ts'
import { readModelFile } from './model-file.ts'
import { type FoundOutput, findOutput, type OutputTask } from './outputs.ts'
import type { ProgramSpec } from './program.ts'
import { straightThroughFront } from './straight-through-front.ts'
import { refuseBrokenTrees, treesOf } from './trees/index.ts'

export interface ClassifierOptions {
  readonly preprocessing?: Preprocessing
  readonly output?: 'auto' | 'logits' | 'probabilities'
  /** What the model predicts; default: what its graph says, else classes. */
  readonly task?: OutputTask
  /** Sizes of one row, where the model leaves them open. */
  readonly shape?: readonly number[]
  /** Rows a run; small batches keep activations in the processor's cache. */
  readonly batch?: number
  /** Processor threads a run may use; default 1. */
  readonly threads?: number
  /** Initializers whose values are to change: nothing is derived from the values they have now. */
  readonly trainable?: readonly string[]
}

/** A classifier under test, read from an ONNX file. */
export interface Classifier extends AttackedModel {
  /** As it was read. */
  readonly source: Model
  /** The same function in the builder's operator set. */
  readonly model: Model
  readonly output: FoundOutput
  /**
   * The same network with other values for its `trainable` weights, all of them. Programs are built once for all; only
   * sessions are made anew.
   */
  withWeights(weights: ReadonlyMap<string, Tensor>): Classifier
  readonly preprocessing: Preprocessing | undefined
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
  const input = inputOf(normal.graph, options.shape)
  const model = straightThroughFront({ ...normal, graph: poolBeforeRelu(normal.graph) }, input.name)
  refuseBrokenTrees(model.graph, input.dims)
  const output = findOutput(model.graph, options.output, options.task)
  const batch = options.batch ?? batchFor(sizeOf(input.dims))
  const { preprocessing, trainable = [] } = options
  const head = (tiles?: 'strided'): Head => modelHead(model.graph, { input, output, preprocessing, trainable, tiles })
  const { logits } = head()
  const classes = logits.dims?.[1]
  if (typeof classes !== 'number')
    throw new BartizanError('MODEL_UNSUPPORTED', `the number of classes can't be read from output "${output.name}"`, {
      hint: `its shape is [${logits.dims ?? '?'}]; export the model with fixed sizes but for the batch`,
    })
  // Pooling from tiles multiplies more and takes nothing apart on the way back: it pays only where there is a gradient.
  const planFor = (spec: ProgramSpec): ProgramPlan => {
    const plan = planProgram(head(), spec, input.dims)
    return plan.cost.gradient > 0 ? planProgram(head('strided'), spec, input.dims) : plan
  }
  const plans = new Map<string, ProgramPlan>()
  const planned = (spec: ProgramSpec): ProgramPlan => {
    const plan = plans.get(spec.key) ?? planFor(spec)
    plans.set(spec.key, plan)
    return plan
  }
  const differentiable = differentiability(head('strided'))
  const random = drawsAtRandom({ model })
  const withWeights = (weights: ReadonlyMap<string, Tensor>): Classifier => {
    const programs = new Map<string, Promise<CompiledProgram>>()
    return {
      path: options.path,
      sha256: options.sha256,
      source,
      model,
      input,
      output,
      preprocessing,
      classes,
      ...(random && { random }),
      differentiable,
      size: sizeOf(input.dims),
      async program(spec) {
        const open = programs.get(spec.key)
        if (open) return open
        const opened = openProgram(model, planned(spec), { batch, threads: options.threads, weights })
        programs.set(spec.key, opened)
        return opened
      },
      withWeights,
      trees: () => treesOf({ graph: model.graph, input, output, preprocessing, size: sizeOf(input.dims) }),
      async release() {
        for (const opened of await Promise.allSettled(programs.values()))
          if (opened.status === 'fulfilled') await opened.value.release()
        programs.clear()
      },
    }
  }
  return withWeights(new Map(trainable.map((name) => [name, model.graph.initializers.get(name)!])))
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
