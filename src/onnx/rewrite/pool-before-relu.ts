import type { Graph, Node } from '../types.ts'

/**
 * MaxPool(Relu(x)) as Relu(MaxPool(x)): the same values, since both are increasing, with the activation and its mask
 * in the gradient on a fraction of the elements.
 */
export const poolBeforeRelu = (graph: Graph): Graph => {
  const consumers = new Map<string, number>()
  for (const { inputs } of graph.nodes) for (const name of inputs) consumers.set(name, (consumers.get(name) ?? 0) + 1)
  for (const { name } of graph.outputs) consumers.set(name, (consumers.get(name) ?? 0) + 1)
  const relus = new Map<string, Node>()
  for (const node of graph.nodes)
    if (node.op === 'Relu' && node.domain === '' && consumers.get(node.outputs[0]!) === 1)
      relus.set(node.outputs[0]!, node)
  const swapped = new Set<Node>()
  const nodes = graph.nodes.flatMap((node): readonly Node[] => {
    const relu =
      node.op === 'MaxPool' && node.domain === '' && node.outputs.length === 1 ? relus.get(node.inputs[0]!) : undefined
    if (!relu) return [node]
    swapped.add(relu)
    const between = `${relu.outputs[0]}/pooled`
    return [
      { ...node, inputs: relu.inputs, outputs: [between] },
      { ...relu, inputs: [between], outputs: node.outputs },
    ]
  })
  return { ...graph, nodes: nodes.filter((node) => !swapped.has(node)) }
}
