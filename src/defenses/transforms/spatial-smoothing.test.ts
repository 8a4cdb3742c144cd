import { describe, expect, it } from 'vitest'
import { gradientError } from '../../onnx/autodiff/gradient-check.ts'
import { spatialSmoothing } from './spatial-smoothing.ts'
import { outputOf, randomValues } from './testing.ts'

const dims = [2, 6, 5] as const

/** Weighted windows, the border mirrored with its own pixel repeated. */
const blurred = (x: Float32Array, weight: (offset: number) => number, window: number): readonly number[] => {
  const [channels, height, width] = dims
  const before = Math.floor(window / 2)
  const offsets = Array.from({ length: window }, (_, i) => i - before)
  const total = offsets.reduce((sum, offset) => sum + weight(offset), 0)
  const mirrored = (i: number, size: number): number => (i < 0 ? -1 - i : i >= size ? 2 * size - 1 - i : i)
  return Array.from({ length: channels * height * width }, (_, index) => {
    const [channel, pixel] = [Math.floor(index / (height * width)), index % (height * width)]
    let sum = 0
    for (const down of offsets)
      for (const across of offsets) {
        const i = mirrored(Math.floor(pixel / width) + down, height)
        const j = mirrored((pixel % width) + across, width)
        sum += (x[channel * height * width + i * width + j]! * weight(down) * weight(across)) / total ** 2
      }
    return sum
  })
}

describe('spatial-smoothing', () => {
  it.each([
    { sigma: 0, window: 3 },
    { sigma: 0, window: 4 },
    { sigma: 1, window: 5 },
    { sigma: 0.5, window: 2 },
  ])('is the weighted mean of each window: $sigma, $window', async ({ sigma, window }) => {
    const x = randomValues(60, 'blur')
    const y = await outputOf({ id: 'spatial-smoothing', parameters: { sigma, window }, dims, x })
    const weight = (offset: number): number => (sigma === 0 ? 1 : Math.exp(-(offset ** 2) / (2 * sigma ** 2)))
    expect([...y]).toEqual(blurred(x, weight, window).map((value) => expect.closeTo(value, 5)))
  })

  it('has its true gradient', async () => {
    const error = await gradientError({
      inputs: [{ dims: [2, ...dims] }],
      dtype: 'float32',
      build: (g, [x]) => spatialSmoothing.build({ g, x: x!, dims, low: -100, high: 100 }, { sigma: 1, window: 3 }),
    })
    expect(error).toBeLessThan(5e-3)
  })
})
