import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { mirror, nearest, reflect } from './border.ts'
import { defocusBlur, diskKernel } from './defocus-blur.ts'
import { gaussianBlur } from './gaussian-blur.ts'
import { glassBlur } from './glass-blur.ts'
import { correlate } from './kernel.ts'
import { magnified } from './magnify.ts'
import { motionBlur } from './motion-blur.ts'
import { filterBothAxes, gaussianWeights } from './separable.ts'
import { streakTaps } from './streak.ts'
import { corrupt, filled } from './testing.ts'
import { zoomBlur, zoomsOf } from './zoom-blur.ts'

const [height, width] = [11, 14]
const { motion: motions } = JSON.parse(
  readFileSync(new URL('../../../../test/fixtures/corruptions.json', import.meta.url), 'utf8'),
) as { motion: { radius: number; sigma: number; angle: number; values: number[] }[] }
const random = stream('blur')
const picture = Float32Array.from({ length: height * width }, () => random.uniform())

/** A blur by its definition: each pixel the weighted mean of all others, the border repeated. */
const slowGaussian = (sigma: number): Float64Array => {
  const radius = Math.floor(4 * sigma + 0.5)
  return Float64Array.from({ length: height * width }, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width]
    let [sum, total] = [0, 0]
    for (let dy = -radius; dy <= radius; dy++)
      for (let dx = -radius; dx <= radius; dx++) {
        const weight = Math.exp(-(dy * dy + dx * dx) / (2 * sigma * sigma))
        const at = Math.min(Math.max(y + dy, 0), height - 1) * width + Math.min(Math.max(x + dx, 0), width - 1)
        sum += weight * picture[at]!
        total += weight
      }
    return sum / total
  })
}

describe('blur', () => {
  it('gaussian is the weighted mean of the neighbourhood', async () => {
    const expected = slowGaussian(0.8)
    for (const [i, value] of (await corrupt(gaussianBlur, [1, height, width], picture, 4)).entries())
      expect(value).toBeCloseTo(expected[i]!, 6)
  })

  it('gaussian may reach over an image many times smaller', () => {
    const far = filterBothAxes(Float64Array.from(picture), width, gaussianWeights(40, 3), reflect)
    const mean = picture.reduce((a, b) => a + b, 0) / picture.length
    for (const value of far) expect(Math.abs(value - mean)).toBeLessThan(0.01)
  })

  it('defocus is the mean over a disk', async () => {
    const side = 70
    const wide = Float32Array.from({ length: side * side }, () => random.uniform())
    const blurred = await corrupt(defocusBlur, [1, side, side], wide, 1)
    const disk = Array.from({ length: 49 }, (_, i) => [Math.floor(i / 7) - 3, (i % 7) - 3] as const).filter(
      ([dy, dx]) => dy * dy + dx * dx <= 9,
    )
    for (const at of [40 * side + 33, 12 * side + 60]) {
      const mean = disk.reduce((sum, [dy, dx]) => sum + wide[at + dy * side + dx]!, 0) / disk.length
      expect(blurred[at]).toBeCloseTo(mean, 5)
    }
    for (const radius of [0.3, 3, 6]) {
      const kernel = diskKernel({ radius, edge: 0.5 })
      expect(kernel.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10)
    }
  })

  it('motion is one side of a Gaussian along a line', () => {
    const taps = streakTaps({ radius: 3, sigma: 2 }, 0)
    for (const [i, { dx, dy }] of taps.entries()) expect([dx === i, dy === 0]).toEqual([true, true])
    expect(taps).toHaveLength(7)
    for (const [i, { weight }] of taps.entries()) expect(weight / taps[0]!.weight).toBeCloseTo(Math.exp(-i * i * 0.125))
    const steep = streakTaps({ radius: 3, sigma: 2 }, 45)
    for (const { dx, dy } of steep) expect(dx).toBe(dy)
  })

  it.each(motions)('motion of $radius, $sigma at $angle degrees equals ImageMagick 6.9', (motion) => {
    const saw = Float64Array.from({ length: 1024 }, (_, i) => (8 * Math.floor(i / 32) + 5 * (i % 32)) % 256)
    const blurred = correlate(saw, 32, streakTaps(motion, motion.angle), nearest)
    for (const [k, value] of motion.values.entries())
      expect(Math.abs(blurred[((37 * k) % 32) * 32 + ((61 * k) % 32)]! - value)).toBeLessThan(0.01)
  })

  it('glass takes each pixel from near by', async () => {
    const numbered = Float32Array.from({ length: height * width }, (_, i) => i / 255)
    const moved = await corrupt(glassBlur, [1, height, width], numbered, 1)
    for (const [i, value] of moved.entries()) {
      const from = Math.round(255 * value)
      expect(value).toBeCloseTo(from / 255, 6)
      const [down, right] = [Math.floor(i / width) - Math.floor(from / width), (i % width) - (from % width)]
      expect([0, 1]).toContain(down)
      expect([0, 1]).toContain(right)
    }
    expect(moved).not.toEqual(numbered)
  })

  it('zoom enlarges a slope to a flatter one about the middle', () => {
    const slope = Float64Array.from({ length: 15 * 15 }, (_, i) => i % 15)
    const zoomed = magnified(slope, 15, 1.5)
    // Ten columns, from the third on, become fifteen: column i shows 2 + 9 i / 14.
    for (const [i, value] of zoomed.entries()) expect(value).toBeCloseTo(2 + ((i % 15) * 9) / 14, 10)
    expect(zoomsOf({ below: 1.06, step: 0.01 })).toHaveLength(7)
    expect(zoomsOf({ below: 1.31, step: 0.03 })).toHaveLength(11)
  })

  it.each([gaussianBlur, defocusBlur, glassBlur, motionBlur, zoomBlur].map((attack) => [attack.id, attack] as const))(
    '%s leaves an even image alone',
    async (_, attack) => {
      for (const value of await corrupt(attack, [1, height, width], filled(height * width, 0.3), 5))
        expect(value).toBeCloseTo(0.3, 6)
    },
  )
})

describe('border', () => {
  it('repeats, reflects and mirrors, however far outside', () => {
    const places = [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6]
    expect(places.map((at) => nearest(at, 3))).toEqual([0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2])
    expect(places.map((at) => reflect(at, 3))).toEqual([2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0])
    expect(places.map((at) => mirror(at, 3))).toEqual([0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2])
    expect(mirror(5, 1)).toBe(0)
  })
})
