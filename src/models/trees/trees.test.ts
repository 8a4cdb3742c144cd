import { describe, expect, it } from 'vitest'
import { argmaxRows } from '../../base/argmax.ts'
import { stream } from '../../base/random.ts'
import { classifierFrom } from '../classifier.ts'
import { forward } from '../program.ts'
import { needTrees } from './index.ts'
import { type Attrs, floats, randomTrees, strings, treeFile } from './testing.ts'

const named = { path: 'trees.onnx', sha256: '' }
const rows = 300
const allModes = ['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GTE', 'BRANCH_GT', 'BRANCH_EQ', 'BRANCH_NEQ']
const layouts = [
  { of: 'scikit-learn forest', classes: 3 },
  { of: 'scikit-learn forest of two classes', classes: 2 },
  {
    of: 'XGBoost binary',
    classes: 2,
    boosted: true,
    transform: 'LOGISTIC',
    modes: ['BRANCH_LT'],
    missing: true,
    base: [0.3],
  },
  {
    of: 'XGBoost multiclass',
    classes: 3,
    boosted: true,
    transform: 'SOFTMAX',
    modes: ['BRANCH_LT', 'BRANCH_EQ'],
    base: [0.5, 0.5, 0.5],
  },
  { of: 'LightGBM binary', classes: 2, boosted: true, transform: 'LOGISTIC', modes: ['BRANCH_LEQ', 'BRANCH_EQ'] },
  { of: 'LightGBM multiclass', classes: 4, boosted: true, transform: 'SOFTMAX', modes: allModes },
]

const xOf = (features: number, missing: boolean): Float32Array => {
  const random = stream('rows')
  // Many values lie on thresholds, which are eighths.
  return Float32Array.from({ length: rows * features }, () =>
    missing && random.uniform() < 0.1 ? Number.NaN : random.uniform() < 0.5 ? random.integer(9) / 8 : random.uniform(),
  )
}

describe('trees as the exporters write them', () => {
  it.each(layouts)('are predicted as ONNX Runtime does: $of', async ({ of, ...options }) => {
    const attributes = randomTrees({ seed: of, features: 5, trees: 12, depth: 4, ...options })
    const model = await classifierFrom(treeFile('TreeEnsembleClassifier', 5, attributes), named)
    const x = xOf(5, options.missing ?? false)
    const { logits } = await (await model.program(forward)).run(rows, { x })
    expect([...needTrees(model).predict(x)]).toEqual([...argmaxRows(logits!, model.classes)])
    await model.release()
  })

  it.each(layouts)('have boxes that hold every row once, with its votes: $of', async ({ of, ...options }) => {
    const attributes = randomTrees({ seed: of, features: 5, trees: 12, depth: 4, ...options })
    const preprocessing = { mean: [0.5, 0, -1, 0, 0], std: [2, 0.5, 1, -1, 3] }
    const model = await classifierFrom(treeFile('TreeEnsembleClassifier', 5, attributes), { ...named, preprocessing })
    const trees = needTrees(model)
    const boxes = trees.boxes(0, 1)
    const { votes, base, classes } = trees.classVotes()
    const x = xOf(5, false)
    const predicted = trees.predict(x)
    for (let row = 0; row < rows; row++) {
      const sums = [...base]
      for (const { count, start, feature, low, high, leaf } of boxes) {
        const holding = Array.from({ length: count }, (_, i) => i).filter((i) =>
          Array.from({ length: start[i + 1]! - start[i]! }, (_, k) => start[i]! + k).every((k) => {
            const value = x[row * 5 + feature[k]!]!
            return value >= low[k]! && value <= high[k]!
          }),
        )
        expect(holding).toHaveLength(1)
        for (let c = 0; c < classes; c++) sums[c]! += votes[leaf[holding[0]!]! * classes + c]!
      }
      expect(sums.indexOf(Math.max(...sums))).toBe(predicted[row])
    }
    await model.release()
  })
})

const small: Attrs = {
  nodes_treeids: [0, 0, 0],
  nodes_nodeids: [0, 1, 2],
  nodes_featureids: [0, 0, 0],
  nodes_modes: strings(['BRANCH_LEQ', 'LEAF', 'LEAF']),
  nodes_values: floats([0.5, 0, 0]),
  nodes_truenodeids: [1, 0, 0],
  nodes_falsenodeids: [2, 0, 0],
  class_treeids: [0, 0],
  class_nodeids: [1, 2],
  class_ids: [0, 0],
  class_weights: floats([-1, 1]),
  classlabels_int64s: [0, 1],
}

describe('trees that are broken', () => {
  it.each<[string, Attrs]>([
    ['a cycle', { nodes_truenodeids: [0, 0, 0] }],
    ['a child that is not there', { nodes_falsenodeids: [7, 0, 0] }],
    ['a threshold of NaN', { nodes_values: floats([Number.NaN, 0, 0]) }],
    ['a feature that rows have not got', { nodes_featureids: [9, 0, 0] }],
    ['columns of different lengths', { nodes_values: floats([0.5]) }],
    ['an unknown mode', { nodes_modes: strings(['BRANCH_ODD', 'LEAF', 'LEAF']) }],
    ['a vote that is infinite', { class_weights: floats([Number.POSITIVE_INFINITY, 1]) }],
  ])('are refused: %s', async (_, change) => {
    const model = treeFile('TreeEnsembleClassifier', 2, { ...small, ...change })
    await expect(classifierFrom(model, named)).rejects.toMatchObject({ code: 'GRAPH_INVALID' })
  })

  it('are found among a hundred thousand nodes', async () => {
    const size = 100_001
    const chain = Array.from({ length: size }, (_, i) => i)
    const isLeaf = (i: number): boolean => i % 2 === 1 || i === size - 1
    const model = treeFile('TreeEnsembleClassifier', 2, {
      ...small,
      nodes_treeids: chain.map(() => 0),
      nodes_nodeids: chain,
      nodes_featureids: chain.map(() => 0),
      nodes_modes: strings(chain.map((i) => (isLeaf(i) ? 'LEAF' : 'BRANCH_LEQ'))),
      nodes_values: floats(chain.map((i) => i)),
      nodes_truenodeids: chain.map((i) => (isLeaf(i) ? 0 : i + 1)),
      nodes_falsenodeids: chain.map((i) => (isLeaf(i) ? 0 : i + 3 < size ? i + 2 : 0)),
    })
    await expect(classifierFrom(model, named)).rejects.toMatchObject({ code: 'GRAPH_INVALID' })
  })
})
