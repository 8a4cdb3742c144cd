import { describe, expect, it } from 'vitest'
import { gradientAt } from '../gradient-at.ts'
import { gradientExcess } from '../gradient-excess.ts'

describe('Identity and Dropout', () => {
  it.each(['Identity', 'Dropout'])('%s agrees with central differences', async (op) => {
    expect(await gradientExcess({ inputs: [{ dims: [3, 4] }], build: (g, xs) => g.op(op, xs) })).toBeLessThan(1)
  })
})

describe('Cast', () => {
  it('brings the gradient back in the type of the input', async () => {
    const { gradients } = await gradientAt({
      inputs: [{ dims: [3], values: [1, 2, 3] }],
      build: (g, [x]) => g.square(g.cast(g.mul(x!, 2), 'float64')),
    })
    expect(gradients).toEqual([[8, 16, 24]])
  })

  it('stops the gradient at an integer', async () => {
    const { gradients } = await gradientAt({
      inputs: [{ dims: [2], values: [1.5, 2.5] }],
      build: (g, [x]) => g.mul(x!, g.cast(g.cast(x!, 'int64'), 'float32')),
    })
    expect(gradients).toEqual([[1, 2]])
  })

  it('keeps a gradient in floats on its way through quantised values', async () => {
    const { gradients } = await gradientAt({
      inputs: [{ dims: [2], values: [1, 2] }],
      build: (g, [x]) => {
        const quantised = g.op('QuantizeLinear', [x, g.scalar(0.5, x!), g.constant('int8', [], [0])])
        const moved = g.cast(g.cast(quantised, 'int32'), 'int8')
        return g.op('DequantizeLinear', [moved, g.scalar(0.25, x!), g.constant('int8', [], [0])])
      },
    })
    expect(gradients).toEqual([[0.5, 0.5]])
  })
})

describe('CastLike', () => {
  it('brings the gradient back in the type of the input', async () => {
    const { gradients } = await gradientAt({
      inputs: [{ dims: [3], values: [1, 2, 3] }],
      build: (g, [x]) => g.square(g.op('CastLike', [g.mul(x!, 2), g.constant('float64', [], [0])])),
    })
    expect(gradients).toEqual([[8, 16, 24]])
  })
})
