import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { logGamma } from '../../../stats/index.ts'
import { gaussianNoise } from './gaussian-noise.ts'
import { impulseNoise } from './impulse-noise.ts'
import { poisson } from './poisson.ts'
import { shotNoise } from './shot-noise.ts'
import { speckleNoise } from './speckle-noise.ts'
import { corrupt, deviationOf, filled, meanOf } from './testing.ts'

const dims = [1, 64, 64]
const small = async (attack: typeof gaussianNoise, value: number, severity: number): Promise<Float32Array> =>
  corrupt(attack, dims, filled(4096, value), severity)

describe('noise', () => {
  it.each([
    [1, 0.04],
    [3, 0.08],
    [5, 0.1],
  ])('gaussian at severity %d has the standard deviation %d', async (severity, sigma) => {
    const noisy = await small(gaussianNoise, 0.5, severity)
    expect(Math.abs(meanOf(noisy) - 0.5)).toBeLessThan((4 * sigma) / 64)
    expect(deviationOf(noisy) / sigma).toBeCloseTo(1, 1)
  })

  it('is stronger on larger images', async () => {
    const noisy = await corrupt(gaussianNoise, [1, 65, 64], filled(65 * 64, 0.5), 1)
    expect(deviationOf(noisy) / 0.08).toBeCloseTo(1, 1)
  })

  it('speckle grows with the value', async () => {
    for (const value of [0.25, 0.5])
      expect(deviationOf(await small(speckleNoise, value, 2)) / (0.1 * value)).toBeCloseTo(1, 1)
    expect(meanOf(await small(speckleNoise, 0, 5))).toBe(0)
  })

  it('shot has the variance of so many photons, in whole photons', async () => {
    const noisy = await small(shotNoise, 0.4, 5)
    expect(deviationOf(noisy) / Math.sqrt(0.4 / 50)).toBeCloseTo(1, 1)
    for (const value of noisy) expect(Math.abs(value * 50 - Math.round(value * 50))).toBeLessThan(1e-4)
  })

  it('impulse makes a known share black and white', async () => {
    const noisy = await small(impulseNoise, 0.5, 5)
    const share = (of: number): number => noisy.filter((value) => value === of).length / noisy.length
    for (const extreme of [0, 1]) expect(Math.abs(share(extreme) - 0.035)).toBeLessThan(4 * Math.sqrt(0.035 / 4096))
    expect(share(0) + share(0.5) + share(1)).toBe(1)
  })
})

describe('poisson', () => {
  it.each([0.2, 3.7, 60, 412.5])('of mean %d comes as often as its formula says', (mean) => {
    const draws = 20_000
    const random = stream('poisson', mean)
    const counts = new Map<number, number>()
    for (let i = 0; i < draws; i++) {
      const drawn = poisson(mean, random)
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1)
    }
    for (let k = 0; k < mean + 5 * Math.sqrt(mean) + 3; k++) {
      const chance = Math.exp(k * Math.log(mean) - mean - logGamma(k + 1))
      const slack = 4.5 * Math.sqrt(draws * chance) + 4
      expect(Math.abs((counts.get(k) ?? 0) - draws * chance)).toBeLessThan(slack)
    }
  })

  it('of mean 0 is 0', () => expect(poisson(0, stream('none'))).toBe(0))
})
