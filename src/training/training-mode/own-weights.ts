import type { Model, Tensor } from '../../onnx/types.ts'

/**
 * The same function with each layer's weights its own. PyTorch's exporter keeps equal weights once and hands them on by
 * Identity: in an untrained network nearly all scales and biases, which training would then hold equal for ever.
 */
export const withOwnWeights = (model: Model): Model => {
  const { graph } = model
  const initializers = new Map<string, Tensor>(graph.initializers)
  const results = new Set(graph.outputs.map(({ name }) => name))
  const nodes = graph.nodes.filter(({ op, domain, inputs: [from], outputs: [to] }) => {
    const value = op === 'Identity' && domain === '' ? initializers.get(from!) : undefined
    if (!value || results.has(to!)) return true
    initializers.set(to!, value)
    return false
  })
  return { ...model, graph: { ...graph, nodes, initializers } }
}
