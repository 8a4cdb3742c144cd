import { describe, expect, it } from 'vitest'
import { wrongShapes } from './random-cases.ts'
import { checkShapes } from './runtime-check.ts'

const unaries = [
  ...['Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Ceil', 'Celu', 'Cos', 'Cosh', 'Elu', 'Erf', 'Exp'],
  ...['Floor', 'Gelu', 'HardSigmoid', 'HardSwish', 'Hardmax', 'Identity', 'IsInf', 'IsNaN', 'LeakyRelu', 'Log'],
  ...['LogSoftmax', 'LpNormalization', 'Mish', 'Neg', 'Reciprocal', 'Relu', 'Round', 'Selu', 'Shrink', 'Sigmoid'],
  ...['Sign', 'Sin', 'Sinh', 'Softmax', 'Softplus', 'Softsign', 'Sqrt', 'Tan', 'Tanh', 'ThresholdedRelu', 'Trilu'],
]
const arithmetic = ['Add', 'Div', 'Max', 'Mean', 'Min', 'Mul', 'Pow', 'Sub', 'Sum']
const comparisons = ['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual']
const reductions = ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare']

describe('elementwise operators', () => {
  it('of one input keep its shape', async () => {
    expect(
      await wrongShapes(
        'unary',
        (draw) => ({
          inputs: [{ dims: draw.hidden([2, 3, 4]) }],
          build: (g, [x]) => unaries.map((op) => g.op(op, [x])),
        }),
        { count: 3 },
      ),
    ).toEqual([])
  })

  it('broadcast', async () => {
    expect(
      await wrongShapes(
        'binary',
        (draw) => {
          const dims = draw.list(3, 2, 4)
          const small = dims.map((dim) => (draw.chance(0.4) ? 1 : dim)).slice(draw.between(0, 2))
          const [a, b] = draw.chance(0.5) ? [dims, small] : [small, dims]
          return {
            inputs: [{ dims: draw.hidden(a, (axis) => a[axis] !== 1) }, { dims: b }],
            build: (g, [x, y]) => [
              ...arithmetic.map((op) => g.op(op, [x, y])),
              ...comparisons.map((op) => g.op(op, [x, y])),
              g.where(g.less(x!, y!), x!, y!),
              g.and(g.less(x!, y!), g.greater(x!, 0)),
              g.op('PRelu', [g.add(x!, y!), g.constant('float32', [1], [0.1])]),
            ],
          }
        },
        { count: 10 },
      ),
    ).toEqual([])
  })

  it('refuse shapes that do not broadcast', async () => {
    const check = checkShapes({ inputs: [{ dims: [2, 3] }, { dims: [2] }], build: (g, x) => g.op('Add', x) })
    await expect(check).rejects.toMatchObject({ code: 'GRAPH_INVALID' })
  })
})

describe('reductions', () => {
  it('drop or keep their axes', async () => {
    expect(
      await wrongShapes('reduce', (draw) => {
        const axes = draw.shuffled(3).slice(0, draw.between(0, 3))
        const keepdims = draw.between(0, 1)
        return {
          inputs: [{ dims: draw.hidden([2, 3, 4]) }],
          build: (g, [x]) => [
            ...reductions.map((name) => g.op(`Reduce${name}`, [x, g.ints(axes)], { keepdims })),
            g.op('ReduceSum', [x], { keepdims, noop_with_empty_axes: draw.between(0, 1) }),
            g.op('ArgMax', [x], { axis: draw.between(-3, 2), keepdims }),
          ],
        }
      }),
    ).toEqual([])
  })
})

describe('normalisations', () => {
  it('have the outputs that ONNX Runtime gives', async () => {
    expect(
      await wrongShapes('normalisation', (draw) => ({
        inputs: [{ dims: draw.hidden([2, 4, 3, 5], (axis) => axis !== 1) }],
        build: (g, [x]) => {
          const ones = (size: number) => g.constant('float32', [size], new Array(size).fill(1))
          const rows = g.constant('float32', [3, 5], new Array(15).fill(1))
          return [
            g.op('BatchNormalization', [x, ones(4), ones(4), ones(4), ones(4)]),
            g.op('InstanceNormalization', [x, ones(4), ones(4)]),
            g.op('GroupNormalization', [x, ones(4), ones(4)], { num_groups: 2 }),
            g.op('LRN', [x], { size: 3 }),
            g.op('MeanVarianceNormalization', [x]),
            ...g.ops('LayerNormalization', [g.reshape(x!, [-1, 3, 5]), rows], { axis: 1 }, { outputs: 3 }),
            ...g.ops('Dropout', [x], {}, { outputs: 2 }),
          ]
        },
      })),
    ).toEqual([])
  })
})
