import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { sizeOf } from '../../tensor.ts'
import { gradientAt } from '../gradient-at.ts'
import { gradientExcess } from '../gradient-excess.ts'
import { valuesAwayFrom } from '../random-inputs.ts'

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })

const uniform = (dims: readonly number[], seed: number, low: number, high: number): readonly number[] => {
  const random = stream('elementary', seed)
  return Array.from({ length: sizeOf(dims) }, () => low + (high - low) * random.uniform())
}

/** Operators with float64 kernels in ONNX Runtime, and the interval that each is tried on. */
const functions: readonly (readonly [string, number, number])[] = [
  ['Neg', -2, 2],
  ['Exp', -2, 2],
  ['Log', 0.3, 3],
  ['Sqrt', 0.3, 3],
  ['Reciprocal', 0.4, 2],
  ['Reciprocal', -2, -0.4],
  ['Sin', -4, 4],
  ['Cos', -4, 4],
]

describe.each(functions)('%s on [%d, %d]', (op, low, high) => {
  it('agrees with central differences', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.integer(), async (dims, seed) => {
        const inputs = [{ dims, values: uniform(dims, seed, low, high) }]
        expect(await gradientExcess({ inputs, build: (g, xs) => g.op(op, xs), seed })).toBeLessThan(1)
      }),
      { numRuns: 3, seed: 12 },
    )
  })
})

/** The error function by its power series. */
const erf = (x: number): number => {
  let [term, sum] = [x, x]
  for (let n = 1; n < 60; n++) {
    term *= -(x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

/** Operators in float32 alone, where differences are coarse: held against differences of the same function here. */
const singlePrecision: readonly (readonly [string, (x: number) => number, number, number])[] = [
  ['Erf', erf, -2.5, 2.5],
  ['Tan', Math.tan, -1.4, 1.4],
  ['Asin', Math.asin, -0.95, 0.95],
  ['Acos', Math.acos, -0.95, 0.95],
  ['Atan', Math.atan, -4, 4],
  ['Sinh', Math.sinh, -3, 3],
  ['Cosh', Math.cosh, -3, 3],
  ['Asinh', Math.asinh, -4, 4],
  ['Acosh', Math.acosh, 1.1, 5],
  ['Atanh', Math.atanh, -0.95, 0.95],
]

describe.each(singlePrecision)('%s', (op, f, low, high) => {
  it('has the slope of the function itself', async () => {
    const values = Array.from(Float32Array.from(uniform([100], 5, low, high)))
    const { value, gradients } = await gradientAt({
      inputs: [{ dims: [4, 25], values }],
      build: (g, xs) => g.op(op, xs),
    })
    const step = 1e-6
    for (const [i, x] of values.entries()) {
      expect(Math.abs(value[i]! - f(x))).toBeLessThan(1e-5 * (1 + Math.abs(f(x))))
      const slope = (f(x + step) - f(x - step)) / (2 * step)
      expect(Math.abs(gradients[0]![i]! - slope)).toBeLessThan(1e-5 * (1 + Math.abs(slope)))
    }
  })
})

describe('Abs', () => {
  it('agrees with central differences', async () => {
    const inputs = [{ dims: [3, 5], values: valuesAwayFrom([0], [3, 5], 1) }]
    expect(await gradientExcess({ inputs, build: (g, [x]) => g.abs(x!) })).toBeLessThan(1)
  })
})

describe('Pow', () => {
  it.each([
    [
      [3, 4],
      [3, 4],
    ],
    [[2, 3, 4], [4]],
    [
      [3, 1],
      [1, 4],
    ],
    [[4], []],
    [[], [3]],
  ])('agrees with central differences for base %j and exponent %j', async (base, exponent) => {
    const inputs = [{ dims: base, values: uniform(base, 2, 0.3, 2) }, { dims: exponent }]
    expect(await gradientExcess({ inputs, build: (g, [x, e]) => g.pow(x!, e!) })).toBeLessThan(1)
  })

  it.each([2, 3, 1, -2, 0])('agrees with central differences for negative bases and exponent %d', async (e) => {
    const inputs = [{ dims: [2, 5], values: uniform([2, 5], 3, -2, -0.4) }]
    expect(await gradientExcess({ inputs, build: (g, [x]) => g.pow(x!, e) })).toBeLessThan(1)
  })

  it('takes integer exponents', async () => {
    const inputs = [{ dims: [2, 3], values: [-1, 2, -0.5, 1, 3, 0.25] }]
    expect(await gradientExcess({ inputs, build: (g, [x]) => g.op('Pow', [x, g.ints([3, 2, 1])]) })).toBeLessThan(1)
  })

  it('is finite at base 0 and for exponents without a derivative', async () => {
    const point = {
      inputs: [
        { dims: [6], values: [0, 0, 0, 0, -2, -2] },
        { dims: [6], values: [0, 1, 2, 3, 2, 3] },
      ],
    }
    const { gradients } = await gradientAt({ ...point, build: (g, [x, e]) => g.pow(x!, e!) })
    expect(gradients).toEqual([
      [0, 1, 0, 0, -4, 12],
      [0, 0, 0, 0, 0, 0],
    ])
  })
})

describe('CumSum', () => {
  it.each([
    [0, 0, 0],
    [1, 1, 0],
    [2, 0, 1],
    [-1, 1, 1],
  ])('agrees with central differences for axis %d, exclusive %d, reverse %d', async (axis, exclusive, reverse) => {
    const build = gradientExcess({
      inputs: [{ dims: [2, 3, 4] }],
      build: (g, [x]) => g.op('CumSum', [x, g.constant('int64', [], [axis])], { exclusive, reverse }),
    })
    expect(await build).toBeLessThan(1)
  })
})

describe('special values', () => {
  const slopesOf = async (op: string, values: readonly number[]) => {
    const { gradients } = await gradientAt({
      inputs: [{ dims: [values.length], values }],
      build: (g, xs) => g.op(op, xs),
    })
    return gradients[0]
  }
  it.each<[string, number[], number[]]>([
    ['Abs', [-2, 0, 3], [-1, 0, 1]],
    ['Sqrt', [0, 4], [0, 0.25]],
    ['Log', [0, 2], [Number.POSITIVE_INFINITY, 0.5]],
    ['Asin', [1], [Number.POSITIVE_INFINITY]],
    ['Acos', [-1], [Number.NEGATIVE_INFINITY]],
    ['Acosh', [1], [Number.POSITIVE_INFINITY]],
    ['Atanh', [1, 0], [Number.POSITIVE_INFINITY, 1]],
  ])('%s at %j', async (op, values, slopes) => {
    expect(await slopesOf(op, values)).toEqual(slopes)
  })

  it.each(['Ceil', 'Floor', 'Round', 'Sign'])('%s passes nothing back', async (op) => {
    const build = gradientAt({
      inputs: [{ dims: [2], values: [0.3, 1.7] }],
      build: (g, [x]) => g.add(g.mul(x!, 3), g.op(op, [x])),
    })
    expect((await build).gradients).toEqual([[3, 3]])
  })
})
