import type { Attribute, Attributes, Graph, Node } from '../types.ts'

/** What the names and attribute references of a function's body stand for in one call. */
export interface Substitution {
  /** Grows as the body defines values. */
  readonly names: Map<string, string>
  readonly attributes: Attributes
  rename(name: string): string
  renameNode(name: string): string
}

/** A node of a function's body as it reads in the call. */
export const inSubstitution = (node: Node, substitution: Substitution): Node => {
  const { names, renameNode } = substitution
  return {
    ...node,
    name: node.name && renameNode(node.name),
    inputs: node.inputs.map((name) => defined(name, substitution)),
    attributes: Object.fromEntries(
      Object.entries(node.attributes).flatMap(([name, attribute]) => {
        const value = attributeIn(attribute, substitution)
        return value ? [[name, value]] : []
      }),
    ),
    outputs: node.outputs.map((name) => {
      const known = names.get(name)
      if (known !== undefined) return known
      return define(name, substitution)
    }),
  }
}

const define = (name: string, { names, rename }: Substitution): string => {
  const renamed = rename(name)
  names.set(name, renamed)
  return renamed
}

/** A name that the body reads before anything defines it gets a name nobody has: the runtime says what is wrong. */
const defined = (name: string, substitution: Substitution): string =>
  substitution.names.get(name) ?? define(name, substitution)

/** A reference to an attribute that the call leaves out, and that has no default, is left out too. */
const attributeIn = (attribute: Attribute, substitution: Substitution): Attribute | undefined => {
  if (attribute.type === 'reference') return substitution.attributes[attribute.value]
  if (attribute.type === 'graph') return { type: 'graph', value: graphIn(attribute.value, substitution) }
  return attribute
}

/** A nested graph sees the names around it; its own are new ones. */
const graphIn = (graph: Graph, outer: Substitution): Graph => {
  const inner: Substitution = { ...outer, names: new Map(outer.names) }
  for (const name of [...graph.inputs.map(({ name }) => name), ...graph.initializers.keys()]) define(name, inner)
  for (const node of graph.nodes) for (const name of node.outputs) if (name) define(name, inner)
  const renamed = (name: string) => inner.names.get(name) ?? name
  return {
    name: graph.name,
    inputs: graph.inputs.map((input) => ({ ...input, name: renamed(input.name) })),
    initializers: new Map([...graph.initializers].map(([name, value]) => [renamed(name), value])),
    nodes: graph.nodes.map((node) => inSubstitution(node, inner)),
    outputs: graph.outputs.map((output) => ({ ...output, name: renamed(output.name) })),
  }
}
