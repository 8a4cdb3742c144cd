import { attributesOf } from '../../onnx/attributes.ts'
import { ruleKey } from '../../onnx/shapes/infer.ts'
import { sizeOf } from '../../onnx/tensor.ts'
import type { Graph, Node } from '../../onnx/types.ts'
import { movedInputs } from '../../training/training-mode/weight-positions.ts'

/** Values of a weight before any training. */
export type WeightStart =
  /** Uniform within ±1/√fanIn. */
  | { readonly kind: 'uniform'; readonly fanIn: number }
  /** Standard normal. */
  | { readonly kind: 'normal' }
  | { readonly kind: 'filled'; readonly value: number }

/** The start of the weight at an input of an operator. `dims` gives the sizes of an input, as the operator reads it. */
type Rule = (position: number, dims: (position: number) => readonly number[], node: Node) => WeightStart | undefined

const uniform = (fanIn: number): WeightStart => ({ kind: 'uniform', fanIn })
/** Fixed values by position. */
const filled =
  (values: Readonly<Record<number, number>>): Rule =>
  (position) => {
    const value = values[position]
    return value === undefined ? undefined : { kind: 'filled', value }
  }

const convolution: Rule = (_, dims) => uniform(sizeOf(dims(1).slice(1)))
const recurrent: Rule = (_, dims) => uniform(dims(2).at(-1)!)
const normalisation = filled({ 1: 1, 2: 0 })

/** What torch's modules start with; biases that are added are seen to below. */
const rules: Readonly<Record<string, Rule>> = {
  Conv: convolution,
  ConvTranspose: convolution,
  Gemm: (position, dims, node) => {
    const { int } = attributesOf(node)
    const ofFirst = int('transA', 0) === 1 ? 0 : 1
    const ofSecond = int('transB', 0) === 1 ? 1 : 0
    return uniform(position === 0 ? dims(0)[ofFirst]! : dims(1)[ofSecond]!)
  },
  MatMul: (position, dims) => uniform(position === 0 ? dims(0).at(-1)! : (dims(1).at(-2) ?? dims(1)[0]!)),
  // Embeddings: rows of a table by index.
  Gather: () => ({ kind: 'normal' }),
  PRelu: filled({ 1: 0.25 }),
  BatchNormalization: filled({ 1: 1, 2: 0, 3: 0, 4: 1 }),
  InstanceNormalization: normalisation,
  GroupNormalization: normalisation,
  LayerNormalization: normalisation,
  RMSNormalization: normalisation,
  SimplifiedLayerNormalization: normalisation,
  'com.microsoft:SkipLayerNormalization': filled({ 2: 1, 3: 0, 4: 0 }),
  // A scale beside a learned value.
  Mul: filled({ 0: 1, 1: 1 }),
  RNN: recurrent,
  GRU: recurrent,
  LSTM: recurrent,
}
/** Operators that add a bias. After a product with a weight it starts as that weight does, and at 0 after all else. */
const adding = new Set(['Add', 'com.microsoft:BiasGelu', 'com.microsoft:FastGelu'])

export interface StartsRequest {
  readonly graph: Pick<Graph, 'nodes'>
  /** Name of the model's input. */
  readonly input: string
  /** Initializers that are weights or running statistics. */
  readonly names: readonly string[]
  /** Sizes of a value of the graph. */
  dimsOf(name: string): readonly number[]
}

/**
 * How each of the named initializers starts, by the first node that reads it beside what depends on the input, directly
 * or after being moved (Transpose, Reshape, Concat, …). Names that no node reads in a known way are left out.
 */
export const weightStarts = ({ graph, input, names, dimsOf }: StartsRequest): ReadonlyMap<string, WeightStart> => {
  const origins = new Map<string, readonly string[]>(names.map((name) => [name, [name]]))
  const dependent = new Set([input])
  const products = new Map<string, WeightStart>()
  const starts = new Map<string, WeightStart>()
  for (const node of graph.nodes) {
    if (!node.inputs.some((name) => dependent.has(name))) {
      const from = movedInputs(node).flatMap((name) => origins.get(name) ?? [])
      if (from.length > 0) for (const output of node.outputs) origins.set(output, from)
      continue
    }
    for (const output of node.outputs) dependent.add(output)
    const key = ruleKey(node)
    const added = node.inputs.map((name) => products.get(name)).find((start) => start !== undefined)
    for (const [position, name] of node.inputs.entries()) {
      const read = origins.get(name)
      if (!read) continue
      const start = adding.has(key)
        ? (added ?? { kind: 'filled', value: 0 })
        : rules[key]?.(position, (of) => dimsOf(node.inputs[of]!), node)
      if (!start) continue
      for (const origin of read) if (!starts.has(origin)) starts.set(origin, start)
      if (node.op === 'MatMul') products.set(node.outputs[0]!, start)
    }
  }
  return starts
}
