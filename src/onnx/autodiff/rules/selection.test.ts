import { describe, expect, it } from 'vitest'
import type { Value } from '../../builder.ts'
import { gradientAt } from '../gradient-at.ts'
import { gradientExcess } from '../gradient-excess.ts'
import { distinctValues, valuesAwayFrom } from '../random-inputs.ts'

describe('Where', () => {
  it.each([
    [
      [2, 3],
      [2, 3],
    ],
    [[2, 3], [3]],
    [[2, 1], [3]],
    [[2, 3], []],
  ])('agrees with central differences for branches %j and %j', async (a, b) => {
    const check = gradientExcess({
      inputs: [{ dims: a }, { dims: b }],
      build: (g, [x, y]) => g.where(g.constant('bool', [2, 3], [1, 0, 1, 0, 0, 1]), x!, y!),
    })
    expect(await check).toBeLessThan(1)
  })
})

describe.each(['Min', 'Max'])('%s', (op) => {
  it('agrees with central differences for any number of broadcast operands', async () => {
    const all = distinctValues([40], 4)
    const operand = (dims: readonly number[], from: number, size: number) => ({
      dims,
      values: all.slice(from, from + size),
    })
    const inputs = [operand([2, 3, 4], 0, 24), operand([4], 24, 4), operand([3, 1], 28, 3), operand([], 31, 1)]
    for (const count of [1, 2, 4])
      expect(await gradientExcess({ inputs: inputs.slice(0, count), build: (g, xs) => g.op(op, xs) })).toBeLessThan(1)
  })

  it('gives the gradient of a tie to the first', async () => {
    const inputs = [
      { dims: [3], values: [1, 1, 1] },
      { dims: [3], values: [1, 1, 5] },
      { dims: [3], values: [1, 9, 5] },
    ]
    const { gradients } = await gradientAt({ inputs, build: (g, xs) => g.op(op, xs), dtype: 'float64' })
    expect(gradients).toEqual(
      op === 'Max'
        ? [
            [1, 0, 0],
            [0, 0, 1],
            [0, 1, 0],
          ]
        : [
            [1, 1, 1],
            [0, 0, 0],
            [0, 0, 0],
          ],
    )
  })
})

describe('Clip', () => {
  const dims = [3, 5]
  const inputs = [{ dims, values: valuesAwayFrom([-0.5, 0.7], dims, 2) }]
  it.each([
    ['both bounds', -0.5, 0.7],
    ['no lower bound', undefined, 0.7],
    ['no upper bound', -0.5, undefined],
    ['no bounds', undefined, undefined],
  ])('agrees with central differences with %s', async (_, low, high) => {
    const check = gradientExcess({
      inputs,
      build: (g, [x]) => {
        const bound = (value: number | undefined) => (value === undefined ? undefined : g.scalar(value, x!))
        return g.op('Clip', [x, bound(low), bound(high)])
      },
    })
    expect(await check).toBeLessThan(1)
  })

  it('passes the gradient at its bounds and stops it outside', async () => {
    const { gradients } = await gradientAt({
      inputs: [{ dims: [5], values: [-1, 0, 0.5, 1, 2] }],
      build: (g, [x]) => g.op('Clip', [x, g.scalar(0, x!), g.scalar(1, x!)]),
    })
    expect(gradients).toEqual([[0, 1, 1, 1, 0]])
  })
})

describe('TopK', () => {
  it.each([
    [0, 1, 1],
    [1, 2, 0],
    [-1, 3, 1],
  ])('agrees with central differences on axis %d for K = %d, largest %d', async (axis, k, largest) => {
    const inputs = [{ dims: [2, 3, 4], values: distinctValues([2, 3, 4], 6) }]
    const check = gradientExcess({
      inputs,
      build: (g, [x]) => g.ops('TopK', [x, g.ints([k])], { axis, largest }, { outputs: 2 })[0]!,
    })
    expect(await check).toBeLessThan(1)
  })
})

describe('Trilu', () => {
  it.each([
    [1, undefined],
    [0, undefined],
    [1, 1],
    [0, -1],
  ])('agrees with central differences for upper %d and k %s', async (upper, k) => {
    const check = gradientExcess({
      inputs: [{ dims: [2, 3, 4] }],
      build: (g, [x]) => g.op('Trilu', [x, k === undefined ? undefined : g.constant('int64', [], [k])], { upper }),
    })
    expect(await check).toBeLessThan(1)
  })
})

describe('operators without a gradient', () => {
  it('pass nothing back and leave the other paths alone', async () => {
    const { gradients } = await gradientAt({
      inputs: [{ dims: [2, 3], values: [0.3, 1.7, -2, 4, 0.1, 0.2] }],
      build: (g, [x]) => {
        const asFloat = (value: Value) => g.op('ReduceSum', [g.cast(value, 'float32')], { keepdims: 0 })
        const constant = [
          g.greater(x!, 0),
          g.not(g.less(x!, 1)),
          g.op('IsNaN', [x]),
          g.op('ArgMax', [x], { axis: 1 }),
          g.op('NonZero', [x]),
          g.op('Size', [x]),
          g.op('Hardmax', [x]),
        ]
        return constant.reduce((sum, value) => g.add(sum, asFloat(value)), g.mul(x!, 2))
      },
    })
    expect(gradients).toEqual([[2, 2, 2, 2, 2, 2]])
  })
})
