import { describe, expect, it } from 'vitest'
import { pgd } from '../../src/attacks/evasion/gradient/pgd.ts'
import { contextFor } from '../../src/attacks/testing.ts'
import { argmaxRows } from '../../src/base/argmax.ts'
import { readNpz } from '../../src/data/index.ts'
import { quantise } from '../../src/defenses/quantisation/index.ts'
import { type Classifier, classifierFrom } from '../../src/models/classifier.ts'
import { gradientRules } from '../../src/onnx/autodiff/rules/index.ts'
import { crossEntropy } from '../../src/onnx/losses.ts'
import { readModel } from '../../src/onnx/read.ts'
import { ruleKey } from '../../src/onnx/shapes/infer.ts'
import { toNumbers } from '../../src/onnx/tensor.ts'
import { writeModel } from '../../src/onnx/write.ts'
import { resolveParameters } from '../../src/threat/parameters.ts'
import { toInt64 } from '../../src/threat/rows.ts'
import { targetOf } from '../../src/threat/target.ts'
import { digits, fixture, model, relativeError, stored } from '../support/fixtures.ts'

/** The int8 version of a stored model, as its file would be read. */
const int8 = async (float: Classifier, x: Float32Array, rows: number) => {
  const { model: made } = await quantise(float, { x: x.subarray(0, rows * float.size), rows })
  const file = writeModel(made)
  return { file, classifier: await classifierFrom(readModel(file), { path: 'int8.onnx', sha256: '' }) }
}

const right = async (classifier: Classifier, x: Float32Array, y: Int32Array): Promise<number> => {
  const classes = argmaxRows(await targetOf(classifier, 'scores').logits(x, y.length), classifier.classes)
  return classes.filter((c, row) => c === y[row]).length
}

describe('mnist-cnn in int8', () => {
  it('is a quarter of the file and as accurate within 1 %', async () => {
    const float = await model('mnist-cnn')
    const { x, y } = await digits(512)
    const { file, classifier } = await int8(float, x, 128)
    expect(writeModel(float.source).length / file.length).toBeGreaterThan(3.8)
    const [x2, y2] = [x.subarray(128 * float.size), y.subarray(128)]
    const [was, is] = [await right(float, x2, y2), await right(classifier, x2, y2)]
    expect(Math.abs(was - is) / y2.length).toBeLessThanOrEqual(0.01)
    await Promise.all([float.release(), classifier.release()])
  })

  it('has weights within half a step of the float ones', async () => {
    const float = await model('mnist-cnn')
    const { x } = await digits(32)
    const { classifier } = await int8(float, x, 32)
    const { initializers } = classifier.source.graph
    const names = [...float.source.graph.initializers].filter(([, { dims }]) => dims.length > 1).map(([name]) => name)
    expect(names.length).toBe(4)
    for (const name of names) {
      const weights = float.source.graph.initializers.get(name)!
      const scales = toNumbers(initializers.get(`${name}/scale`)!)
      const codes = toNumbers(initializers.get(`${name}/int8`)!)
      const perChannel = codes.length / scales.length
      const errors = toNumbers(weights).map((value, i) => {
        const scale = scales[Math.floor(i / perChannel)]!
        return Math.abs(codes[i]! * scale - value) / scale
      })
      expect(errors.reduce((most, error) => Math.max(most, error), 0)).toBeLessThanOrEqual(0.5 + 1e-4)
    }
    await Promise.all([float.release(), classifier.release()])
  })

  it('gives attackers a gradient close to the float one, which reports call an estimate', async () => {
    const { x, y } = await stored('mnist-cnn.gradients')
    const float = await model('mnist-cnn')
    const { classifier } = await int8(float, x, y.length)
    expect(classifier.differentiable).toEqual({ ok: true })
    const caveats = classifier.model.graph.nodes.map((node) => gradientRules.get(ruleKey(node))?.caveat)
    expect(caveats).toContainEqual(expect.stringContaining('straight-through'))
    const gradients = await Promise.all(
      [float, classifier].map(async (net) => {
        const program = await net.program({
          key: 'gradient',
          inputs: { labels: { dtype: 'int64', dims: [] } },
          build: ({ g, logits, input, gradient }) => ({ dX: gradient(crossEntropy(g, logits, input('labels'))) }),
        })
        const labels = toInt64(Int32Array.from(y, (label) => (label + 1) % 10))
        return (await program.run(y.length, { x, labels })).dX!
      }),
    )
    expect(relativeError(gradients[1]!, gradients[0]!)).toBeLessThan(0.2)
    await Promise.all([float.release(), classifier.release()])
  })

  it('falls to the same white-box attack', async () => {
    const { x, y } = await stored('mnist-cnn.gradients')
    const float = await model('mnist-cnn')
    const { classifier } = await int8(float, x, y.length)
    const attacked = { model: classifier, x, labels: y }
    const context = contextFor(pgd, attacked, { norm: 'linf', epsilon: 0.2 })
    const { x: candidates } = await pgd.run(context, resolveParameters(pgd.id, pgd.parameters, { steps: 20 }))
    expect(await right(classifier, x, y)).toBeGreaterThanOrEqual(15)
    expect(await right(classifier, candidates, y)).toBeLessThanOrEqual(4)
    await Promise.all([float.release(), classifier.release()])
  })
})

describe.each([
  ['fashion-resnet-bn', 'fashion-resnet.gradients', 9],
  ['seq-transformer', 'seq-transformer.gradients', 10],
  ['seq-lstm', 'seq-lstm.gradients', 1],
  ['breast-cancer-mlp', 'breast-cancer-mlp.gradients', 3],
])('%s in int8', (name, results, layers) => {
  it('decides as in floats and stays open to gradient attacks', async () => {
    const { x, y } = await stored(results)
    const float = await model(name)
    const quantised = await quantise(float, { x, rows: y.length })
    expect(quantised.layers.length).toBe(layers)
    const classifier = await classifierFrom(readModel(writeModel(quantised.model)), { path: name, sha256: '' })
    expect(classifier.differentiable).toEqual({ ok: true })
    const [was, is] = await Promise.all([float, classifier].map((net) => targetOf(net, 'scores').logits(x, y.length)))
    expect(relativeError(is!, was!)).toBeLessThan(0.1)
    await Promise.all([float.release(), classifier.release()])
  })
})

it('a model of tokens is quantised behind its embedding', async () => {
  const { x, y } = await readNpz(fixture('results/token-transformer.gradients.npz'))
  const tokens = x!.data as BigInt64Array
  const rows = y!.data.length
  const float = await model('token-transformer')
  const quantised = await quantise(float, { x: tokens, rows: rows })
  expect(quantised.layers.length).toBeGreaterThan(5)
  const classifier = await classifierFrom(readModel(writeModel(quantised.model)), { path: 'int8.onnx', sha256: '' })
  const [was, is] = await Promise.all(
    [float, classifier].map(async (net) => {
      const program = await net.program({ key: 'logits', inputs: {}, build: ({ logits }) => ({ logits }) })
      return (await program.run(rows, { x: tokens })).logits!
    }),
  )
  expect(relativeError(is!, was!)).toBeLessThan(0.1)
  await Promise.all([float.release(), classifier.release()])
})
