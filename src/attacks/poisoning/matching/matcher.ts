import { isBartizanError } from '../../../base/errors.ts'
import type { Classifier } from '../../../models/classifier.ts'
import { addGradient } from '../../../onnx/autodiff/gradient.ts'
import { liveNodes } from '../../../onnx/rewrite/live-nodes.ts'
import { createSession, type Feeds, modelOf, type Session } from '../../../onnx/session.ts'
import { sizeOf } from '../../../onnx/tensor.ts'
import { toInt64 } from '../../../threat/rows.ts'
import { type MatchedWeights, type WeightGradients, weightGradients } from './weight-gradients.ts'

/** Gradients by a model's weights, one array a weight, and how rows change them. */
export interface Matcher {
  readonly weights: MatchedWeights
  /** Of the cross-entropy summed over the rows. */
  gradients(x: Float32Array, labels: Int32Array): Promise<readonly Float32Array[]>
  /** Gradient by the rows of the inner product of their summed weight gradients with `direction`: second order. */
  pull(x: Float32Array, labels: Int32Array, direction: readonly Float32Array[]): Promise<Float32Array>
  release(): Promise<void>
}

/** Rows a run: activations and what their gradients need of them stay small. */
const rowsAtOnce = 64

/** Of all weights; where an operator's gradient can't be differentiated again, of the last layer's. */
export const openMatcher = async (model: Classifier, weights: MatchedWeights): Promise<Matcher> => {
  try {
    return await matcherOf(model, weights)
  } catch (error) {
    if (weights === 'last layer' || !isBartizanError(error)) throw error
    return matcherOf(model, 'last layer')
  }
}

const matcherOf = async (model: Classifier, weights: MatchedWeights): Promise<Matcher> => {
  const first = weightGradients(model, weights)
  const dims = first.gradients.map((gradient) => gradient.dims as readonly number[])
  const sums = await opened(model, withSums(first))
  const second = await opened(model, withPull(weightGradients(model, weights))).catch(async (error: unknown) => {
    await sums.release()
    throw error
  })
  const xName = first.x.name
  const rowFeeds = (x: Float32Array, labels: Int32Array): Feeds => ({
    [xName]: { dtype: 'float32', dims: [labels.length, ...model.input.dims], data: x },
    'bz:labels': { dtype: 'int64', dims: [labels.length], data: toInt64(labels) },
  })
  return {
    weights,
    async gradients(x, labels) {
      const total = dims.map((shape) => new Float64Array(sizeOf(shape)))
      for (const part of parts(x, labels)) {
        const results = await sums.run(rowFeeds(part.x, part.labels))
        for (const [i, sum] of total.entries()) {
          const values = results[`bz:weights:${i}`]!.data as Float32Array
          for (let j = 0; j < sum.length; j++) sum[j]! += values[j]!
        }
      }
      return total.map((sum) => Float32Array.from(sum))
    },
    async pull(x, labels, direction) {
      const result = new Float32Array(x.length)
      const along = Object.fromEntries(
        dims.map((shape, i) => [`bz:along:${i}`, { dtype: 'float32' as const, dims: shape, data: direction[i]! }]),
      )
      for (const part of parts(x, labels)) {
        const { 'bz:pull': pull } = await second.run({ ...rowFeeds(part.x, part.labels), ...along })
        result.set(pull!.data as Float32Array, part.from)
      }
      return result
    },
    async release() {
      await sums.release()
      await second.release()
    },
  }
}

function* parts(x: Float32Array, labels: Int32Array) {
  const size = x.length / labels.length
  for (let row = 0; row < labels.length; row += rowsAtOnce) {
    const to = Math.min(row + rowsAtOnce, labels.length)
    yield { from: row * size, x: x.subarray(row * size, to * size), labels: labels.subarray(row, to) }
  }
}

const opened = (model: Classifier, { g }: WeightGradients): Promise<Session> =>
  createSession(modelOf(liveNodes(g.build()), model.model))

const withSums = (built: WeightGradients): WeightGradients => {
  for (const [i, gradient] of built.gradients.entries()) built.g.output(`bz:weights:${i}`, gradient)
  return built
}

const withPull = (built: WeightGradients): WeightGradients => {
  const { g, x, gradients } = built
  const products = gradients.map((gradient, i) => {
    const along = g.input(`bz:along:${i}`, 'float32', gradient.dims!)
    const axes = gradient.dims!.map((_, axis) => axis)
    return axes.length === 0 ? g.mul(gradient, along) : g.reduceSum(g.mul(gradient, along), axes)
  })
  const product = products.reduce((sum, term) => g.add(sum, term))
  g.output('bz:pull', addGradient(g, g.build([]), { of: product, withRespectTo: [x] })[0]!)
  return built
}
