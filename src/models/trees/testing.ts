import { stream } from '../../base/random.ts'
import { floats, strings } from '../../onnx/attributes.ts'
import { graphBuilder } from '../../onnx/builder.ts'
import { modelOf } from '../../onnx/session.ts'
import type { Attribute, Model } from '../../onnx/types.ts'

export { floats, strings }

export type Attrs = Readonly<Record<string, Attribute | number | string | readonly number[]>>

/** A model whose one node is a tree operator with these attributes, on rows of so many features. */
export const treeFile = (op: string, features: number, attributes: Attrs, version = 3): Model => {
  const g = graphBuilder()
  const x = g.input('input', 'float32', ['batch', features])
  const isClassifier = op === 'TreeEnsembleClassifier'
  const results = g.ops(op, [x], attributes, { domain: 'ai.onnx.ml', outputs: isClassifier ? 2 : 1 })
  g.output('probabilities', results.at(-1)!)
  const model = modelOf(g.build(['probabilities']))
  return { ...model, opsets: { ...model.opsets, 'ai.onnx.ml': version } }
}

export interface RandomTrees {
  readonly seed: string
  readonly features: number
  readonly classes: number
  readonly trees: number
  readonly depth: number
  readonly modes?: readonly string[]
  /** One vote a leaf, for the class of the tree's turn (XGBoost, LightGBM); else one for each (random forests). */
  readonly boosted?: boolean
  readonly transform?: string
  readonly base?: readonly number[]
  readonly missing?: boolean
}

/** Attributes of a TreeEnsembleClassifier in the layout that skl2onnx and onnxmltools write. */
export const randomTrees = (options: RandomTrees): Attrs => {
  const { seed, features, classes, trees, depth, modes = ['BRANCH_LEQ'], boosted = false, transform = 'NONE' } = options
  const random = stream('trees', seed)
  const node = { tree: [] as number[], id: [] as number[], feature: [] as number[], mode: [] as string[] }
  const [value, yes, no, missing]: [number[], number[], number[], number[]] = [[], [], [], []]
  const vote = { tree: [] as number[], node: [] as number[], target: [] as number[], weight: [] as number[] }
  const grow = (tree: number, id: number, level: number): number => {
    const at = node.id.length
    const isLeaf = level === depth || (level > 1 && random.uniform() < 0.2)
    node.tree.push(tree)
    node.id.push(id)
    node.feature.push(isLeaf ? 0 : random.integer(features))
    node.mode.push(isLeaf ? 'LEAF' : modes[random.integer(modes.length)]!)
    // A grid of eighths, so that values meet thresholds and trees share them.
    value.push(isLeaf ? 0 : (1 + random.integer(7)) / 8)
    missing.push(random.integer(2))
    yes.push(0)
    no.push(0)
    if (isLeaf) {
      for (let c = 0; c < (boosted ? 1 : classes); c++) {
        vote.tree.push(tree)
        vote.node.push(id)
        vote.target.push(boosted ? (classes === 2 ? 0 : tree % classes) : c)
        vote.weight.push(boosted ? random.normal() : random.uniform() / trees)
      }
      return id + 1
    }
    yes[at] = id + 1
    const after = grow(tree, id + 1, level + 1)
    no[at] = after
    return grow(tree, after, level + 1)
  }
  for (let tree = 0; tree < trees; tree++) grow(tree, 0, 0)
  return {
    nodes_treeids: node.tree,
    nodes_nodeids: node.id,
    nodes_featureids: node.feature,
    nodes_modes: strings(node.mode),
    nodes_values: floats(value),
    nodes_truenodeids: yes,
    nodes_falsenodeids: no,
    ...(options.missing && { nodes_missing_value_tracks_true: missing }),
    class_treeids: vote.tree,
    class_nodeids: vote.node,
    class_ids: vote.target,
    class_weights: floats(vote.weight),
    classlabels_int64s: Array.from({ length: classes }, (_, i) => i),
    post_transform: transform,
    ...(options.base && { base_values: floats(options.base) }),
  }
}
