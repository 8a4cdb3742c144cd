import { attributesOf } from '../../onnx/attributes.ts'
import { tensor } from '../../onnx/tensor.ts'
import type { Graph, Node } from '../../onnx/types.ts'
import { unusedNames, valueNames } from '../../onnx/upgrade/names.ts'

/**
 * Flatten of all but the first axis, where it makes one of `results`, as Reshape: ONNX Runtime looks for quantised
 * layers through Reshape but not through Flatten, and runs what is in front of one in floats (on a small convolutional
 * net that was half the speed).
 */
export const flattenAsReshape = (graph: Graph, results: ReadonlySet<string>): Graph => {
  const isFlattening = (node: Node): boolean =>
    node.op === 'Flatten' &&
    node.domain === '' &&
    attributesOf(node).int('axis', 1) === 1 &&
    results.has(node.outputs[0]!)
  if (!graph.nodes.some(isFlattening)) return graph
  const shape = unusedNames(valueNames(graph))('rows-by-rest')
  return {
    ...graph,
    initializers: new Map([...graph.initializers, [shape, tensor('int64', [2], [0, -1])]]),
    nodes: graph.nodes.map((node) =>
      isFlattening(node) ? { ...node, op: 'Reshape', inputs: [node.inputs[0]!, shape], attributes: {} } : node,
    ),
  }
}
