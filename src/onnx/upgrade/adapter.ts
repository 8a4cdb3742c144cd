import type { AttributeReader } from '../attributes.ts'
import type { Known } from '../shapes/rule.ts'
import type { Node, Tensor } from '../types.ts'

/** What an adapter may ask and add while it rewrites one node. */
export interface AdapterContext {
  readonly attributes: AttributeReader
  /** What is known of an input of the node. */
  type(name: string): Known
  /** Whether anything reads an output of the node. */
  isUsed(name: string): boolean
  /** A name for a value that the rewriting adds. */
  name(stem: string): string
  /** Adds a constant beside the node and gives its name. */
  constant(stem: string, value: Tensor): string
}

/** Rewrites nodes of operator sets below `until` in the form that holds from `until` on. */
export interface Adapter {
  readonly op: string | readonly string[]
  readonly until: number
  adapt(node: Node, context: AdapterContext): readonly Node[]
}

export const defineAdapter = (adapter: Adapter): Adapter => adapter

/** The node with an input at a position, those before it left out where they are missing. */
export const withInput = (node: Node, index: number, name: string): Node => {
  const inputs = Array.from({ length: Math.max(node.inputs.length, index + 1) }, (_, i) => node.inputs[i] ?? '')
  inputs[index] = name
  return { ...node, inputs }
}

export const withoutAttributes = (node: Node, ...names: readonly string[]): Node => ({
  ...node,
  attributes: Object.fromEntries(Object.entries(node.attributes).filter(([name]) => !names.includes(name))),
})

/** A node of ai.onnx that an adapter adds. */
export const madeNode = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Node['attributes'] = {},
): Node => ({ name: `${output}/${op}`, op, domain: '', inputs, outputs: [output], attributes })
