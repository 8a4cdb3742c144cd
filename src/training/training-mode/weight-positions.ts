import { ruleKey } from '../../onnx/shapes/infer.ts'
import type { Node } from '../../onnx/types.ts'

/** Which inputs of an operator are learned, where they are fixed values of the file. */
const positions: Readonly<Record<string, readonly number[]>> = {
  Conv: [1, 2],
  ConvTranspose: [1, 2],
  Gemm: [0, 1, 2],
  MatMul: [0, 1],
  Einsum: [0, 1, 2],
  // Embeddings: rows of a table by index.
  Gather: [0],
  PRelu: [1],
  // Not the running mean and variance.
  BatchNormalization: [1, 2],
  InstanceNormalization: [1, 2],
  GroupNormalization: [1, 2],
  LayerNormalization: [1, 2],
  RMSNormalization: [1],
  SimplifiedLayerNormalization: [1],
  'com.microsoft:SkipLayerNormalization': [2, 3, 4],
  'com.microsoft:BiasGelu': [1],
  'com.microsoft:FastGelu': [1],
  // Kernels and biases; of an LSTM also the peepholes. Not the first hidden state.
  RNN: [1, 2, 3],
  GRU: [1, 2, 3],
  LSTM: [1, 2, 3, 7],
}

export const weightPositions = (node: Node): readonly number[] => positions[ruleKey(node)] ?? []

const movers = new Set([
  'Identity',
  'Transpose',
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Cast',
  'Expand',
  'Tile',
])
const pickers = new Set(['Slice', 'Split', 'Gather'])

/** The inputs whose values are the node's, moved or picked but not computed with; none for other operators. */
export const movedInputs = ({ op, domain, inputs }: Node): readonly string[] => {
  if (domain !== '') return []
  if (op === 'Concat') return inputs
  return movers.has(op) || pickers.has(op) ? inputs.slice(0, 1) : []
}
