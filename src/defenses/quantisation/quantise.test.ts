import { describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { type Classifier, type ClassifierOptions, classifierFrom } from '../../models/classifier.ts'
import { type GraphBuilder, graphBuilder, type Value } from '../../onnx/builder.ts'
import { readModel } from '../../onnx/read.ts'
import { modelOf } from '../../onnx/session.ts'
import { toNumbers } from '../../onnx/tensor.ts'
import type { Model } from '../../onnx/types.ts'
import { writeModel } from '../../onnx/write.ts'
import { targetOf } from '../../threat/target.ts'
import { quantisationKey, quantise } from './quantise.ts'

const rows = 32
const images = (() => {
  const random = stream('images')
  return Float32Array.from({ length: rows * 2 * 8 * 8 }, () => random.uniform())
})()

const weight = (g: GraphBuilder, dims: readonly number[]): Value => {
  const random = stream('weight', ...dims)
  const size = dims.reduce((product, dim) => product * dim, 1)
  const scale = 1 / Math.sqrt(size / dims[0]!)
  return g.constant(
    'float32',
    dims,
    Array.from({ length: size }, () => scale * random.normal()),
  )
}

/** What `build` makes of images [n, 2, 8, 8]. */
const modelWith = (build: (g: GraphBuilder, x: Value) => Value, like: Partial<Model> = {}): Model => {
  const g = graphBuilder()
  g.output('scores', build(g, g.input('pixels', 'float32', ['n', 2, 8, 8])))
  return { ...modelOf(g.build()), metadata: { author: 'somebody' }, ...like }
}

const network = (g: GraphBuilder, x: Value): Value => {
  const filtered = g.op('Relu', [g.op('Conv', [x, weight(g, [6, 2, 3, 3]), weight(g, [6])], { pads: [1, 1, 1, 1] })])
  const pooled = g.op('MaxPool', [filtered], { kernel_shape: [2, 2], strides: [2, 2] })
  const flat = g.op('Flatten', [pooled], { axis: 1 })
  const hidden = g.op('Relu', [g.op('Gemm', [flat, weight(g, [20, 96]), weight(g, [20])], { transB: 1 })])
  return g.matmul(hidden, weight(g, [20, 4]))
}

const opened = (model: Model, options: ClassifierOptions = {}): Promise<Classifier> =>
  classifierFrom(model, { path: 'model.onnx', sha256: '', ...options })

const logitsOf = (classifier: Classifier, x = images): Promise<Float32Array> =>
  targetOf(classifier, 'scores').logits(x, rows)

const quantised = async (model: Model, options: ClassifierOptions = {}, x = images) => {
  const result = await quantise(await opened(model, options), { x, rows })
  return { ...result, model: readModel(writeModel(result.model)) }
}

/** Largest difference, in units of the standard deviation of `wanted`. */
const excess = (measured: Float32Array, wanted: Float32Array): number => {
  const mean = wanted.reduce((sum, value) => sum + value, 0) / wanted.length
  const deviation = Math.sqrt(wanted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / wanted.length)
  return measured.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0) / deviation
}

describe('quantise', () => {
  it('keeps what the network computes, its names and its metadata', async () => {
    const model = modelWith(network)
    const { model: after, layers, left } = await quantised(model)
    expect(excess(await logitsOf(await opened(after)), await logitsOf(await opened(model)))).toBeLessThan(0.05)
    expect([after.graph.inputs, after.graph.outputs]).toEqual([model.graph.inputs, model.graph.outputs])
    expect(after.metadata).toMatchObject({ author: 'somebody', [quantisationKey]: expect.stringContaining('32 rows') })
    expect(layers.map(({ op, bias }) => [op, bias])).toEqual([
      ['Conv', 'int32'],
      ['Gemm', 'int32'],
      ['MatMul', 'none'],
    ])
    expect(left).toEqual([])
  })

  it('holds weights in int8 by channel, biases in int32, and no floats but the scales', async () => {
    const { model, layers } = await quantised(modelWith(network))
    const tensors = [...model.graph.initializers.values()]
    const weights = tensors.filter(({ dtype, dims }) => dtype === 'int8' && dims.length > 1)
    expect(weights.map(({ dims }) => dims)).toEqual([
      [6, 2, 3, 3],
      [20, 96],
      [20, 4],
    ])
    expect(layers.map(({ scales }) => scales.length)).toEqual([6, 20, 4])
    const biases = [...model.graph.initializers].filter(([name]) => name.endsWith('/int32'))
    expect(biases.map(([, { dtype, dims }]) => [dtype, ...dims])).toEqual([
      ['int32', 6],
      ['int32', 20],
    ])
    for (const { dtype, dims } of tensors) if (dtype === 'float32') expect(dims.length).toBeLessThanOrEqual(1)
  })

  it('takes ranges after the preprocessing, where the file sees them', async () => {
    const model = modelWith(network)
    const options = { preprocessing: { scale: 1 / 255, mean: [0.5, 0.5], std: [0.25, 0.25] } }
    const bytes = images.map((value) => Math.round(255 * value))
    const { model: after, layers } = await quantised(model, options, bytes)
    expect(layers[0]!.input.low).toBeCloseTo(-2, 1)
    expect(layers[0]!.input.high).toBeCloseTo(2, 1)
    const [is, was] = await Promise.all([opened(after, options), opened(model, options)])
    expect(excess(await logitsOf(is, bytes), await logitsOf(was, bytes))).toBeLessThan(0.05)
  })

  it('with 7 bits uses half the codes', async () => {
    const classifier = await opened(modelWith(network))
    const { model } = await quantise(classifier, { x: images, rows }, { weightBits: 7 })
    const codes = [...model.graph.initializers.values()]
      .filter(({ dtype, dims }) => dtype === 'int8' && dims.length > 1)
      .flatMap(toNumbers)
    expect([Math.min(...codes), Math.max(...codes)]).toEqual([-63, 63])
    expect(excess(await logitsOf(await opened(model)), await logitsOf(classifier))).toBeLessThan(0.1)
  })

  it('brings models from before scales by axis to the newest operator set', async () => {
    const model = modelWith(network)
    const old = { ...model, opsets: { '': 11 }, irVersion: 3 }
    const listed = [...old.graph.initializers].map(([name, { dtype, dims }]) => ({ name, dtype, dims }))
    const graph = { ...old.graph, inputs: [...old.graph.inputs, ...listed] }
    const { model: after } = await quantised({ ...old, graph })
    expect(after.opsets['']).toBeGreaterThanOrEqual(13)
    const remaining = after.graph.inputs.map(({ name }) => name)
    for (const { name } of listed) expect(remaining.includes(name)).toBe(after.graph.initializers.has(name))
    expect(excess(await logitsOf(await opened(after)), await logitsOf(await opened(model)))).toBeLessThan(0.05)
  })

  it('quantises what two layers share once', async () => {
    const { model } = await quantised(
      modelWith((g, x) => {
        const flat = g.op('Flatten', [x], { axis: 1 })
        const shared = weight(g, [128, 5])
        return g.add(g.matmul(flat, shared), g.matmul(flat, shared))
      }),
    )
    const count = (op: string): number => model.graph.nodes.filter((node) => node.op === op).length
    expect([count('QuantizeLinear'), count('DequantizeLinear'), count('MatMul')]).toEqual([1, 2, 2])
  })

  it('leaves what it can not hold, and says why', async () => {
    const { layers, left } = await quantised(
      modelWith((g, x) => {
        const flat = g.op('Flatten', [x], { axis: 1 })
        const product = g.matmul(flat, g.matmul(g.transpose(flat, [1, 0]), flat))
        // A bias of 1e9 steps and more of its scale does not fit in 32 bits.
        const bias = g.constant('float32', [3], [1e9, 0, 0])
        return g.op('Gemm', [product, weight(g, [3, 128]), bias], { transB: 1 })
      }),
    )
    expect(layers.map(({ op, bias }) => [op, bias])).toEqual([['Gemm', 'float32']])
    expect(left.map(({ op, reason }) => [op, reason])).toEqual([
      ['MatMul', 'its second factor is no constant'],
      ['MatMul', 'its second factor is no constant'],
    ])
  })

  it('is the same bytes twice', async () => {
    const [a, b] = await Promise.all([quantised(modelWith(network)), quantised(modelWith(network))])
    expect(writeModel(a.model)).toEqual(writeModel(b.model))
  })

  it('refuses models without layers, rows that are none, and values without end', async () => {
    const nothing = await opened(modelWith((g, x) => g.op('Flatten', [g.op('GlobalAveragePool', [x])], { axis: 1 })))
    await expect(quantise(nothing, { x: images, rows })).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    const classifier = await opened(modelWith(network))
    for (const [x, count] of [
      [new Float32Array(0), 0],
      [images, rows - 1],
    ] as const)
      await expect(quantise(classifier, { x, rows: count })).rejects.toMatchObject({ code: 'DATA_SHAPE_MISMATCH' })
    const endless = images.with(5, Number.POSITIVE_INFINITY)
    await expect(quantise(classifier, { x: endless, rows })).rejects.toMatchObject({ code: 'MODEL_OUTPUT_INVALID' })
  })
})
