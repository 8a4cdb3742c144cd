import { describe, expect, it } from 'vitest'
import { float } from '../../attributes.ts'
import { gradientError } from '../gradient-check.ts'

describe('MatMul', () => {
  it.each([
    [
      [3, 4],
      [4, 2],
    ],
    [
      [2, 3, 4],
      [4, 2],
    ],
    [
      [2, 3, 4],
      [2, 4, 5],
    ],
    [
      [2, 1, 3, 4],
      [5, 4, 2],
    ],
    [[4], [4, 2]],
    [[3, 4], [4]],
    [[2, 3, 4], [4]],
    [[4], [2, 4, 3]],
    [[4], [4]],
  ])('agrees with central differences for %j times %j', async (a, b) => {
    for (const symbolicBatch of a.length > 1 ? [false, true] : [false])
      expect(
        await gradientError({
          inputs: [{ dims: a }, { dims: b }],
          build: (g, [x, y]) => g.matmul(x!, y!),
          symbolicBatch,
        }),
      ).toBeLessThan(1e-6)
  })
})

describe('Gemm', () => {
  it.each([
    [0, 0, [3, 4], [4, 2], [2]],
    [1, 0, [4, 3], [4, 2], [3, 1]],
    [0, 1, [3, 4], [2, 4], [3, 2]],
    [1, 1, [4, 3], [2, 4], []],
  ])('agrees with central differences for transA=%d transB=%d', async (transA, transB, a, b, c) => {
    const inputs = [{ dims: a }, { dims: b }, { dims: c }]
    const error = await gradientError({
      inputs,
      build: (g, xs) => g.op('Gemm', xs, { transA, transB, alpha: float(0.5), beta: float(-2) }),
    })
    expect(error).toBeLessThan(1e-6)
  })
})
