import { sizeOf } from '../../onnx/tensor.ts'
import type { Graph, Model, Node, Tensor } from '../../onnx/types.ts'
import { movedInputs, weightPositions } from './weight-positions.ts'

/** A fixed float32 value of the file that a layer learned, or may have. */
interface Candidate {
  readonly value: Tensor
  /** Initializers are weights unless something speaks against it; Constant nodes only where layers read them. */
  readonly from: 'initializer' | 'constant'
}

/**
 * The names of the weights of a network, in the order in which they are first used. A weight is a float32 initializer of
 * the file, or a Constant node of its graph, that is read, perhaps after being moved (Transpose, Reshape, Concat, …),
 * - where a layer has its weights: Conv, Gemm, MatMul, normalisations, LSTM, embeddings (`weight-positions.ts`);
 * - or as an initializer by Add or Mul beside a value that such a layer had a part in: a bias, a scale, an embedding of
 *   positions. What stands before the first layer is preprocessing; a single number is an epsilon or a constant, but for
 *   a bias after MatMul; and what holds -10,000 or less is a mask.
 * Running means and variances, bounds and shapes are none. A fixed table of positions (sines) looks like a learned one.
 */
export const weightsOf = (graph: Graph, source: Model, input: string): readonly string[] => {
  const candidates = candidatesOf(graph, source)
  const origins = new Map<string, readonly string[]>([...candidates.keys()].map((name) => [name, [name]]))
  const dependent = new Set([input])
  const learned = new Map<string, Node>()
  const weights = new Set<string>()
  for (const node of graph.nodes) {
    const reads = node.inputs.some((name) => dependent.has(name))
    if (!reads) {
      const moved = movedInputs(node)
      if (moved.length > 0 && moved.every((name) => origins.has(name)))
        for (const output of node.outputs)
          origins.set(
            output,
            moved.flatMap((name) => origins.get(name)!),
          )
      continue
    }
    const found = [
      ...weightPositions(node).flatMap((i) => origins.get(node.inputs[i] ?? '') ?? []),
      ...besideLearned(node, origins, learned).filter((name) => isLearned(candidates.get(name)!, node, learned)),
    ]
    for (const name of found) weights.add(name)
    const follows = found.length > 0 || node.inputs.some((name) => learned.has(name))
    for (const output of node.outputs) {
      dependent.add(output)
      if (follows) learned.set(output, node)
    }
  }
  return [...weights]
}

const candidatesOf = (graph: Graph, source: Model): ReadonlyMap<string, Candidate> => {
  const constants = new Set(source.graph.nodes.filter(({ op }) => op === 'Constant').flatMap(({ outputs }) => outputs))
  const candidates = new Map<string, Candidate>()
  for (const [name, value] of graph.initializers) {
    if (value.dtype !== 'float32') continue
    if (source.graph.initializers.has(name)) candidates.set(name, { value, from: 'initializer' })
    else if (constants.has(name)) candidates.set(name, { value, from: 'constant' })
  }
  return candidates
}

/** What is fixed of the operands of an Add or a Mul whose other operand is learned. */
const besideLearned = (
  { op, domain, inputs }: Node,
  origins: ReadonlyMap<string, readonly string[]>,
  learned: ReadonlyMap<string, Node>,
): readonly string[] => {
  if (domain !== '' || (op !== 'Add' && op !== 'Mul') || !inputs.some((name) => learned.has(name))) return []
  return inputs.flatMap((name) => origins.get(name) ?? [])
}

const isLearned = ({ value, from }: Candidate, node: Node, learned: ReadonlyMap<string, Node>): boolean => {
  const afterProduct = node.op === 'Add' && node.inputs.some((name) => learned.get(name)?.op === 'MatMul')
  if (from === 'constant' && !afterProduct) return false
  const single = sizeOf(value.dims) === 1
  if (single && !(afterProduct && value.dims.length > 0)) return false
  return !(value.data as Float32Array).some((number) => number <= -10_000)
}
