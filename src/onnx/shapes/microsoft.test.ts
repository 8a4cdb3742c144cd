import { describe, expect, it } from 'vitest'
import { wrongShapes } from './random-cases.ts'

const domain = 'com.microsoft'
const opsets = { 'com.microsoft': 1 }

describe('fused operators', () => {
  it('have the shapes that ONNX Runtime gives', async () => {
    expect(
      await wrongShapes('fused', (draw) => {
        const [transA, transB] = [draw.between(0, 1), draw.between(0, 1)]
        return {
          opsets,
          inputs: [
            { dims: draw.hidden([2, 3, 4], (axis) => axis < 2) },
            { dims: transA ? [2, 4, 3] : [2, 3, 4] },
            { dims: transB ? [2, 5, 4] : [2, 4, 5] },
            { dims: draw.hidden([1, 2, 7, 7], (axis) => axis !== 1) },
          ],
          build: (g, [x, a, b, picture]) => {
            const ones = g.constant('float32', [4], [1, 1, 1, 1])
            const kernel = g.constant('float32', [3, 2, 3, 3], new Array(54).fill(0.1))
            return [
              g.op('Gelu', [x], {}, { domain }),
              g.op('FastGelu', [x], {}, { domain }),
              g.op('BiasGelu', [x, ones], {}, { domain }),
              g.op('QuickGelu', [x], {}, { domain }),
              g.op('FusedMatMul', [a, b], { transA, transB }, { domain }),
              g.op('FusedConv', [picture, kernel], { activation: 'Relu', strides: [2, 2] }, { domain }),
              g.op('SkipLayerNormalization', [x, x, ones], {}, { domain }),
            ]
          },
        }
      }),
    ).toEqual([])
  })
})

describe('losses', () => {
  it('are scalars, or one value a label', async () => {
    expect(
      await wrongShapes('losses', (draw) => ({
        inputs: [{ dims: draw.hidden([4, 3], (axis) => axis === 0) }, { dims: [4], dtype: 'int64' }],
        build: (g, x) => {
          const reduction = draw.pick(['none', 'mean', 'sum'])
          return [
            ...g.ops('SoftmaxCrossEntropyLoss', x, { reduction }, { outputs: 2 }),
            g.op('NegativeLogLikelihoodLoss', x, { reduction }),
          ]
        },
      })),
    ).toEqual([])
  })
})
