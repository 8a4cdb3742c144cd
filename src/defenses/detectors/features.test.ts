import { describe, expect, it } from 'vitest'
import { openClassifier } from '../../models/classifier.ts'
import { featuresAt, featuresOf } from '../../models/features.ts'
import { type GraphBuilder, graphBuilder, type Value } from '../../onnx/builder.ts'
import { modelOf } from '../../onnx/session.ts'
import { classifierOf, featuresOfRow, hidden, pictures, rowOf } from './testing.ts'

/** The features of rows of four values, of a model whose last output `build` makes. */
const features = async (x: readonly number[], build: (g: GraphBuilder, x: Value) => Value): Promise<number[]> => {
  const g = graphBuilder()
  g.output('scores', build(g, g.input('x', 'float32', ['n', 4])))
  const model = await classifierOf(modelOf(g.build()))
  return [...(await featuresAt({ model }, Float32Array.from(x), x.length / 4))]
}
const weights = (g: GraphBuilder, inputs: number, units: number): Value =>
  g.constant(
    'float32',
    [inputs, units],
    Array.from({ length: inputs * units }, (_, i) => Math.sin(i)),
  )

describe('the penultimate features', () => {
  it('are the input of the last layer', async () => {
    const rows = pictures(3)
    const found = await featuresAt({ model: await classifierOf() }, rows.x, 3)
    for (let row = 0; row < 3; row++)
      for (const [i, value] of featuresOfRow(rowOf(rows, row)).entries())
        expect(found[row * hidden + i]).toBeCloseTo(value, 5)
  })

  it.each([
    [
      'a matrix product with a bias',
      (g, h) => g.add(g.constant('float32', [3], [1, 2, 3]), g.matmul(h, weights(g, 4, 3))),
    ],
    ['a softmax', (g, h) => g.softmax(g.op('Gemm', [h, weights(g, 4, 3)]), 1)],
    ['a temperature', (g, h) => g.div(g.matmul(h, weights(g, 4, 3)), 2)],
    ['a single binary score', (g, h) => g.sigmoid(g.matmul(h, weights(g, 4, 1)))],
    ['a reshaped output', (g, h) => g.reshape(g.op('Identity', [g.matmul(h, weights(g, 4, 3))]), [-1, 3])],
  ] satisfies readonly (readonly [string, (g: GraphBuilder, h: Value) => Value])[])(
    'are found behind %s',
    async (_, last) => {
      expect(await features([1, -2, 3, -4], (g, x) => last(g, g.op('Relu', [x])))).toEqual([1, 0, 3, 0])
    },
  )

  it('are missing where trees or a convolution make the scores', async () => {
    const forest = new URL('../../../test/fixtures/models/breast-cancer-forest.onnx', import.meta.url).pathname
    const model = await openClassifier(forest)
    await expect(featuresAt({ model }, new Float32Array(30), 1)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    const convolved = features([1, 2, 3, 4], (g, x) => {
      const picture = g.reshape(x, [-1, 1, 2, 2])
      return g.op('Flatten', [g.op('Conv', [picture, g.constant('float32', [3, 1, 2, 2], Array(12).fill(1))])], {
        axis: 1,
      })
    })
    await expect(convolved).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
  })

  it('need one vector a row', () => {
    const g = graphBuilder()
    const h = g.input('h', 'float32', ['n', 'm'])
    expect(() => featuresOf({ g, logits: g.matmul(h, g.input('w', 'float32', ['m', 3])) })).toThrow(
      expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }),
    )
  })
})
