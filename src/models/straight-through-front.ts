import { attributesOf } from '../onnx/attributes.ts'
import { ownDomain, ownVersion, straightThrough, straightThroughs } from '../onnx/straight-through.ts'
import { dtypes, type Graph, type Model, type Node } from '../onnx/types.ts'

/** Operators with weights: what comes before the first of them only prepares the input. */
const weighted = new Set([
  ...['Conv', 'ConvTranspose', 'ConvInteger', 'QLinearConv', 'DeformConv'],
  ...['Gemm', 'MatMul', 'MatMulInteger', 'QLinearMatMul', 'Einsum', 'Gather', 'RNN', 'LSTM', 'GRU'],
])

/** Piecewise constant ones that stay near their input: their own gradient is zero. */
const rounding = new Set(['Round', 'Floor', 'Ceil', 'Sign'])

/** Those that hand integers on as they are. */
const moving = new Set(['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose', 'Slice', 'Concat'])

/**
 * The same function with a gradient where preprocessing in front of the first weights has none: rounding there (fewer
 * colours, a sign, a detour through integers) is taken for the identity on the way back (backward pass differentiable
 * approximation, Athalye et al. 2018, arXiv:1802.00420, section 4.1). Zero gradients there would hide those of the
 * network. What is rounded behind weights keeps its own gradient.
 */
export const straightThroughFront = (model: Model, input: string): Model => {
  const marked = markedNodes(frontNodes(model.graph, input))
  if (marked.size === 0) return model
  const nodes = model.graph.nodes.map((node) => marked.get(node) ?? node)
  const names = new Set([...marked.values()].map(({ op }) => op))
  const known = new Set(model.functions.filter(({ domain }) => domain === ownDomain).map(({ name }) => name))
  const added = straightThroughs.filter((name) => names.has(name) && !known.has(name))
  return {
    ...model,
    opsets: { ...model.opsets, [ownDomain]: ownVersion },
    functions: [...model.functions, ...added.map((name) => straightThrough(name, model.opsets['']!))],
    graph: { ...model.graph, nodes },
  }
}

/** Nodes that depend on the input, and on nothing behind weights. */
const frontNodes = (graph: Graph, input: string): readonly Node[] => {
  const reached = new Set([input])
  const behind = new Set<string>()
  return graph.nodes.filter((node) => {
    const fromInput = node.inputs.some((name) => reached.has(name))
    if (!fromInput) return false
    const afterWeights = weighted.has(node.op) || node.inputs.some((name) => behind.has(name))
    for (const output of node.outputs) {
      reached.add(output)
      if (afterWeights) behind.add(output)
    }
    return !afterWeights
  })
}

/** What each node becomes: rounding, and casts from integers that were floats before. */
const markedNodes = (front: readonly Node[]): ReadonlyMap<Node, Node> => {
  const marked = new Map<Node, Node>()
  const integers = new Set<string>()
  for (const node of front.filter(({ domain }) => domain === '')) {
    if (rounding.has(node.op)) marked.set(node, { ...node, domain: ownDomain })
    const to = node.op === 'Cast' ? dtypes[attributesOf(node).int('to', 0)] : undefined
    const fromIntegers = node.inputs[0] !== undefined && integers.has(node.inputs[0])
    if (to === 'float32' && fromIntegers)
      marked.set(node, { ...node, op: 'FromIntegers', domain: ownDomain, attributes: {} })
    if (to?.includes('int') || (fromIntegers && moving.has(node.op))) integers.add(node.outputs[0]!)
  }
  return marked
}
