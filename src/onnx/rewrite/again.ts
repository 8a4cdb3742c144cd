import { nodesBetween } from '../autodiff/gradient.ts'
import type { GraphBuilder, Value } from '../builder.ts'
import type { Graph } from '../types.ts'

/** The nodes of `graph` between two values once more, at another point: what `to` would be if `from` were `point`. */
export const again = (
  g: GraphBuilder,
  graph: Graph,
  { from, to }: { readonly from: Value; readonly to: Value },
  point: Value,
): Value => {
  const copies = new Map([[from.name, point]])
  for (const node of nodesBetween(graph, new Set([from.name]), to.name)) {
    const inputs = node.inputs.map((name) => (name ? (copies.get(name) ?? g.value(name)) : undefined))
    const outputs = g.ops(node.op, inputs, node.attributes, { domain: node.domain, outputs: node.outputs.length })
    for (const [i, name] of node.outputs.entries()) copies.set(name, outputs[i]!)
  }
  return copies.get(to.name)!
}
