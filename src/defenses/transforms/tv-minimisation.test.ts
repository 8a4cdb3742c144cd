import { describe, expect, it } from 'vitest'
import { gradientError } from '../../onnx/autodiff/gradient-check.ts'
import { outputOf, preprocessed, randomValues } from './testing.ts'
import { tvMinimisation } from './tv-minimisation.ts'

const side = 8
const dims = [1, side, side] as const

/** |z - x|² / 2 + weight Σ |differences|. */
const objective = (z: ArrayLike<number>, x: ArrayLike<number>, weight: number): number => {
  let value = 0
  for (let i = 0; i < side; i++)
    for (let j = 0; j < side; j++) {
      const here = z[i * side + j]!
      value += (here - x[i * side + j]!) ** 2 / 2
      if (i + 1 < side) value += weight * Math.abs(z[(i + 1) * side + j]! - here)
      if (j + 1 < side) value += weight * Math.abs(z[i * side + j + 1]! - here)
    }
  return value
}

const denoised = (x: Float32Array, weight: number, steps: number) =>
  outputOf({ id: 'tv-minimisation', parameters: { weight, steps }, dims, x })

describe('tv-minimisation', () => {
  it('comes ever closer to a minimum that small changes do not improve on', async () => {
    const x = randomValues(side ** 2, 'noisy')
    const [few, many] = [await denoised(x, 0.1, 5), await denoised(x, 0.1, 200)]
    const [start, early, late] = [x, few, many].map((z) => objective(z, x, 0.1)) as [number, number, number]
    expect(early).toBeLessThan(0.8 * start)
    expect(late).toBeLessThan(early)
    for (let pixel = 0; pixel < x.length; pixel++)
      for (const change of [-0.02, 0.02]) {
        const moved = many.map((value, i) => (i === pixel ? value + change : value))
        expect(objective(moved, x, 0.1)).toBeGreaterThan(late - 1e-5)
      }
  })

  it('leaves a step between two flat halves standing, only lower: the closed form of total variation', async () => {
    const x = Float32Array.from({ length: side ** 2 }, (_, i) => (i % side < side / 2 ? 0.2 : 0.8))
    const y = await denoised(x, 0.4, 200)
    // Each half moves by weight / (width / 2) towards the other.
    expect([...y]).toEqual([...x].map((value) => expect.closeTo(value + (value < 0.5 ? 0.1 : -0.1), 3)))
  })

  it('takes channels apart, and means the weight as a share of the range', async () => {
    const [a, b] = [randomValues(side ** 2, 'a'), randomValues(side ** 2, 'b')]
    const scaled = Float32Array.from([...a, ...b], (value) => 10 * value - 5)
    const together = await outputOf({
      id: 'tv-minimisation',
      dims: [2, side, side],
      x: scaled,
      range: { low: -5, high: 5 },
    })
    const apart = [...(await denoised(a, 0.1, 30)), ...(await denoised(b, 0.1, 30))]
    expect([...together]).toEqual(apart.map((value) => expect.closeTo(10 * value - 5, 4)))
  })

  it('takes noise off a digit', async () => {
    const clean = (await preprocessed())('x').subarray(0, 784)
    const noise = randomValues(784, 'noise')
    const noisy = clean.map((value, i) => Math.min(1, Math.max(0, value + noise[i]! - 0.5)))
    const y = await outputOf({ id: 'tv-minimisation', dims: [1, 28, 28], x: noisy })
    const squares = (z: Float32Array): number => z.reduce((sum, value, i) => sum + (value - clean[i]!) ** 2, 0)
    expect(squares(y)).toBeLessThan(0.7 * squares(noisy))
  })

  it('has the gradient of its steps', async () => {
    const error = await gradientError({
      inputs: [{ dims: [2, ...dims] }],
      dtype: 'float32',
      build: (g, [x]) => tvMinimisation.build({ g, x: x!, dims, low: -50, high: 50 }, { steps: 4, weight: 0.2 }),
    })
    expect(error).toBeLessThan(5e-3)
  })
})
