import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { classifierFrom } from '../../models/classifier.ts'
import { graphBuilder } from '../../onnx/builder.ts'
import { readModel } from '../../onnx/read.ts'
import { createSession, modelOf } from '../../onnx/session.ts'
import { sizeOf, tensor } from '../../onnx/tensor.ts'
import type { Graph, Model, Node } from '../../onnx/types.ts'
import { writeModel } from '../../onnx/write.ts'
import type { AnyParameters } from '../../threat/parameters.ts'
import { transforms, transformsOf } from './index.ts'
import { outputOf, randomValues } from './testing.ts'
import { type InputRange, withTransform } from './with-transform.ts'

const fixture = (name: string): Model =>
  readModel(readFileSync(new URL(`../../../test/fixtures/models/${name}.onnx`, import.meta.url)))

const unit: InputRange = { low: 0, high: 1 }
const put = (source: Model, id: string, dims: readonly number[], parameters: AnyParameters = {}, range = unit) =>
  withTransform(source, { name: source.graph.inputs[0]!.name, dims }, transforms.get(id)!, parameters, range)

const run = async (
  model: Model,
  dims: readonly number[],
  x: Float32Array,
): Promise<Record<string, readonly number[]>> => {
  const session = await createSession(writeModel(model))
  const feed = { dtype: 'float32', dims: [x.length / sizeOf(dims), ...dims], data: x } as const
  const outputs = await session.run({ [session.inputs[0]!]: feed })
  await session.release()
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, Array.from(data, Number)]))
}

const closeTo = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 4))

/** A model of one node, for files of other versions. */
const oneNode = (node: Partial<Node>, opsets: Model['opsets'], dims: readonly number[]): Model => {
  const graph: Graph = {
    name: 'one',
    inputs: [{ name: 'x', dtype: 'float32', dims: ['n', ...dims] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: undefined }],
    initializers: new Map(),
    nodes: [{ name: 'node', op: 'Identity', domain: '', inputs: ['x'], outputs: ['y'], attributes: {}, ...node }],
  }
  return { ...modelOf(graph), opsets, irVersion: 4 }
}

describe('withTransform', () => {
  it('is one node in front, and leaves names, weights, operator set and metadata as they are', () => {
    const source = { ...fixture('fashion-resnet'), metadata: { author: 'somebody' } }
    const model = readModel(writeModel(put(source, 'jpeg', [1, 28, 28], { quality: 60 })))
    expect(model.graph.nodes.length).toBe(source.graph.nodes.length + 1)
    expect(model.graph.nodes[0]).toMatchObject({ op: 'Jpeg', domain: 'bartizan', inputs: ['input'] })
    expect(model.graph.inputs).toEqual(source.graph.inputs)
    expect(model.graph.outputs).toEqual(source.graph.outputs)
    expect(model.graph.initializers).toEqual(source.graph.initializers)
    expect(model.metadata).toEqual(source.metadata)
    expect(model.opsets).toEqual({ ...source.opsets, bartizan: 1 })
    expect(model.functions.map(({ name }) => name)).toEqual(['Round', 'Clip', 'Jpeg'])
  })

  it.each([...transforms.values()].filter(({ random }) => !random))(
    '$id: a plain session gives what the model makes of transformed rows',
    async ({ id }) => {
      const dims = [1, 28, 28]
      const [source, x] = [fixture('fashion-resnet'), randomValues(3 * 784, 'rows')]
      const { logits } = await run(put(source, id, dims), dims, x)
      const { logits: expected } = await run(source, dims, await outputOf({ id, dims, x }))
      expect(logits).toEqual(closeTo(expected!))
    },
  )

  it.each([...transforms.values()])(
    '$id: keeps shape and range, and the classifier is differentiable',
    async ({ id }) => {
      const dims = [3, 12, 9]
      const x = randomValues(24 * 324, 'range').map((value) => 4 * value - 1)
      const range = { low: -1, high: 3 }
      const y = await outputOf({ id, dims, x, range })
      expect(y.length).toBe(x.length)
      expect(Math.min(...y)).toBeGreaterThanOrEqual(-1)
      expect(Math.max(...y)).toBeLessThanOrEqual(3)
      expect(y).not.toEqual(x)
      const g = graphBuilder()
      const flat = g.op('Flatten', [g.input('x', 'float32', ['n', ...dims])])
      g.output('logits', g.matmul(flat, g.constant('float32', [324, 2], Array.from(randomValues(648, 'weights')))))
      const model = readModel(writeModel(put(modelOf(g.build()), id, dims, {}, range)))
      const classifier = await classifierFrom(model, { path: '', sha256: '' })
      expect(classifier.differentiable).toEqual({ ok: true })
      await classifier.release()
    },
  )

  it('of several, the last acts first; each keeps its parameters', async () => {
    const g = graphBuilder()
    g.output('y', g.op('Identity', [g.input('x', 'float32', ['n', 4])]))
    const fine = put(modelOf(g.build()), 'bit-depth', [4], { bits: 2 })
    const both = readModel(writeModel(put(fine, 'bit-depth', [4], { bits: 1 })))
    expect(transformsOf(both).map(({ transform, parameters }) => [transform.id, parameters])).toEqual([
      ['bit-depth', { bits: 1, low: 0, high: 1 }],
      ['bit-depth', { bits: 2, low: 0, high: 1 }],
    ])
    const x = Float32Array.from([0.1, 0.4, 0.6, 0.9])
    expect((await run(both, [4], x)).y).toEqual([0, 0, 1, 1])
    expect((await run(fine, [4], x)).y).toEqual([0, 1 / 3, 2 / 3, 1].map((value) => expect.closeTo(value, 6)))
  })

  it('brings old operator sets up to date', async () => {
    const axes = { type: 'ints', value: [1] } as const
    const old = oneNode({ op: 'Squeeze', attributes: { axes } }, { '': 11 }, [1, 8, 8])
    const model = put(old, 'median-smoothing', [1, 8, 8])
    expect(model.opsets['']).toBe(21)
    const x = randomValues(64, 'old')
    const expected = await outputOf({ id: 'median-smoothing', dims: [1, 8, 8], x })
    expect((await run(model, [1, 8, 8], x)).y).toEqual([...expected])
  })

  it('rewires graphs inside nodes', async () => {
    const branch = (op: string): Graph => ({
      name: op,
      inputs: [],
      outputs: [{ name: `${op}/y`, dtype: 'float32', dims: undefined }],
      initializers: new Map(),
      nodes: [{ name: op, op, domain: '', inputs: ['x'], outputs: [`${op}/y`], attributes: {} }],
    })
    const conditional = oneNode(
      {
        op: 'If',
        inputs: ['yes'],
        attributes: {
          then_branch: { type: 'graph', value: branch('Neg') },
          else_branch: { type: 'graph', value: branch('Abs') },
        },
      },
      { '': 17 },
      [2],
    )
    const source = {
      ...conditional,
      graph: { ...conditional.graph, initializers: new Map([['yes', tensor('bool', [], [1])]]) },
    }
    const model = put(source, 'bit-depth', [2], { bits: 1 })
    expect((await run(model, [2], Float32Array.from([0.2, 0.8]))).y).toEqual([-0, -1])
  })

  it('works on tables by their bits, trees included', async () => {
    const source = fixture('breast-cancer-forest')
    const x = randomValues(60, 'table').map((value) => 100 * value)
    const range = { low: 0, high: 100 }
    const model = put(source, 'bit-depth', [30], { bits: 3 }, range)
    const rounded = await outputOf({ id: 'bit-depth', parameters: { bits: 3 }, dims: [30], x, range })
    const [actual, expected] = [await run(model, [30], x), await run(source, [30], rounded)]
    expect(actual.probabilities).toEqual(closeTo(expected.probabilities!))
  })
})

describe('what is refused', () => {
  it.each(['jpeg', 'median-smoothing', 'random-resize-pad'])('%s on tables, with what to do instead', (id) => {
    expect(() => put(fixture('breast-cancer-mlp'), id, [30])).toThrow(
      expect.objectContaining({ code: 'MODEL_UNSUPPORTED', hint: expect.stringContaining('bit-depth') }),
    )
  })

  it('inputs that are missing or hold whole numbers', () => {
    const source = fixture('breast-cancer-mlp')
    const input = { name: 'pixels', dims: [30] }
    expect(() => withTransform(source, input, transforms.get('bit-depth')!, {}, unit)).toThrow(
      expect.objectContaining({ code: 'MODEL_UNSUPPORTED', hint: expect.stringContaining('"input"') }),
    )
    expect(() => put(fixture('token-transformer'), 'bit-depth', [49])).toThrow(
      expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }),
    )
  })

  it('parameters that do not exist or are out of bounds, and ranges without an interval', () => {
    const source = fixture('breast-cancer-mlp')
    const wrong: readonly AnyParameters[] = [{ bit: 3 }, { bits: 0 }, { bits: 2.5 }]
    for (const parameters of wrong)
      expect(() => put(source, 'bit-depth', [30], parameters)).toThrow(expect.objectContaining({ code: 'USAGE' }))
    expect(() => put(source, 'bit-depth', [30], {}, { low: 1, high: 1 })).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    )
  })

  it('models that call something else bartizan:Round', () => {
    const source = put(fixture('breast-cancer-mlp'), 'bit-depth', [30])
    const functions = source.functions.map((definition) =>
      definition.name === 'Round'
        ? { ...definition, nodes: definition.nodes.map((node) => ({ ...node, op: 'Floor' })) }
        : definition,
    )
    expect(() => put({ ...source, functions }, 'bit-depth', [30])).toThrow(
      expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }),
    )
  })
})
