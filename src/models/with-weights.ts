import { BartizanError } from '../base/errors.ts'
import { sizeOf, tensor } from '../onnx/tensor.ts'
import type { Attributes, Model, Node, Tensor } from '../onnx/types.ts'

/**
 * The model file with other values in its weights: everything else, names, metadata and operators, stays as it was
 * read. Weights are float32 initializers or Constant nodes, by name. Throws INTERNAL for one that the file hasn't got,
 * or not as float32 values of that number: it would be lost.
 */
export const modelWithWeights = (source: Model, weights: ReadonlyMap<string, Float32Array>): Model => {
  const initializers = new Map(source.graph.initializers)
  const placed = new Set<string>()
  const replaced = (name: string, { dtype, dims }: Pick<Tensor, 'dtype' | 'dims'>, values: Float32Array): Tensor => {
    if (dtype !== 'float32' || values.length !== sizeOf(dims))
      throw new BartizanError('INTERNAL', `weight "${name}" is ${dtype} [${dims}], not ${values.length} float32 values`)
    placed.add(name)
    return tensor('float32', dims, values)
  }
  for (const [name, value] of initializers) {
    const values = weights.get(name)
    if (values) initializers.set(name, replaced(name, value, values))
  }
  const nodes = source.graph.nodes.map((node): Node => {
    const name = node.outputs[0]!
    const values = node.op === 'Constant' && node.domain === '' ? weights.get(name) : undefined
    const shape = values && shapeOf(node.attributes)
    if (!values || !shape) return node
    return { ...node, attributes: { value: { type: 'tensor', value: replaced(name, shape, values) } } }
  })
  const lost = [...weights.keys()].find((name) => !placed.has(name))
  if (lost !== undefined) throw new BartizanError('INTERNAL', `the model file has no weight "${lost}"`)
  return { ...source, graph: { ...source.graph, nodes, initializers } }
}

/** What a Constant node holds, in whichever of its forms. */
const shapeOf = ({ value, value_float, value_floats }: Attributes): Pick<Tensor, 'dtype' | 'dims'> | undefined => {
  if (value?.type === 'tensor') return value.value
  if (value_float?.type === 'float') return { dtype: 'float32', dims: [] }
  if (value_floats?.type === 'floats') return { dtype: 'float32', dims: [value_floats.value.length] }
  return undefined
}
