import { describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { addNoise } from './noise.ts'

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => (i % 5) / 4)

describe('addNoise', () => {
  it('adds normal noise of the given size around each value, beyond the range of the values', () => {
    const [x, sigma] = [ramp(40_000), 0.25]
    const noise = addNoise(x, sigma, stream(1, 'noise')).map((value, i) => value - x[i]!)
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length
    const variance = noise.reduce((sum, value) => sum + value * value, 0) / noise.length
    expect(Math.abs(mean)).toBeLessThan((4 * sigma) / Math.sqrt(noise.length))
    expect(Math.abs(variance / sigma ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / noise.length))
    const beyond = noise.filter((value) => Math.abs(value) > 1.96 * sigma).length / noise.length
    expect(beyond).toBeCloseTo(0.05, 2)
    const noisy = addNoise(x, sigma, stream(1, 'noise'))
    expect(Math.min(...noisy)).toBeLessThan(-0.5)
    expect(Math.max(...noisy)).toBeGreaterThan(1.5)
  })

  it('leaves x alone, follows the stream and fills what it is given', () => {
    const x = ramp(300)
    const before = x.slice()
    const first = addNoise(x, 1, stream(1, 'noise', 0))
    expect(x).toEqual(before)
    expect(addNoise(x, 1, stream(1, 'noise', 0))).toEqual(first)
    expect(addNoise(x, 1, stream(1, 'noise', 1))).not.toEqual(first)
    const into = new Float32Array(x.length)
    expect(addNoise(x, 1, stream(1, 'noise', 0), into)).toBe(into)
    expect(into).toEqual(first)
    expect(addNoise(x, 0, stream(1))).toEqual(x)
  })
})
