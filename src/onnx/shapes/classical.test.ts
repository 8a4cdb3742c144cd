import { describe, expect, it } from 'vitest'
import { float, floats, strings } from '../attributes.ts'
import { type Draw, wrongShapes } from './random-cases.ts'

const [domain, opsets] = ['ai.onnx.ml', { 'ai.onnx.ml': 3 }]

/** Labels under either name. */
const labels = (draw: Draw, count: number, texts: string, numbers: string) => {
  const list = Array.from({ length: count }, (_, i) => i)
  return draw.chance(0.5) ? { [texts]: strings(list.map((i) => `label ${i}`)) } : { [numbers]: list }
}

/** A tree of one split a tree; each leaf votes for one class. */
const stumps = (classes: number) => {
  const trees = Array.from({ length: classes }, (_, i) => i)
  const each = <T>(list: readonly T[]) => trees.flatMap(() => list)
  return {
    nodes_treeids: trees.flatMap((tree) => [tree, tree, tree]),
    nodes_nodeids: each([0, 1, 2]),
    nodes_featureids: each([0, 0, 0]),
    nodes_modes: strings(each(['BRANCH_LEQ', 'LEAF', 'LEAF'])),
    nodes_values: floats(each([0.1, 0, 0])),
    nodes_truenodeids: each([1, 0, 0]),
    nodes_falsenodeids: each([2, 0, 0]),
  }
}

const votes = (trees: number, prefix: string) => {
  const each = <T>(list: readonly T[]) => Array.from({ length: trees }, () => list).flat()
  return {
    [`${prefix}_treeids`]: Array.from({ length: trees }, (_, tree) => [tree, tree]).flat(),
    [`${prefix}_nodeids`]: each([1, 2]),
    [`${prefix}_ids`]: Array.from({ length: trees }, (_, tree) => [tree, tree]).flat(),
    [`${prefix}_weights`]: floats(each([0.3, 0.7])),
  }
}

describe('classical models', () => {
  it('classifiers give a label and a score a class', async () => {
    expect(
      await wrongShapes('classifiers', (draw) => {
        const classes = draw.between(2, 4)
        const rows = classes === 2 && draw.chance(0.5) ? 1 : classes
        return {
          opsets,
          inputs: [{ dims: draw.hidden([3, 2], (axis) => axis === 0) }],
          build: (g, [x]) => [
            ...g.ops(
              'LinearClassifier',
              [x],
              {
                coefficients: floats(new Array(rows * 2).fill(0.5)),
                intercepts: floats(new Array(rows).fill(0)),
                ...labels(draw, classes, 'classlabels_strings', 'classlabels_ints'),
              },
              { domain, outputs: 2 },
            ),
            ...g.ops(
              'TreeEnsembleClassifier',
              [x],
              {
                ...stumps(classes),
                ...votes(classes, 'class'),
                ...labels(draw, classes, 'classlabels_strings', 'classlabels_int64s'),
              },
              { domain, outputs: 2 },
            ),
          ],
        }
      }),
    ).toEqual([])
  })

  it('support vector machines give a score a class, or a pair of classes', async () => {
    expect(
      await wrongShapes('SVMClassifier', (draw) => {
        const classes = draw.between(2, 4)
        const pairs = (classes * (classes - 1)) / 2
        const probabilities = draw.chance(0.5)
        return {
          opsets,
          inputs: [{ dims: draw.hidden([3, 2], (axis) => axis === 0) }],
          build: (g, [x]) =>
            g.ops(
              'SVMClassifier',
              [x],
              {
                kernel_type: 'RBF',
                kernel_params: floats([0.5, 0, 3]),
                support_vectors: floats(new Array(classes * 2).fill(0.5)),
                vectors_per_class: new Array(classes).fill(1),
                coefficients: floats(new Array(classes * (classes - 1)).fill(0.5)),
                rho: floats(new Array(pairs).fill(0.1)),
                prob_a: probabilities ? floats(new Array(pairs).fill(-1)) : undefined,
                prob_b: probabilities ? floats(new Array(pairs).fill(0)) : undefined,
                ...labels(draw, classes, 'classlabels_strings', 'classlabels_ints'),
              },
              { domain, outputs: 2 },
            ),
        }
      }),
    ).toEqual([])
  })

  it('regressors give a value a target', async () => {
    expect(
      await wrongShapes('regressors', (draw) => {
        const targets = draw.between(1, 3)
        return {
          opsets,
          inputs: [{ dims: draw.hidden([3, 2], (axis) => axis === 0) }],
          build: (g, [x]) => [
            g.op('LinearRegressor', [x], { targets, coefficients: floats(new Array(targets * 2).fill(1)) }, { domain }),
            g.op(
              'TreeEnsembleRegressor',
              [x],
              { n_targets: targets, ...stumps(targets), ...votes(targets, 'target') },
              { domain },
            ),
            g.op(
              'SVMRegressor',
              [x],
              {
                kernel_type: 'LINEAR',
                kernel_params: floats([1, 0, 1]),
                support_vectors: floats([1, 2]),
                coefficients: floats([1]),
                n_supports: 1,
                rho: floats([0]),
              },
              { domain },
            ),
          ],
        }
      }),
    ).toEqual([])
  })

  it('feature preparation', async () => {
    expect(
      await wrongShapes('features', (draw) => ({
        opsets,
        inputs: [{ dims: draw.hidden([3, 4], (axis) => axis === 0) }],
        build: (g, [x]) => {
          const whole = g.cast(x!, 'int64')
          return [
            g.op('Scaler', [x], { offset: floats([0, 1, 2, 3]), scale: floats([1, 2, 3, 4]) }, { domain }),
            g.op('Normalizer', [x], { norm: 'L2' }, { domain }),
            g.op('Binarizer', [x], { threshold: float(0.1) }, { domain }),
            g.op('Imputer', [x], { imputed_value_floats: floats([0]), replaced_value_float: float(1) }, { domain }),
            g.op('ArrayFeatureExtractor', [x, g.ints([3, 0])], {}, { domain }),
            g.op('OneHotEncoder', [whole], { cats_int64s: [0, 1, 2], zeros: 1 }, { domain }),
            g.op('LabelEncoder', [whole], { keys_int64s: [0, 1], values_strings: strings(['a', 'b']) }, { domain }),
            g.op('LabelEncoder', [whole], { keys_int64s: [0, 1], values_floats: floats([1, 2]) }, { domain }),
            g.op('FeatureVectorizer', [x, x], { inputdimensions: [4, 4] }, { domain }),
          ]
        },
      })),
    ).toEqual([])
  })
})
