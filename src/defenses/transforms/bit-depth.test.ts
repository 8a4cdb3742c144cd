import { describe, expect, it } from 'vitest'
import { gradientOf, outputOf, preprocessed, randomValues } from './testing.ts'

const digits = [1, 28, 28]

describe('bit-depth', () => {
  it.each([1, 2, 3, 4])('%d bits give the stored values to the last bit', async (bits) => {
    const stored = await preprocessed()
    const y = await outputOf({ id: 'bit-depth', parameters: { bits }, dims: digits, x: stored('x') })
    expect(y).toEqual(stored(`feature-squeezing-${bits}bit`))
  })

  it('spaces its levels over the declared range, ties to even, and cuts off what lies outside', async () => {
    const x = Float32Array.from([-9, -2, -1.5, -0.5, 0, 0.5, 1.1, 2, 7])
    const y = await outputOf({
      id: 'bit-depth',
      parameters: { bits: 2 },
      dims: [9],
      x,
      range: { low: -2, high: 4 },
    })
    // Levels -2, 0, 2, 4.
    expect([...y]).toEqual([-2, -2, -2, 0, 0, 0, 2, 2, 4])
  })

  it('passes gradients straight through, in the units of the input', async () => {
    const [x, weights] = [randomValues(12, 'x'), randomValues(12, 'weights')]
    const { gradient } = await gradientOf(
      { id: 'bit-depth', parameters: { bits: 1 }, dims: [6], x, range: { low: 0, high: 5 } },
      weights,
    )
    expect([...gradient]).toEqual([...weights].map((weight) => expect.closeTo(weight, 6)))
  })
})
