import type { AttributeReader } from '../attributes.ts'
import type { Dim, DType } from '../types.ts'
import { defineShape, type Known, type ShapeRequest, typedAs } from './rule.ts'
import { times } from './size.ts'

/** Operators of ai.onnx.ml: linear models, trees, support vectors and what prepares their features. */
const domain = 'ai.onnx.ml'

const rowsOf = (x: Known | undefined, fresh: () => Dim): Dim => {
  if (x?.dims?.length === 1) return 1
  return x?.dims?.[0] ?? fresh()
}

/** The labels of a classifier under any of their names. */
const labelsOf = (attributes: AttributeReader): { readonly dtype: DType; readonly count: number | undefined } => {
  const texts = attributes.strings('classlabels_strings') ?? attributes.strings('classlabels_stringss')
  if (texts && texts.length > 0) return { dtype: 'string', count: texts.length }
  const numbers = attributes.ints('classlabels_ints') ?? attributes.ints('classlabels_int64s')
  return { dtype: 'int64', count: numbers?.length }
}

/** The label and one score a class. */
export const classifier = defineShape({
  op: ['LinearClassifier', 'TreeEnsembleClassifier', 'SVMClassifier'],
  domain,
  infer: ({ inputs: [x], attributes, fresh, node }) => {
    const rows = rowsOf(x, fresh)
    const { dtype, count } = labelsOf(attributes)
    const scores = node.op === 'SVMClassifier' ? svmScores(attributes, count) : count
    return [
      { dtype, dims: [rows] },
      { dtype: 'float32', dims: [rows, scores || fresh()] },
    ]
  },
})

/** One score a class for a linear machine or with probabilities; else one a pair of classes. */
const svmScores = (attributes: AttributeReader, classes: number | undefined): number | undefined => {
  if (classes === undefined) return undefined
  const hasVectors = (attributes.ints('vectors_per_class')?.length ?? 0) > 0
  const hasProbabilities = (attributes.floats('prob_a')?.length ?? 0) > 0
  return hasProbabilities || !hasVectors || classes === 2 ? classes : (classes * (classes - 1)) / 2
}

const targets: Readonly<Record<string, string>> = {
  LinearRegressor: 'targets',
  TreeEnsembleRegressor: 'n_targets',
  TreeEnsemble: 'n_targets',
  SVMRegressor: '',
}

export const regressor = defineShape({
  op: Object.keys(targets),
  domain,
  infer: ({ inputs: [x], attributes, fresh, node }) => [
    {
      dtype: node.op === 'TreeEnsemble' ? (x?.dtype ?? 'undefined') : 'float32',
      dims: [rowsOf(x, fresh), attributes.int(targets[node.op]!, 1)],
    },
  ],
})

export const toFloat = defineShape({
  op: ['Scaler', 'Normalizer'],
  domain,
  infer: ({ inputs: [x] }) => [{ dtype: 'float32', dims: x?.dims }],
})

export const sameType = defineShape({
  op: ['Imputer', 'Binarizer'],
  domain,
  infer: ({ inputs: [x] }) => [typedAs(x, x?.dims)],
})

const encoded = ({ attributes }: ShapeRequest): DType => {
  const tensor = attributes.tensor('values_tensor')
  if (tensor) return tensor.dtype
  if (attributes.has('values_int64s')) return 'int64'
  return attributes.has('values_floats') ? 'float32' : 'string'
}

export const labelEncoder = defineShape({
  op: 'LabelEncoder',
  domain,
  infer: (request) => [{ dtype: encoded(request), dims: request.inputs[0]?.dims }],
})

export const categoryMapper = defineShape({
  op: 'CategoryMapper',
  domain,
  infer: ({ inputs: [x] }) => [{ dtype: x?.dtype === 'string' ? 'int64' : 'string', dims: x?.dims }],
})

/** Columns by index; a vector is one row. */
export const arrayFeatureExtractor = defineShape({
  op: 'ArrayFeatureExtractor',
  domain,
  infer: ({ inputs: [x, indices], fresh }) => {
    const count = (indices?.dims && times(indices.dims)) ?? fresh()
    const lead = x?.dims?.length === 1 ? [1] : x?.dims?.slice(0, -1)
    return [typedAs(x, lead && [...lead, count])]
  },
})

export const featureVectorizer = defineShape({
  op: 'FeatureVectorizer',
  domain,
  infer: ({ inputs: [x], attributes, fresh }) => [
    {
      dtype: 'float32',
      dims: [rowsOf(x, fresh), attributes.ints('inputdimensions')?.reduce((sum, size) => sum + size, 0) ?? fresh()],
    },
  ],
})

export const oneHotEncoder = defineShape({
  op: 'OneHotEncoder',
  domain,
  infer: ({ inputs: [x], attributes, fresh }) => {
    const count = attributes.ints('cats_int64s')?.length || attributes.strings('cats_strings')?.length || fresh()
    return [{ dtype: 'float32', dims: x?.dims && [...x.dims, count] }]
  },
})
