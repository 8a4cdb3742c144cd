import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stream } from '../../src/base/random.ts'
import { readNpz } from '../../src/data/index.ts'
import { addGradient } from '../../src/onnx/autodiff/gradient.ts'
import { graphBuilder } from '../../src/onnx/builder.ts'
import { crossEntropy } from '../../src/onnx/losses.ts'
import { normalise } from '../../src/onnx/normalise.ts'
import { readModel } from '../../src/onnx/read.ts'
import { createSession, type Feed, type Feeds, modelOf } from '../../src/onnx/session.ts'
import { sizeOf } from '../../src/onnx/tensor.ts'
import type { Model } from '../../src/onnx/types.ts'

const fixture = (...path: readonly string[]): string => join(import.meta.dirname, '..', 'fixtures', ...path)
const open = async (name: string): Promise<Model> =>
  normalise(readModel(await readFile(fixture('models', `${name}.onnx`))))

/** The model with its cross-entropy loss and the loss's gradient for a value; initializers that are named become inputs. */
const withGradient = (model: Model, wanted: string) => {
  const weight = model.graph.initializers.get(wanted)
  const initializers = new Map(model.graph.initializers)
  initializers.delete(wanted)
  const inputs = weight ? [...model.graph.inputs, { name: wanted, ...weight }] : model.graph.inputs
  const base = graphBuilder({ ...model.graph, initializers, inputs })
  const labels = base.input('labels', 'int64', ['batch'])
  const loss = base.output('loss', crossEntropy(base, base.value('logits'), labels))
  const graph = base.build()
  const g = graphBuilder(graph)
  const [gradient] = addGradient(g, graph, { of: loss, withRespectTo: [g.value(wanted)] })
  g.output('gradient', gradient!)
  return createSession(modelOf(g.build(['loss', 'gradient']), model))
}

const relativeError = (values: ArrayLike<number>, reference: ArrayLike<number>): number => {
  const difference = Array.from(reference, (x, i) => values[i]! - x)
  return Math.hypot(...difference) / Math.hypot(...Array.from(reference))
}

describe.each(['seq-lstm', 'seq-transformer'])('%s', (name) => {
  it('has the input gradients that torch computes', async () => {
    const reference = await readNpz(fixture('results', `${name}.gradients.npz`))
    const session = await withGradient(await open(name), 'input')
    const results = await session.run({
      input: { dtype: 'float32', dims: reference.x!.shape, data: reference.x!.data as Float32Array },
      labels: {
        dtype: 'int64',
        dims: reference.y!.shape,
        data: BigInt64Array.from(reference.y!.data as ArrayLike<bigint>),
      },
    })
    await session.release()
    expect(relativeError(results.loss!.data as Float32Array, reference.loss!.data as Float32Array)).toBeLessThan(1e-5)
    expect(relativeError(results.gradient!.data as Float32Array, reference.grad!.data as Float32Array)).toBeLessThan(
      1e-5,
    )
  })
})

describe('token-transformer', () => {
  it('has the gradient of its embedding table that central differences give', async () => {
    const model = await open('token-transformer')
    const reference = await readNpz(fixture('results', 'token-transformer.gradients.npz'))
    const lookup = model.graph.nodes.find(({ op, inputs }) => op === 'Gather' && inputs[1] === 'input_ids')!
    const table = lookup.inputs[0]!
    const { dims, data } = model.graph.initializers.get(table)!
    const session = await withGradient(model, table)
    const feeds: Feeds = {
      input_ids: { dtype: 'int64', dims: reference.x!.shape, data: reference.x!.data as BigInt64Array },
      labels: { dtype: 'int64', dims: reference.y!.shape, data: reference.y!.data as BigInt64Array },
    }
    const at = (values: Float32Array): Promise<Record<string, Feed>> =>
      session.run({ ...feeds, [table]: { dtype: 'float32', dims, data: values } })
    const random = stream('direction')
    const direction = Float32Array.from({ length: sizeOf(dims) }, () => random.normal())
    const weights = data as Float32Array
    const lossAt = async (by: number) => {
      const { loss } = await at(weights.map((w, i) => w + by * direction[i]!))
      return (loss!.data as Float32Array).reduce((a, b) => a + b, 0)
    }
    const numeric = ((await lossAt(1e-3)) - (await lossAt(-1e-3))) / 2e-3
    const gradient = (await at(weights)).gradient!.data as Float32Array
    const analytic = gradient.reduce((sum, x, i) => sum + x * direction[i]!, 0)
    await session.release()
    expect(gradient.length).toBe(sizeOf(dims))
    expect(Math.abs(analytic - numeric) / Math.abs(numeric)).toBeLessThan(5e-3)
  })
})
