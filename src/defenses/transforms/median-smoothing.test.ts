import { describe, expect, it } from 'vitest'
import { distinctValues } from '../../onnx/autodiff/random-inputs.ts'
import { gradientOf, outputOf, preprocessed, randomValues } from './testing.ts'

/** Where each output of a plane takes its value from: the pixel in the middle of its sorted window. */
const chosen = (x: ArrayLike<number>, height: number, width: number, window: number): readonly number[] => {
  const mirrored = (i: number, size: number): number => (i < 0 ? -1 - i : i >= size ? 2 * size - 1 - i : i)
  const before = Math.floor(window / 2)
  return Array.from({ length: height * width }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / width), pixel % width]
    const inside = Array.from({ length: window ** 2 }, (_, k) => {
      const i = mirrored(row - before + Math.floor(k / window), height)
      const j = mirrored(column - before + (k % window), width)
      return i * width + j
    })
    return inside.toSorted((a, b) => x[a]! - x[b]!)[Math.floor(window ** 2 / 2)]!
  })
}

describe('median-smoothing', () => {
  it.each([2, 3, 5])('a window of %d gives the stored values to the last bit', async (window) => {
    const stored = await preprocessed()
    const x = stored('x')
    const y = await outputOf({ id: 'median-smoothing', parameters: { window }, dims: [1, 28, 28], x })
    expect(y).toEqual(stored(`median-smoothing-${window}`))
  })

  it.each([2, 3, 4])('takes channels apart and sends gradients to the chosen pixels, window %d', async (window) => {
    const [channels, height, width] = [2, 5, 6]
    const size = height * width
    const x = Float32Array.from(distinctValues([channels * size], window))
    const weights = randomValues(x.length, 'weights')
    const { y, gradient } = await gradientOf(
      {
        id: 'median-smoothing',
        parameters: { window },
        dims: [channels, height, width],
        x,
        range: { low: -9, high: 9 },
      },
      weights,
    )
    const expected = new Float32Array(x.length)
    for (let channel = 0; channel < channels; channel++) {
      const from = channel * size
      for (const [pixel, source] of chosen(x.subarray(from, from + size), height, width, window).entries()) {
        expect(y[from + pixel]).toBe(x[from + source])
        expected[from + source]! += weights[from + pixel]!
      }
    }
    expect([...gradient]).toEqual([...expected].map((value) => expect.closeTo(value, 5)))
  })

  it('refuses a window larger than the picture', async () => {
    const applied = { id: 'median-smoothing', parameters: { window: 5 }, dims: [1, 4, 9], x: new Float32Array(36) }
    await expect(outputOf(applied)).rejects.toMatchObject({ code: 'USAGE', data: { window: 5 } })
  })
})
