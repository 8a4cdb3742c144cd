import { describe, expect, it } from 'vitest'
import { stream } from '../../src/base/random.ts'
import { type Classifier, classifierFrom } from '../../src/models/classifier.ts'
import { modelWithWeights } from '../../src/models/with-weights.ts'
import { crossEntropy } from '../../src/onnx/losses.ts'
import { readModel } from '../../src/onnx/read.ts'
import { tensor } from '../../src/onnx/tensor.ts'
import { writeModel } from '../../src/onnx/write.ts'
import { toInt64 } from '../../src/threat/rows.ts'
import { trainingGraph } from '../../src/training/training-mode/index.ts'
import { model, relativeError } from '../support/fixtures.ts'

const rows = 5

/** Logits, a loss and its gradient for the rows, and what three steps along it lead to. */
const computed = async (classifier: Classifier) => {
  const random = stream('rows')
  const x = Float32Array.from({ length: rows * classifier.size }, () => random.uniform())
  const labels = toInt64(Int32Array.from({ length: rows }, (_, row) => row % classifier.classes))
  const inputs = { labels: { dtype: 'int64', dims: [] } } as const
  const once = await classifier.program({
    key: 'gradient',
    inputs,
    build: ({ g, logits, input, gradient }) => {
      const loss = crossEntropy(g, logits, input('labels'))
      return { logits, loss, gradient: gradient(loss) }
    },
  })
  const steps = await classifier.program({
    key: 'steps',
    inputs,
    repeat: { result: 'next', steps: 3 },
    build: ({ g, x, logits, input, gradient }) => ({
      next: g.add(x, g.mul(gradient(crossEntropy(g, logits, input('labels'))), 0.01)),
    }),
  })
  return { ...(await once.run(rows, { x, labels })), ...(await steps.run(rows, { x, labels })) }
}

const close = (a: Record<string, Float32Array>, b: Record<string, Float32Array>): void => {
  expect(Object.keys(a)).toEqual(Object.keys(b))
  for (const [name, values] of Object.entries(b)) expect(relativeError(a[name]!, values), name).toBeLessThan(1e-5)
}

describe('programs with other weights', () => {
  it.each(['breast-cancer-mlp', 'fashion-resnet', 'fashion-resnet-bn', 'mnist-cnn', 'seq-lstm', 'seq-transformer'])(
    'of %s compute what a model that is opened with them computes',
    async (name) => {
      const probe = await model(name)
      const { trainable, statistics } = trainingGraph(probe)
      const names = [...trainable, ...statistics.map(({ name }) => name)]
      const { source, model: normal } = probe
      const random = stream('weights')
      const values = new Map(
        names.map((name) => {
          const { data } = normal.graph.initializers.get(name)!
          return [name, Float32Array.from(data as Float32Array, (value) => value * (0.9 + 0.2 * random.uniform()))]
        }),
      )
      const weights = new Map(
        [...values].map(([name, data]) => [name, tensor('float32', normal.graph.initializers.get(name)!.dims, data)]),
      )
      const open = await model(name, { trainable: names })
      const now = open.withWeights(weights)
      const file = writeModel(modelWithWeights(source, values))
      const fresh = await classifierFrom(readModel(file), { path: 'fresh', sha256: '' })
      const [before, changed] = [await computed(probe), await computed(now)]
      close(changed, await computed(fresh))
      expect(relativeError(changed.logits!, before.logits!)).toBeGreaterThan(1e-3)
      // The network that others were made from stays what it was.
      await now.release()
      close(await computed(open), before)
      await Promise.all([probe, open, fresh].map((classifier) => classifier.release()))
    },
  )

  it('are the same file where nothing changed', async () => {
    for (const name of ['mnist-cnn', 'fashion-resnet-bn', 'seq-transformer']) {
      const { source, release, ...probe } = await model(name)
      const { trainable, statistics, graph } = trainingGraph({ source, ...probe })
      const same = new Map(
        [...trainable, ...statistics.map(({ name }) => name)].map((name) => [
          name,
          graph.initializers.get(name)!.data as Float32Array,
        ]),
      )
      expect(Buffer.compare(writeModel(modelWithWeights(source, same)), writeModel(source)), name).toBe(0)
      await release()
    }
  })
})
