import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { float } from '../../attributes.ts'
import type { GraphBuilder, OpAttributes, Value } from '../../builder.ts'
import { gradientAt } from '../gradient-at.ts'
import { gradientExcess } from '../gradient-excess.ts'
import { valuesAwayFrom } from '../random-inputs.ts'

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })

/** Operator, attributes, kinks. */
const activations: readonly (readonly [string, OpAttributes, readonly number[]])[] = [
  ['Relu', {}, [0]],
  ['LeakyRelu', {}, [0]],
  ['LeakyRelu', { alpha: float(-0.5) }, [0]],
  ['Elu', {}, [0]],
  ['Elu', { alpha: float(0.3) }, [0]],
  ['Selu', {}, [0]],
  ['Selu', { alpha: float(0.5), gamma: float(2) }, [0]],
  ['Celu', {}, [0]],
  ['Celu', { alpha: float(0.4) }, [0]],
  ['Sigmoid', {}, []],
  ['HardSigmoid', {}, [-2.5, 2.5]],
  ['HardSigmoid', { alpha: float(0.5), beta: float(0.25) }, [-0.5, 1.5]],
  ['HardSwish', {}, [-3, 3]],
  ['Tanh', {}, []],
  ['Softplus', {}, []],
  ['Softsign', {}, [0]],
  ['ThresholdedRelu', {}, [1]],
  ['ThresholdedRelu', { alpha: float(0.3) }, [0.3]],
  ['Shrink', {}, [-0.5, 0.5]],
  ['Shrink', { lambd: float(1), bias: float(0.7) }, [-1, 1]],
  ['Gelu', {}, []],
  ['Gelu', { approximate: 'tanh' }, []],
  ['Mish', {}, []],
]

describe.each(activations)('%s %j', (op, attributes, kinks) => {
  it('agrees with central differences', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.integer(), async (dims, seed) => {
        const inputs = [{ dims, values: valuesAwayFrom(kinks, dims, seed, 2) }]
        // ONNX Runtime rounds Shrink to float32 even in float64.
        const dtype = op === 'Shrink' ? 'float32' : undefined
        const build = (g: GraphBuilder, xs: readonly Value[]) => g.op(op, xs, attributes)
        expect(await gradientExcess({ inputs, build, seed, ...(dtype && { dtype }) })).toBeLessThan(1)
      }),
      { numRuns: 3, seed: 11 },
    )
  })
})

describe('PRelu', () => {
  it.each([
    [
      [2, 3, 4],
      [2, 3, 4],
    ],
    [
      [2, 3, 4],
      [3, 1],
    ],
    [[2, 3, 4], [1]],
    [
      [2, 3, 4, 2],
      [3, 1, 1],
    ],
  ])('agrees with central differences for X %j and slope %j', async (x, slope) => {
    const inputs = [{ dims: x, values: valuesAwayFrom([0], x, 5) }, { dims: slope }]
    expect(await gradientExcess({ inputs, build: (g, xs) => g.op('PRelu', xs) })).toBeLessThan(1)
  })
})

describe('at a kink', () => {
  const slopesOf = async (op: string, values: readonly number[], attributes: OpAttributes = {}) => {
    const { gradients } = await gradientAt({
      inputs: [{ dims: [values.length], values }],
      build: (g, xs) => g.op(op, xs, attributes),
    })
    return gradients[0]
  }
  it.each<[string, OpAttributes, number[], number[]]>([
    ['Relu', {}, [-1, 0, -0, 2], [0, 0, 0, 1]],
    ['LeakyRelu', { alpha: float(0.25) }, [-1, 0, 2], [0.25, 0.25, 1]],
    ['Elu', { alpha: float(0.5) }, [0, 2], [0.5, 1]],
    ['Selu', { alpha: float(2), gamma: float(1.5) }, [0, 2], [3, 1.5]],
    ['Celu', { alpha: float(0.5) }, [0, 2], [1, 1]],
    ['HardSigmoid', { alpha: float(0.5), beta: float(0.5) }, [-2, -1, 0, 1, 2], [0, 0, 0.5, 0, 0]],
    ['HardSwish', {}, [-4, -3, 0, 3, 4], [0, 0, 0.5, 1, 1]],
    ['ThresholdedRelu', {}, [0, 1, 1.5], [0, 0, 1]],
    ['Shrink', {}, [-1, -0.5, 0, 0.5, 1], [1, 0, 0, 0, 1]],
    ['Softsign', {}, [0], [1]],
    ['Gelu', {}, [-40, 0, 40], [0, 0.5, 1]],
    ['Mish', {}, [40], [1]],
  ])('%s %j takes its documented slope', async (op, attributes, values, slopes) => {
    expect(await slopesOf(op, values, attributes)).toEqual(slopes)
  })

  it('PRelu takes its slope at 0', async () => {
    const { gradients } = await gradientAt({
      inputs: [
        { dims: [3], values: [-2, 0, 2] },
        { dims: [1], values: [0.25] },
      ],
      build: (g, xs) => g.op('PRelu', xs),
    })
    expect(gradients).toEqual([[0.25, 0.25, 1], [-2]])
  })
})

/** X Φ(X) and its approximation, spelled out. */
const gelu = (g: GraphBuilder, x: Value): Value => g.mul(g.mul(x, 0.5), g.add(g.op('Erf', [g.mul(x, Math.SQRT1_2)]), 1))
const tanhGelu = (g: GraphBuilder, x: Value): Value => {
  const inner = g.mul(g.add(x, g.mul(g.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI))
  return g.mul(g.mul(x, 0.5), g.add(g.tanh(inner), 1))
}
const swish = (g: GraphBuilder, x: Value, alpha: number): Value => g.mul(x, g.sigmoid(g.mul(x, alpha)))

describe('operators outside the base set', () => {
  const x = { dims: [2, 3, 4], values: valuesAwayFrom([], [2, 3, 4], 7, 2) }
  const bias = { dims: [4], values: [-1, 0.5, 1.7, 0.1] }
  const microsoft = { domain: 'com.microsoft' }
  const opsets = { '': 24, 'com.microsoft': 1 }

  it.each<
    [
      string,
      readonly (typeof x)[],
      (g: GraphBuilder, xs: readonly Value[]) => Value,
      (g: GraphBuilder, xs: readonly Value[]) => Value,
    ]
  >([
    ['Gelu', [x], (g, xs) => g.op('Gelu', xs, {}, microsoft), (g, [a]) => gelu(g, a!)],
    ['QuickGelu', [x], (g, xs) => g.op('QuickGelu', xs, {}, microsoft), (g, [a]) => swish(g, a!, 1.702)],
    [
      'QuickGelu 0.5',
      [x],
      (g, xs) => g.op('QuickGelu', xs, { alpha: float(0.5) }, microsoft),
      (g, [a]) => swish(g, a!, 0.5),
    ],
    ['FastGelu', [x], (g, xs) => g.op('FastGelu', xs, {}, microsoft), (g, [a]) => tanhGelu(g, a!)],
    [
      'FastGelu with bias',
      [x, bias],
      (g, xs) => g.op('FastGelu', xs, {}, microsoft),
      (g, [a, b]) => tanhGelu(g, g.add(a!, b!)),
    ],
    ['BiasGelu', [x, bias], (g, xs) => g.op('BiasGelu', xs, {}, microsoft), (g, [a, b]) => gelu(g, g.add(a!, b!))],
    ['Swish', [x], (g, xs) => g.op('Swish', xs), (g, [a]) => swish(g, a!, 1)],
    ['Swish 0.7', [x], (g, xs) => g.op('Swish', xs, { alpha: float(0.7) }), (g, [a]) => swish(g, a!, 0.7)],
  ])('%s has the gradients of its definition', async (_, inputs, build, definition) => {
    const [actual, expected] = [
      await gradientAt({ inputs, build, opsets }),
      await gradientAt({ inputs, build: definition, opsets }),
    ]
    const flat = ({ value, gradients }: typeof actual) => [...value, ...gradients.flat()]
    const differences = flat(actual).map((a, i) => Math.abs(a - flat(expected)[i]!))
    expect(differences).toHaveLength(flat(expected).length)
    expect(Math.max(...differences)).toBeLessThan(1e-5)
  })
})
