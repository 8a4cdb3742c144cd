import type { Graph, Node } from '../../onnx/types.ts'
import { mapNested } from '../../onnx/upgrade/names.ts'

/** Nodes that read `to` wherever they read `from`, in the graphs inside them too. */
export const rewired = (nodes: readonly Node[], from: string, to: string): readonly Node[] =>
  nodes.map((node) =>
    mapNested({ ...node, inputs: node.inputs.map((name) => (name === from ? to : name)) }, (graph) =>
      inside(graph, from, to),
    ),
  )

const inside = (graph: Graph, from: string, to: string): Graph => ({
  ...graph,
  nodes: rewired(graph.nodes, from, to),
  outputs: graph.outputs.map((output) => (output.name === from ? { ...output, name: to } : output)),
})
