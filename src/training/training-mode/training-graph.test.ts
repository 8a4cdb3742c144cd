import { describe, expect, it } from 'vitest'
import type { Feed, Feeds } from '../../onnx/session.ts'
import { tensor } from '../../onnx/tensor.ts'
import { network, normals, trainingSession } from './testing.ts'
import { trainingGraph } from './training-graph.ts'

const rows = 6
const labels: Feed = { dtype: 'int64', dims: [rows], data: BigInt64Array.from([0n, 1n, 2n, 0n, 1n, 2n]) }

const floats = (feed: Feed | undefined): Float32Array => feed!.data as Float32Array

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, within: number) => {
  expect(actual.length).toBe(expected.length)
  for (let i = 0; i < actual.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(within)
}

describe('batch normalisation in training', () => {
  it.each([
    [[2, 3, 4], 12],
    [[5], 1],
  ] as const)('of rows %j normalises by the batch and moves the running statistics', async (row, positions) => {
    const model = await network('batchnorm, dense classes', row)
    const trained = trainingGraph(model)
    expect(trained.trainable).toEqual(['bn1.weight', 'bn1.bias', 'fc1.weight', 'fc1.bias'])
    expect(trained.statistics.map(({ name }) => name)).toEqual(['bn1.running_mean', 'bn1.running_var'])
    const session = await trainingSession(model, trained)
    const input = normals([rows, ...row], 'rows')
    const results = await session.run({ input, labels })
    await session.release()
    const x = floats(input)
    const [channels, size] = [row[0], x.length / rows]
    const given = (name: string) => floats(session.fixed[name])
    const normalised = new Float32Array(x.length)
    for (let c = 0; c < channels; c++) {
      const at = Array.from({ length: rows * positions }, (_, i) => {
        return Math.floor(i / positions) * size + c * positions + (i % positions)
      })
      const mean = at.reduce((sum, i) => sum + x[i]!, 0) / at.length
      const variance = at.reduce((sum, i) => sum + (x[i]! - mean) ** 2, 0) / at.length
      const moved = (name: string, of: number) => 0.9 * given(name)[c]! + 0.1 * of
      expect(floats(results['updated:bn1.running_mean'])[c]).toBeCloseTo(moved('bn1.running_mean', mean), 5)
      expect(floats(results['updated:bn1.running_var'])[c]).toBeCloseTo(moved('bn1.running_var', variance), 5)
      for (const i of at)
        normalised[i] = (given('bn1.weight')[c]! * (x[i]! - mean)) / Math.sqrt(variance + 1e-5) + given('bn1.bias')[c]!
    }
    const expected = Array.from({ length: rows * 3 }, (_, i) => {
      const [n, k] = [Math.floor(i / 3), i % 3]
      const weight = given('fc1.weight').subarray(k * size, (k + 1) * size)
      return weight.reduce((sum, w, j) => sum + w * normalised[n * size + j]!, given('fc1.bias')[k]!)
    })
    close(floats(results.logits), expected, 1e-5)
  })

  it('keeps its statistics where they are to be kept', async () => {
    const model = await network('batchnorm, dense classes', [2, 3, 4])
    const trained = trainingGraph(model, { batchNormalization: 'inference' })
    expect(trained.statistics).toEqual([])
    expect(trained.notes).toEqual([])
    expect(trained.trainable).toContain('bn1.weight')
    const { outputs, attributes } = trained.graph.nodes.find(({ op }) => op === 'BatchNormalization')!
    expect(outputs.length).toBe(1)
    expect(attributes.training_mode?.value).toBe(0)
  })

  it('leaves statistics alone that two layers share, and says so', async () => {
    const model = await network('batchnorm, tanh, batchnorm, dense classes', [4])
    const shared = model.model.graph.nodes.map((node) =>
      node.op === 'BatchNormalization'
        ? { ...node, inputs: [...node.inputs.slice(0, 3), 'bn1.running_mean', 'bn1.running_var'] }
        : node,
    )
    const trained = trainingGraph({
      ...model,
      model: { ...model.model, graph: { ...model.model.graph, nodes: shared } },
    })
    expect(trained.statistics).toEqual([])
    expect(trained.notes).toEqual([expect.stringContaining('2 batch normalisations keep')])
  })
})

describe('gradients in training', () => {
  it.each([
    ['conv 4 3, batchnorm, tanh, dropout 0.3, dense classes', [2, 4, 4]],
    ['dense 8, batchnorm, swish, dropout, dense classes', [5]],
    ['residual [ conv 4 3 stride 2 bias no, batchnorm ], gelu, globalavgpool, dense classes', [2, 4, 4]],
  ] as const)('of %s agree with central differences', async (text, row) => {
    const model = await network(text, row)
    const trained = trainingGraph(model)
    const session = await trainingSession(model, trained)
    const masks = trained.masks.map(({ name, dims, ratio }) => {
      const { data } = normals([rows, ...dims], name)
      const kept = Float32Array.from(data as Float32Array, (z) => (z > 0 ? 1 / (1 - ratio) : 0))
      return [name, { dtype: 'float32', dims: [rows, ...dims], data: kept }] as const
    })
    const feeds: Feeds = { input: normals([rows, ...row], text), labels, ...Object.fromEntries(masks) }
    const results = await session.run(feeds)
    const step = 1e-2
    let slopes = 0
    for (const name of trained.trainable) {
      const gradient = floats(results[`gradient:${name}`])
      const weight = session.fixed[name]!
      const norm = Math.hypot(...gradient)
      // A bias before batch normalisation changes nothing: float32 losses resolve no such slope.
      if (norm < 1e-4) continue
      for (const along of [
        gradient,
        floats(normals(weight.dims, name, 'a')),
        floats(normals(weight.dims, name, 'b')),
      ]) {
        const length = Math.hypot(...along)
        const at = async (by: number) => {
          const data = floats(weight).map((value, i) => value + (by * along[i]!) / length)
          return floats((await session.run({ ...feeds, [name]: { ...weight, data } })).loss)[0]!
        }
        const slope = ((await at(step)) - (await at(-step))) / (2 * step)
        const expected = gradient.reduce((sum, value, i) => sum + (value * along[i]!) / length, 0)
        expect(Math.abs(slope - expected) / norm, name).toBeLessThan(5e-3)
        slopes++
      }
    }
    expect(slopes).toBeGreaterThanOrEqual(12)
    await session.release()
  })
})

describe('dropout in training', () => {
  const text = 'conv 2 3, dropout 0.25, dense classes'

  it('is a product with a mask that is fed', async () => {
    const model = await network(text, [1, 4, 4])
    const trained = trainingGraph(model)
    expect(trained.masks).toEqual([{ name: expect.stringContaining('dropout1'), dims: [2, 4, 4], ratio: 0.25 }])
    expect(trained.graph.nodes.map(({ op }) => op)).not.toContain('Dropout')
    const session = await trainingSession(model, trained)
    const input = normals([rows, 1, 4, 4], 'rows')
    const mask = (value: number): Feeds => ({
      [trained.masks[0]!.name]: {
        dtype: 'float32',
        dims: [rows, 2, 4, 4],
        data: new Float32Array(rows * 32).fill(value),
      },
    })
    const program = await model.program({ key: 'logits', inputs: {}, build: ({ logits }) => ({ logits }) })
    const { logits } = await program.run(rows, { x: floats(input) })
    close(floats((await session.run({ input, labels, ...mask(1) })).logits), logits!, 1e-6)
    const dropped = floats((await session.run({ input, labels, ...mask(0) })).logits)
    close(dropped, Array.from({ length: rows }, () => [...floats(session.fixed['fc1.bias'])]).flat(), 1e-6)
    await session.release()
    await model.release()
  })

  it('that is on in the file is fed all the same, with a note that it stays on there', async () => {
    const model = await network(text, [1, 4, 4])
    const { graph } = model.model
    const nodes = graph.nodes.map((node) =>
      node.op === 'Dropout' ? { ...node, inputs: [...node.inputs, 'training'] } : node,
    )
    const initializers = new Map([...graph.initializers, ['training', tensor('bool', [], [1])] as const])
    const trained = trainingGraph({ ...model, model: { ...model.model, graph: { ...graph, nodes, initializers } } })
    expect(trained.masks.length).toBe(1)
    expect(trained.notes).toEqual([expect.stringContaining('evaluation mode')])
  })

  it('of ratio 0 needs no mask', async () => {
    expect(trainingGraph(await network(text.replace('0.25', '0'), [1, 4, 4])).masks).toEqual([])
  })

  it('does nothing where its ratio is not known, and says so', async () => {
    const model = await network(text, [1, 4, 4])
    const nodes = model.model.graph.nodes.map((node) =>
      node.op === 'Dropout' ? { ...node, inputs: [node.inputs[0]!, 'elsewhere'] } : node,
    )
    const trained = trainingGraph({ ...model, model: { ...model.model, graph: { ...model.model.graph, nodes } } })
    expect(trained.masks).toEqual([])
    expect(trained.notes).toEqual([expect.stringContaining('Dropout "dropout1" does nothing')])
    expect(trained.graph.nodes.find(({ name }) => name === 'dropout1')!.op).toBe('Identity')
  })
})

describe('the choice of weights', () => {
  it('takes names and patterns, and never running statistics', async () => {
    const model = await network('conv 2 3, batchnorm, dense 4, relu, dense classes', [1, 4, 4])
    expect(trainingGraph(model, { weights: ['fc2.*', 'fc1.bias'] }).trainable).toEqual([
      'fc1.bias',
      'fc2.weight',
      'fc2.bias',
    ])
    expect(trainingGraph(model, { weights: ['*'] }).trainable).toEqual(trainingGraph(model).trainable)
  })

  it('names the weight nearest to one that is not there', async () => {
    const model = await network('dense classes', [4])
    expect(() => trainingGraph(model, { weights: ['fc1.weigth'] })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', hint: 'did you mean "fc1.weight"?' }),
    )
  })

  it('refuses a network without any', async () => {
    const model = await network('tanh', [3])
    expect(() => trainingGraph(model)).toThrow(expect.objectContaining({ code: 'GRAPH_NOT_DIFFERENTIABLE' }))
  })
})
