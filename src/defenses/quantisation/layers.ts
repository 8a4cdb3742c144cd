import { attributesOf } from '../../onnx/attributes.ts'
import type { Graph, Node, Tensor } from '../../onnx/types.ts'

/** A layer whose weights and input can be held in 8 bits. */
export interface Layer {
  readonly node: Node
  /** Name of what it multiplies by its weights. */
  readonly input: string
  readonly weight: string
  /** The axis of the weights along which outputs lie: each entry gets a scale of its own. */
  readonly axis: number
  /** Name of a bias with one entry an output. */
  readonly bias: string | undefined
}

/** A layer that stays in floats. */
export interface LeftLayer {
  readonly node: string
  readonly op: string
  readonly reason: string
}

/** Values that never change: initializers and Constant nodes. */
export const constantsOf = (graph: Graph): ReadonlyMap<string, Tensor> => {
  const constants = new Map(graph.initializers)
  for (const { op, domain, outputs, attributes } of graph.nodes)
    if (op === 'Constant' && domain === '' && attributes.value?.type === 'tensor')
      constants.set(outputs[0]!, attributes.value.value)
  return constants
}

const multiplying: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul', 'LSTM', 'GRU', 'RNN'])

/** Convolutions and matrix products with constant float32 weights; the rest of what multiplies, with the reason. */
export const layersOf = (
  graph: Graph,
  constants: ReadonlyMap<string, Tensor>,
): { readonly layers: readonly Layer[]; readonly left: readonly LeftLayer[] } => {
  const layers: Layer[] = []
  const left: LeftLayer[] = []
  for (const node of graph.nodes) {
    if (node.domain !== '' || !multiplying.has(node.op)) continue
    const layer = layerOf(node, constants)
    if (typeof layer === 'string') left.push({ node: node.name, op: node.op, reason: layer })
    else layers.push(layer)
  }
  return { layers, left }
}

/** The layer, or why it is none. */
const layerOf = (node: Node, constants: ReadonlyMap<string, Tensor>): Layer | string => {
  const [input, weight, bias] = node.inputs
  const axis = outputAxis(node)
  if (axis === undefined) return `${node.op} isn't quantised`
  const weights = constants.get(weight!)
  if (!weights) return 'its second factor is no constant'
  if (constants.has(input!)) return 'both factors are constant'
  if (weights.dtype !== 'float32') return `its weights are ${weights.dtype}`
  if (node.op !== 'Conv' && weights.dims.length !== 2) return `its weights have ${weights.dims.length} axes`
  const biases = bias === undefined ? undefined : constants.get(bias)
  const isPlain = biases?.dtype === 'float32' && biases.dims.length === 1 && biases.dims[0] === weights.dims[axis]
  return { node, input: input!, weight: weight!, axis, bias: isPlain ? bias : undefined }
}

const outputAxis = (node: Node): number | undefined => {
  if (node.op === 'Conv') return 0
  if (node.op === 'MatMul') return 1
  if (node.op === 'Gemm') return attributesOf(node).int('transB', 0) === 1 ? 0 : 1
  return undefined
}
