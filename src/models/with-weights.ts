import { tensor } from '../onnx/tensor.ts'
import type { Model, Node } from '../onnx/types.ts'

/**
 * The model file with other values in its weights: everything else, names, metadata and operators, stays as it was
 * read. Weights are float32 initializers or Constant nodes, by name.
 */
export const modelWithWeights = (source: Model, weights: ReadonlyMap<string, Float32Array>): Model => {
  const initializers = new Map(source.graph.initializers)
  for (const [name, { dims }] of initializers) {
    const values = weights.get(name)
    if (values) initializers.set(name, tensor('float32', dims, values))
  }
  const nodes = source.graph.nodes.map((node): Node => {
    const values = node.op === 'Constant' ? weights.get(node.outputs[0]!) : undefined
    const { value } = node.attributes
    if (!values || value?.type !== 'tensor') return node
    const replaced = { type: 'tensor', value: tensor('float32', value.value.dims, values) } as const
    return { ...node, attributes: { ...node.attributes, value: replaced } }
  })
  return { ...source, graph: { ...source.graph, nodes, initializers } }
}
