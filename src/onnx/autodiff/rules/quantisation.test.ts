import { describe, expect, it } from 'vitest'
import type { GraphBuilder, OpAttributes, Value } from '../../builder.ts'
import type { DType } from '../../types.ts'
import { gradientAt } from '../gradient-at.ts'
import { gradientExcess } from '../gradient-excess.ts'

interface Quantisation {
  readonly dtype: DType
  readonly dims: readonly number[]
  readonly scales: readonly number[]
  readonly zeroPoints: readonly number[]
  readonly attributes?: OpAttributes
}

const quantised = (g: GraphBuilder, x: Value, q: Quantisation): Value => {
  const parameters = [g.constant(x.dtype, q.dims, q.scales), g.constant(q.dtype, q.dims, q.zeroPoints)]
  return g.op('QuantizeLinear', [x, ...parameters], q.attributes)
}

const dequantised = (g: GraphBuilder, x: Value, q: Quantisation): Value => {
  const parameters = [g.constant('float32', q.dims, q.scales), g.constant(q.dtype, q.dims, q.zeroPoints)]
  return g.op('DequantizeLinear', [x, ...parameters], q.attributes)
}

/** Gradient of the sum of 3 times the value that went through integers. */
const through = async (dims: readonly number[], values: readonly number[], to: Quantisation, from = to) => {
  const { gradients } = await gradientAt({
    inputs: [{ dims, values }],
    build: (g, [x]) => g.mul(dequantised(g, quantised(g, x!, to), from), 3),
  })
  return gradients[0]
}

describe('QuantizeLinear and DequantizeLinear', () => {
  it.each<[DType, number, number[], number[]]>([
    ['uint8', 128, [-65, -64.3, -64, 0, 63.5, 63.7, 64], [0, 0, 3, 3, 3, 3, 0]],
    ['int8', 0, [-65, -64.3, -64, 0, 63.5, 63.8, 64], [0, 0, 3, 3, 3, 0, 0]],
    ['int8', 10, [-70, -69, 58.5, 59], [0, 3, 3, 0]],
    ['uint16', 0, [-1, 0, 32767.5, 32768], [0, 3, 3, 0]],
    ['int16', 0, [-16384.5, -16384, 16383.5, 16384], [0, 3, 3, 0]],
  ])(
    '%s with zero point %d is the identity inside its range and constant outside',
    async (dtype, zero, values, slopes) => {
      const q = { dtype, dims: [], scales: [0.5], zeroPoints: [zero] }
      expect(await through([values.length], values, q)).toEqual(slopes)
    },
  )

  it('scales the gradient where the two scales differ', async () => {
    const q = { dtype: 'int8', dims: [], scales: [0.5], zeroPoints: [0] } as const
    expect(await through([2], [1, 2], q, { ...q, scales: [2] })).toEqual([12, 12])
  })

  it('takes a scale an entry of an axis', async () => {
    const q: Quantisation = { dtype: 'int8', dims: [3], scales: [1, 0.5, 0.25], zeroPoints: [0, 0, 100] }
    const values = [100, 100, 100, 60, 60, 60, 6, 6, 7]
    const column = [100, 60, 6, 100, 60, 7, 100, 64, 6]
    expect(await through([1, 3, 3], values, { ...q, attributes: { axis: 1 } })).toEqual([3, 3, 3, 3, 3, 3, 3, 3, 0])
    expect(await through([3, 3], column, { ...q, attributes: { axis: -1 } })).toEqual([3, 3, 3, 3, 3, 0, 3, 0, 3])
  })

  it('takes a scale a block', async () => {
    const attributes = { axis: 1, block_size: 2 }
    const q: Quantisation = { dtype: 'int8', dims: [1, 2], scales: [1, 0.5], zeroPoints: [0, 0], attributes }
    expect(await through([1, 3], [100, 200, 60], q)).toEqual([3, 0, 3])
    expect(await through([1, 4], [60, 60, 60, 70], q, { ...q, scales: [2, 3] })).toEqual([6, 6, 18, 0])
  })

  it('without a zero point writes uint8', async () => {
    const { gradients } = await gradientAt({
      inputs: [{ dims: [4], values: [-1, 0, 255, 256] }],
      build: (g, [x]) => g.op('DequantizeLinear', [g.op('QuantizeLinear', [x, g.scalar(1, x!)]), g.scalar(1, x!)]),
    })
    expect(gradients).toEqual([[0, 1, 1, 0]])
  })

  it('carries the gradient through operators that move integers', async () => {
    const q: Quantisation = { dtype: 'int8', dims: [], scales: [1], zeroPoints: [0] }
    const { gradients } = await gradientAt({
      inputs: [{ dims: [2, 2], values: [1, 2, 3, 4] }],
      build: (g, [x]) => {
        const moved = g.reshape(g.transpose(quantised(g, x!, q), [1, 0]), [4])
        return g.mul(dequantised(g, moved, q), g.constant('float32', [4], [1, 2, 3, 4]))
      },
    })
    expect(gradients).toEqual([[1, 3, 2, 4]])
  })

  it('reaches the input of a small network', async () => {
    const weights: Quantisation = { dtype: 'int8', dims: [], scales: [0.5], zeroPoints: [0] }
    const activations: Quantisation = { dtype: 'uint8', dims: [], scales: [0.1], zeroPoints: [128] }
    const { gradients } = await gradientAt({
      inputs: [{ dims: [1, 2], values: [0.31, -0.52] }],
      build: (g, [x]) => {
        const w = dequantised(g, g.constant('int8', [2, 2], [2, -4, -6, 8]), weights)
        const there = (value: Value) => dequantised(g, quantised(g, value, activations), activations)
        return there(g.op('Relu', [g.matmul(there(x!), w)]))
      },
    })
    // x is [0.3, -0.5] after rounding: the first unit is at 1.8, the second at -2.6.
    expect(gradients[0]!.map((slope) => Math.round(1e6 * slope) / 1e6)).toEqual([1, -3])
  })
})

describe('the scale of DequantizeLinear', () => {
  it.each([
    [[], undefined],
    [[3], 1],
    [[2], 0],
  ])('of shape %j has the gradient of central differences', async (dims, axis) => {
    const check = gradientExcess({
      inputs: [{ dims }],
      build: (g, [scale]) => {
        const zero = g.constant('int8', dims, [1, 2, 3].slice(0, dims[0] ?? 1))
        return g.op('DequantizeLinear', [g.constant('int8', [2, 3], [-7, 100, 2, 3, -9, 40]), scale, zero], { axis })
      },
      dtype: 'float32',
    })
    expect(await check).toBeLessThan(1)
  })
})

describe('DynamicQuantizeLinear', () => {
  it('is the identity with DequantizeLinear', async () => {
    const { gradients } = await gradientAt({
      inputs: [{ dims: [4], values: [-1, 0, 2, 5] }],
      build: (g, [x]) => {
        const [y, scale, zeroPoint] = g.ops('DynamicQuantizeLinear', [x], {}, { outputs: 3 })
        return g.mul(g.op('DequantizeLinear', [y, scale, zeroPoint]), 3)
      },
    })
    for (const slope of gradients[0]!) expect(slope).toBeCloseTo(3, 5)
  })
})
