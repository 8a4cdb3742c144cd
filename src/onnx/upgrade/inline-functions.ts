import { BartizanError } from '../../base/errors.ts'
import { isStraightThrough } from '../straight-through.ts'
import type { Attributes, Graph, LocalFunction, Model, Node } from '../types.ts'
import { type FunctionTable, functionKey, functionTable, modernised } from './functions.ts'
import { mapNested, nestedGraphs, nodeNames, unusedNames, valueNames } from './names.ts'
import { inSubstitution, type Substitution } from './substitution.ts'
import { upgradedTo, upgradeNodes } from './upgrade.ts'

/** Functions may call functions: what is small in a file may be huge when written out. */
const maxNodes = 100_000
const maxDepth = 64

interface Inlining {
  readonly functions: FunctionTable
  readonly unused: (stem: string) => string
  readonly unusedNode: (stem: string) => string
  /** The version of ai.onnx a function's nodes are in; undefined where all are of one. */
  versionOf(definition: LocalFunction): number | undefined
  /** Counts nodes as they are written out. */
  count(nodes: number): void
}

/**
 * Replaces every call of a model-local function by the function's nodes, in nested graphs too; names of inputs and
 * outputs of the graph stay. Functions that gradients pass straight through stay functions, since their nodes alone
 * wouldn't say so. Where functions and graph use different versions of ai.onnx, all are brought to one, which the
 * result's opsets state. Throws GRAPH_INVALID for functions that call themselves or grow beyond 100,000 nodes.
 */
export const inlineFunctions = (model: Model): Model => {
  const kept = model.functions.filter(isStraightThrough)
  const inlined = model.functions.filter((definition) => !isStraightThrough(definition))
  if (inlined.length === 0) return model
  const own = model.opsets[''] ?? upgradedTo
  const versions = [own, ...inlined.map(({ opsets }) => opsets[''] ?? own)]
  const isUniform = versions.every((version) => version === own)
  const graph = isUniform ? model.graph : upgradeNodes(model.graph, own)
  let total = 0
  const inlining: Inlining = {
    functions: functionTable(inlined),
    unused: unusedNames(valueNames(graph)),
    unusedNode: unusedNames(nodeNames(graph)),
    versionOf: ({ opsets }) => (isUniform ? undefined : (opsets[''] ?? own)),
    count(nodes) {
      total += nodes
      if (total > maxNodes)
        throw new BartizanError('GRAPH_INVALID', `the model's functions expand to more than ${maxNodes} nodes`, {
          hint: 'export the model without local functions',
        })
    },
  }
  const imported: Model['opsets'] = Object.assign({}, ...model.functions.map(({ opsets }) => opsets), model.opsets)
  const opsets = isUniform ? imported : { ...imported, '': Math.max(upgradedTo, ...versions) }
  return { ...model, opsets, functions: kept, graph: inlinedGraph(graph, inlining, []) }
}

const inlinedGraph = (graph: Graph, inlining: Inlining, callers: readonly string[]): Graph => ({
  ...graph,
  nodes: graph.nodes.flatMap((node) => inlinedNode(node, inlining, callers)),
})

const inlinedNode = (node: Node, inlining: Inlining, callers: readonly string[]): readonly Node[] => {
  const key = functionKey(node.domain, node.op)
  const definition = inlining.functions.get(key)
  if (!definition) return [mapNested(node, (graph) => inlinedGraph(graph, inlining, callers))]
  if (callers.includes(key) || callers.length >= maxDepth)
    throw new BartizanError(
      'GRAPH_INVALID',
      callers.includes(key)
        ? `function ${key} calls itself (${[...callers, key].join(' > ')})`
        : `functions call one another more than ${maxDepth} deep`,
      { data: { function: key } },
    )
  inlining.count(definition.nodes.reduce((sum, inner) => sum + sizeOf(inner), 0))
  const body = expanded(node, definition, inlining)
  const version = inlining.versionOf(definition)
  const current = version === undefined ? body : modernised(body, node, version, inlining.unused)
  return current.flatMap((inner) => inlinedNode(inner, inlining, [...callers, key]))
}

const sizeOf = (node: Node): number =>
  nestedGraphs(node).reduce((sum, graph) => sum + graph.nodes.reduce((inner, n) => inner + sizeOf(n), 0), 1)

/** The function's nodes with the call's values, attributes, and names that nothing else has. */
const expanded = (call: Node, definition: LocalFunction, { unused, unusedNode }: Inlining): readonly Node[] => {
  const prefix = call.name || call.outputs.find(Boolean) || definition.name
  const names = new Map<string, string>([['', '']])
  definition.inputs.forEach((formal, i) => {
    names.set(formal, call.inputs[i] ?? '')
  })
  // A function may hand an input on, or one value twice: the second name is a copy.
  const copies: Node[] = []
  definition.outputs.forEach((formal, i) => {
    const actual = call.outputs[i]
    if (!actual) return
    const existing = names.get(formal)
    if (existing === undefined) names.set(formal, actual)
    else
      copies.push({
        name: unusedNode(`${prefix}/${formal}`),
        op: 'Identity',
        domain: '',
        inputs: [existing],
        outputs: [actual],
        attributes: {},
      })
  })
  const attributes: Attributes = { ...definition.attributeDefaults, ...call.attributes }
  const substitution: Substitution = {
    names,
    attributes,
    rename: (name) => unused(`${prefix}/${name}`),
    renameNode: (name) => unusedNode(`${prefix}/${name}`),
  }
  return [...definition.nodes.map((node) => inSubstitution(node, substitution)), ...copies]
}
