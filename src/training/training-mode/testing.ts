import { stream } from '../../base/random.ts'
import { type Classifier, classifierFrom } from '../../models/classifier.ts'
import { modelHead } from '../../models/head.ts'
import { addGradient } from '../../onnx/autodiff/gradient.ts'
import { crossEntropy } from '../../onnx/losses.ts'
import { createSession, type Feed, type Feeds, modelOf } from '../../onnx/session.ts'
import { sizeOf } from '../../onnx/tensor.ts'
import type { Model } from '../../onnx/types.ts'
import { buildArchitecture, parseArchitecture } from '../architecture/index.ts'
import type { TrainingGraph } from './training-graph.ts'

export const classifier = (source: Model): Promise<Classifier> => classifierFrom(source, { path: 'test', sha256: '' })

/** An untrained classifier whose batch normalisations have scales, biases and statistics of their own. */
export const network = (text: string, input: readonly number[], classes = 3): Promise<Classifier> => {
  const model = buildArchitecture(parseArchitecture(text), { input, classes, seed: 1 })
  const initializers = new Map(
    [...model.graph.initializers].map(([name, value]) => {
      if (!/bn\d/.test(name)) return [name, value]
      const random = stream('statistics', name)
      return [name, { ...value, data: Float32Array.from({ length: value.data.length }, () => 0.5 + random.uniform()) }]
    }),
  )
  return classifier({ ...model, graph: { ...model.graph, initializers } })
}

export const normals = (dims: readonly number[], ...key: readonly string[]): Feed => {
  const data = new Float32Array(sizeOf(dims))
  stream('training mode', ...key).fillNormals(data)
  return { dtype: 'float32', dims, data }
}

/** The summed loss of rows in training, with logits, running statistics and gradients of the weights. */
export const trainingSession = async (model: Classifier, trained: TrainingGraph) => {
  const names = [...trained.trainable, ...trained.statistics.map(({ name }) => name)]
  const { g, logits } = modelHead(trained.graph, {
    ...model,
    trainable: names,
    inputs: trained.masks.map(({ name, dims }) => ({ name, dtype: 'float32', dims: ['batch', ...dims] })),
  })
  const labels = g.input('labels', 'int64', ['batch'])
  const loss = g.reduceSum(crossEntropy(g, logits, labels), [0])
  const withRespectTo = trained.trainable.map((name) => g.value(name))
  const gradients = addGradient(g, g.build([]), { of: loss, withRespectTo })
  g.output('logits', logits)
  g.output('loss', loss)
  for (const { name, updated } of trained.statistics) g.output(`updated:${name}`, g.value(updated))
  for (const [i, gradient] of gradients.entries()) g.output(`gradient:${trained.trainable[i]}`, gradient)
  const session = await createSession(modelOf(g.build(), model.model))
  const fixed: Feeds = Object.fromEntries(
    names.map((name) => {
      const { dims, data } = trained.graph.initializers.get(name)!
      return [name, { dtype: 'float32', dims, data }]
    }),
  )
  return {
    fixed,
    release: () => session.release(),
    run: (feeds: Feeds) => {
      const all: Feeds = { ...fixed, ...feeds }
      return session.run(Object.fromEntries(session.inputs.map((name) => [name, all[name]!])))
    },
  }
}
