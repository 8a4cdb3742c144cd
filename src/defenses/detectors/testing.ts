import { stream } from '../../base/random.ts'
import type { DataSet } from '../../data/index.ts'
import { type Classifier, classifierFrom } from '../../models/classifier.ts'
import type { Preprocessing } from '../../models/head.ts'
import { graphBuilder } from '../../onnx/builder.ts'
import { modelOf } from '../../onnx/session.ts'
import type { Model } from '../../onnx/types.ts'
import type { DetectorContext } from '../../threat/detector.ts'

export const dims = [1, 4, 4] as const
export const size = 16
export const hidden = 6
export const classes = 3

const normals = (count: number, scale: number, ...key: (string | number)[]): Float32Array => {
  const random = stream('detector tests', ...key)
  return Float32Array.from({ length: count }, () => scale * random.normal())
}

/** [units, inputs] and [units] of both layers. */
export const layers = {
  first: { weights: normals(hidden * size, 0.6, 'W1'), biases: normals(hidden, 0.3, 'b1') },
  last: { weights: normals(classes * hidden, 1, 'W2'), biases: normals(classes, 0.3, 'b2') },
}

/** Pictures through a smooth hidden layer: logits = W2 tanh(W1 x + b1) + b2. */
export const source = (): Model => {
  const g = graphBuilder()
  const layer = ({ weights, biases }: (typeof layers)['first'], inputs: number) =>
    [g.constant('float32', [biases.length, inputs], weights), g.constant('float32', [biases.length], biases)] as const
  const flat = g.op('Flatten', [g.input('x', 'float32', ['n', ...dims])], { axis: 1 })
  const features = g.tanh(g.op('Gemm', [flat, ...layer(layers.first, size)], { transB: 1 }))
  g.output('logits', g.op('Gemm', [features, ...layer(layers.last, hidden)], { transB: 1 }))
  return { ...modelOf(g.build()), metadata: { author: 'somebody' } }
}

export const classifierOf = (model: Model = source(), preprocessing?: Preprocessing): Promise<Classifier> =>
  classifierFrom(model, { path: 'pictures.onnx', sha256: '', preprocessing })

/** The hidden layer of one row, in double precision. */
export const featuresOfRow = (x: ArrayLike<number>): readonly number[] => dense(layers.first, x).map(Math.tanh)
export const logitsOfRow = (x: ArrayLike<number>): readonly number[] => dense(layers.last, featuresOfRow(x))

const dense = ({ weights, biases }: (typeof layers)['first'], x: ArrayLike<number>): readonly number[] =>
  Array.from(biases, (bias, unit) =>
    Array.from(x).reduce((sum, value, i) => sum + value * weights[unit * x.length + i]!, bias),
  )

export interface Rows {
  readonly x: Float32Array
  readonly labels: Int32Array
}

/** Uniform pictures in [0, 1], labelled by turns. */
export const pictures = (rows: number, key = 'rows'): Rows => {
  const random = stream('detector tests', key)
  return {
    x: Float32Array.from({ length: rows * size }, () => random.uniform()),
    labels: Int32Array.from({ length: rows }, (_, row) => row % classes),
  }
}

export const rowOf = ({ x }: Rows, row: number): Float32Array => x.subarray(row * size, (row + 1) * size)

/** The same rows in another order. */
export const shuffled = (rows: Rows): Rows => {
  const random = stream('detector tests', 'order')
  const order = Array.from(rows.labels.keys(), (row) => ({ row, key: random.uniform() })).sort((a, b) => a.key - b.key)
  return {
    x: Float32Array.from(order.flatMap(({ row }) => [...rowOf(rows, row)])),
    labels: Int32Array.from(order, ({ row }) => rows.labels[row]!),
  }
}

/** Rows in memory as a data set, seven at a time whatever is asked for. */
export const setOf = ({ x, labels }: Rows, path = 'rows.npy', offset = 0): DataSet => {
  const read: DataSet['read'] = async (from, to) => ({
    from,
    rows: to - from,
    x: x.slice(from * size, to * size),
    shape: dims,
    y: labels.slice(from, to),
  })
  return {
    path,
    format: 'npy',
    files: [path],
    rows: labels.length,
    offset,
    shape: dims,
    dtype: 'float32',
    hasLabels: true,
    place: (row, index) => `row ${row}, value ${index}`,
    read,
    async *batches() {
      for (let from = 0; from < labels.length; from += 7) yield await read(from, Math.min(from + 7, labels.length))
    },
    close: async () => {},
  }
}

export const contextOf = (model: Classifier, rows: Rows): DetectorContext => ({
  model,
  set: setOf(rows),
  low: 0,
  high: 1,
  seed: 0,
  progress: () => {},
})
