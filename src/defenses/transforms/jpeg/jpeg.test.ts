import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { differenceOf, gradientOf, outputOf, preprocessed, randomValues } from '../testing.ts'

/** Waves with some noise: levels 0 to 255, channels last, as encoders take them. */
const picture = (channels: number, height: number, width: number): Uint8Array => {
  const random = stream('jpeg', channels, height, width)
  const phases = Array.from({ length: 3 * channels }, () => 6 * random.uniform())
  return Uint8Array.from({ length: channels * height * width }, (_, index) => {
    const [pixel, k] = [Math.floor(index / channels), index % channels]
    const [i, j] = [Math.floor(pixel / width), pixel % width]
    const waves = [i / 5, j / 4, (i + j) / 3].map((at, w) => Math.sin(at + phases[3 * k + w]!))
    return Math.min(255, Math.max(0, 127 + 60 * waves[0]! + 50 * waves[1]! + 40 * waves[2]! + 10 * random.normal()))
  })
}

/** Through libjpeg's own code, as sharp has it. */
const throughSharp = async (pixels: Uint8Array, channels: 1 | 3, height: number, width: number, quality: number) => {
  const encoded = await sharp(pixels, { raw: { width, height, channels } })
    .jpeg({ quality, chromaSubsampling: '4:2:0', mozjpeg: false, optimiseCoding: false })
    .toBuffer()
  const decoder = channels === 1 ? sharp(encoded).toColourspace('b-w') : sharp(encoded)
  return decoder.raw().toBuffer()
}

const channelsFirst = (pixels: Uint8Array, channels: number): Float32Array => {
  const count = pixels.length / channels
  return Float32Array.from(pixels, (_, i) => pixels[(i % count) * channels + Math.floor(i / count)]!)
}

describe('jpeg', () => {
  it.each([
    [75, 2, 0.013],
    [50, 1, 0.007],
    [25, 1, 0.006],
  ])('quality %d is what Pillow stored, up to %d of 255 levels', async (quality, most, mean) => {
    const stored = await preprocessed()
    const y = await outputOf({ id: 'jpeg', parameters: { quality }, dims: [1, 28, 28], x: stored('x') })
    const difference = differenceOf(y, stored(`jpeg-${quality}`))
    expect(255 * difference.largest).toBeLessThan(most + 0.01)
    expect(255 * difference.mean).toBeLessThan(mean)
  })

  // A coefficient that falls on the other side of a half moves a block by some levels; a wrong table, phase or filter
  // moves all of them.
  it.each([
    [1, 28, 28],
    [1, 13, 30],
    [3, 32, 32],
    [3, 30, 37],
    [3, 17, 23],
  ] as const)('of %d channels, %d x %d, agrees with libjpeg at all qualities', async (channels, height, width) => {
    const pixels = picture(channels, height, width)
    for (const quality of [90, 75, 40, 10]) {
      const theirs = channelsFirst(await throughSharp(pixels, channels, height, width, quality), channels)
      const y = await outputOf({
        id: 'jpeg',
        parameters: { quality },
        dims: [channels, height, width],
        x: channelsFirst(pixels, channels).map((level) => level / 255),
      })
      const levels = y.map((value) => 255 * value)
      expect(differenceOf(levels, theirs).mean).toBeLessThan(0.6)
      expect(differenceOf(levels, channelsFirst(pixels, channels)).mean).toBeGreaterThan(1.2)
    }
  })

  it('takes the levels from the declared range', async () => {
    const x = randomValues(784, 'jpeg range')
    const [unit, wide] = await Promise.all([
      outputOf({ id: 'jpeg', dims: [1, 28, 28], x }),
      outputOf({ id: 'jpeg', dims: [1, 28, 28], x: x.map((v) => 8 * v - 4), range: { low: -4, high: 4 } }),
    ])
    expect(
      differenceOf(
        wide.map((value) => (value + 4) / 8),
        unit,
      ).mean,
    ).toBeLessThan(0.005)
  })

  it('passes gradients straight through for grey, where the transforms undo each other', async () => {
    const [x, weights] = [randomValues(2 * 784, 'x'), randomValues(2 * 784, 'weights')]
    const { gradient } = await gradientOf({ id: 'jpeg', parameters: { quality: 10 }, dims: [1, 28, 28], x }, weights)
    expect(differenceOf(gradient, weights).largest).toBeLessThan(1e-4)
  })

  it('passes the brightness of colours straight through, and spreads the rest as subsampling does', async () => {
    const [height, width] = [16, 32]
    const size = height * width
    const [x, weights] = [randomValues(3 * size, 'colours'), randomValues(3 * size, 'weights')]
    const { gradient } = await gradientOf({ id: 'jpeg', dims: [3, height, width], x }, weights)
    const overChannels = (values: Float32Array): readonly number[] =>
      Array.from({ length: size }, (_, i) => values[i]! + values[size + i]! + values[2 * size + i]!)
    expect(differenceOf(overChannels(gradient), overChannels(weights)).largest).toBeLessThan(1e-3)
    const red = Float32Array.from({ length: 3 * size }, (_, i) => (i < size ? 1 : 0))
    const { gradient: sums } = await gradientOf({ id: 'jpeg', dims: [3, height, width], x }, red)
    // Flat weights stay flat: halving and doubling the resolution keeps sums.
    expect(differenceOf(sums, red).largest).toBeLessThan(1e-3)
    expect(differenceOf(gradient, weights).largest).toBeGreaterThan(0.05)
  })

  it('refuses pictures of two channels', async () => {
    await expect(outputOf({ id: 'jpeg', dims: [2, 8, 8], x: new Float32Array(128) })).rejects.toMatchObject({
      code: 'USAGE',
    })
  })
})
