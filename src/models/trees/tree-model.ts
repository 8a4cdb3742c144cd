import { BartizanError, isBartizanError } from '../../base/errors.ts'
import type { Graph } from '../../onnx/types.ts'
import type { Preprocessing } from '../head.ts'
import type { FoundOutput } from '../outputs.ts'
import { boxesOf, type TreeBoxes } from './boxes.ts'
import { type Decision, decisionOf } from './decision.ts'
import { isTreeNode, readEnsemble, type TreeEnsemble } from './ensemble.ts'
import { type ClassVotes, classVotesOf } from './margins.ts'
import { predictRows } from './predict.ts'
import { type FeatureMap, scalingBefore, unsupportedTrees } from './scaling.ts'

/** A classifier that is an ensemble of decision trees, read from its file. */
export interface TreeModel {
  readonly ensemble: TreeEnsemble
  readonly size: number
  readonly classes: number
  /** The class of each row, as ONNX Runtime and the output's scores have it. */
  predict(x: Float32Array): Int32Array
  /** Throws ATTACK_NOT_APPLICABLE where trees are put together by another rule than a sum. */
  classVotes(): ClassVotes
  /** The regions of each tree within a range of inputs, in float32 numbers of the model's own input. */
  boxes(low: number, high: number): readonly TreeBoxes[]
}

export type FoundTrees =
  | { readonly ok: true; readonly trees: TreeModel }
  | { readonly ok: false; readonly reason: string }

/** What is read of a classifier: its graph, with constants as initializers, and how it is used. */
export interface TreeSource {
  readonly graph: Graph
  readonly input: { readonly name: string; readonly dims: readonly number[]; readonly dtype: string }
  readonly output: FoundOutput
  readonly preprocessing: Preprocessing | undefined
  /** Values of one row. */
  readonly size: number
}

const known = new WeakMap<FoundOutput, FoundTrees>()

/** The trees of a classifier, or why there are none to be seen. Throws GRAPH_INVALID where they are broken. */
export const treesOf = (source: TreeSource): FoundTrees => {
  const found = known.get(source.output) ?? find(source)
  known.set(source.output, found)
  return found
}

const find = (source: TreeSource): FoundTrees => {
  try {
    return { ok: true, trees: openTrees(source) }
  } catch (error) {
    if (isBartizanError(error) && error.code === 'ATTACK_NOT_APPLICABLE') return { ok: false, reason: error.message }
    throw error
  }
}

const openTrees = ({ graph, input, output, preprocessing, size }: TreeSource): TreeModel => {
  if (!/logit|probabilit/.test(output.kind) || output.kind.startsWith('label'))
    throw unsupportedTrees('the model predicts no classes')
  const nodes = graph.nodes.filter(isTreeNode)
  const [node] = nodes
  if (!node) throw unsupportedTrees('the model has no ensemble of trees')
  if (nodes.length > 1) throw unsupportedTrees(`the model has ${nodes.length} ensembles of trees; one can be read`)
  if (input.dtype !== 'float32') throw unsupportedTrees(`the input is ${input.dtype}; trees are read over float32`)
  if (input.dims.length !== 1) throw unsupportedTrees(`rows are [${input.dims}], not flat`)
  const ensemble = readEnsemble(node, size)
  const map: FeatureMap = scalingBefore(graph, node.inputs[0]!, input.name, preprocessing)
  const decision: Decision = decisionOf(graph, node, ensemble, output)
  return {
    ensemble,
    size,
    classes: decision.kind === 'above' ? 2 : decision.columns.length,
    predict: (x) => predictRows(ensemble, decision, map, x, size),
    classVotes: () => classVotesOf(ensemble, decision),
    boxes: (low, high) => boxesOf(ensemble.nodes, map, size, { low: Math.fround(low), high: Math.fround(high) }),
  }
}

/**
 * Throws GRAPH_INVALID where a tree operator of the graph holds no trees: ONNX Runtime would read out of bounds, or walk
 * a cycle without end. `dims`: the shape of one row, which bounds the features where nothing between changes it.
 */
export const refuseBrokenTrees = (graph: Graph, dims: readonly number[]): void => {
  const features = dims.length === 1 ? dims[0]! : Number.POSITIVE_INFINITY
  for (const node of graph.nodes) if (isTreeNode(node)) readEnsemble(node, features)
}

/** Throws ATTACK_NOT_APPLICABLE, with the reason, where a model has no trees to be seen. */
export const needTrees = (model: { readonly path: string; trees?(): FoundTrees }): TreeModel => {
  const found = model.trees?.() ?? { ok: false, reason: 'there is no file to read trees from' }
  if (found.ok) return found.trees
  throw new BartizanError('ATTACK_NOT_APPLICABLE', `${model.path}: ${found.reason}`)
}
