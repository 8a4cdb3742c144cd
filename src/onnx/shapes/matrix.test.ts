import { describe, expect, it } from 'vitest'
import { wrongShapes } from './random-cases.ts'
import { checkShapes } from './runtime-check.ts'

describe('matrix products', () => {
  it('MatMul: vectors, batches, broadcasting', async () => {
    expect(
      await wrongShapes(
        'MatMul',
        (draw) => {
          const [m, k, n] = [draw.between(1, 4), draw.between(1, 4), draw.between(1, 4)]
          const batch = draw.list(draw.between(0, 2), 2, 3)
          const left = draw.pick([[k], [m, k], [...batch, m, k]])
          const right = draw.pick([[k], [k, n], [...batch, k, n], [...batch.map(() => 1), k, n]])
          return { inputs: [{ dims: draw.hidden(left) }, { dims: right }], build: (g, x) => g.op('MatMul', x) }
        },
        { count: 30 },
      ),
    ).toEqual([])
  })

  it('of integers give int32, quantised ones the type of their zero point', async () => {
    expect(
      await wrongShapes('MatMulInteger', (draw) => ({
        inputs: [{ dims: draw.hidden([2, 3, 4], (axis) => axis < 2), dtype: 'uint8' }],
        build: (g, [x]) => {
          const w = g.constant('uint8', [4, 5], new Array(20).fill(1))
          const [scale, zero] = [g.constant('float32', [], [0.5]), g.constant('uint8', [], [3])]
          return [
            g.op('MatMulInteger', [x, w, zero]),
            g.op('QLinearMatMul', [x, scale, zero, w, scale, zero, scale, zero]),
          ]
        },
      })),
    ).toEqual([])
  })

  it('Gemm reads its operands either way', async () => {
    expect(
      await wrongShapes('Gemm', (draw) => {
        const [m, k, n] = [draw.between(1, 4), draw.between(1, 4), draw.between(1, 4)]
        const [transA, transB] = [draw.between(0, 1), draw.between(0, 1)]
        return {
          inputs: [{ dims: draw.hidden(transA ? [k, m] : [m, k]) }, { dims: transB ? [n, k] : [k, n] }, { dims: [n] }],
          build: (g, x) => g.op('Gemm', x, { transA, transB }),
        }
      }),
    ).toEqual([])
  })

  it.each([
    ['ij,jk->ik', [2, 3], [3, 4]],
    ['ij,jk', [2, 3], [3, 4]],
    ['bij, bjk -> bik', [2, 3, 4], [2, 4, 5]],
    ['...ij,...jk->...ik', [2, 5, 3, 4], [2, 5, 4, 2]],
    ['bhqd,bhkd->bhqk', [2, 2, 3, 4], [2, 2, 5, 4]],
    ['i,i->', [3], [3]],
    ['ij,ij->ij', [2, 3], [2, 3]],
  ])('Einsum %s', async (equation, a, b) => {
    expect(
      await wrongShapes(
        equation,
        (draw) => ({
          inputs: [{ dims: draw.hidden(a) }, { dims: b }],
          build: (g, x) => g.op('Einsum', x, { equation }),
        }),
        { count: 4 },
      ),
    ).toEqual([])
  })

  it('Einsum of one operand: diagonal, transpose, sum', async () => {
    expect(
      await wrongShapes('Einsum', (draw) => ({
        inputs: [{ dims: draw.hidden([3, 4], (axis) => axis === 0) }],
        build: (g, [x]) => [
          g.op('Einsum', [x], { equation: 'ij->ji' }),
          g.op('Einsum', [x], { equation: 'ij->i' }),
          g.op('Einsum', [x], { equation: 'ba' }),
          g.op('Einsum', [g.op('Gather', [x, g.ints([0, 1, 2])], { axis: 1 })], { equation: 'ii->i' }),
        ],
      })),
    ).toEqual([])
  })

  it.each([
    ['MatMul', [2, 3], [4, 2]],
    ['MatMul', [], [4, 2]],
    ['Gemm', [2, 3], [4, 2]],
    ['Gemm', [2, 3, 1], [3, 2]],
  ])('%s refuses [%s] times [%s]', async (op, a, b) => {
    const check = checkShapes({ inputs: [{ dims: a }, { dims: b }], build: (g, x) => g.op(op, x) })
    await expect(check).rejects.toMatchObject({ code: 'GRAPH_INVALID' })
  })
})
