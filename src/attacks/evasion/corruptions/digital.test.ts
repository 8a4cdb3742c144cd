import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { mirror } from './border.ts'
import { brightness } from './brightness.ts'
import { contrast } from './contrast.ts'
import { elasticTransform } from './elastic-transform.ts'
import { jpegCompression } from './jpeg-compression.ts'
import { boxResized, pixelate } from './pixelate.ts'
import { saturate } from './saturate.ts'
import { corrupt, deviationOf, filled, meanOf } from './testing.ts'
import { affineBetween, warped } from './warp.ts'

const random = stream('digital')
const area = 12 * 10
const colours = Float32Array.from({ length: 3 * area }, () => 0.1 + 0.6 * random.uniform())
const pixel = (values: Float32Array, i: number): readonly [number, number, number] => [
  values[i]!,
  values[area + i]!,
  values[2 * area + i]!,
]

describe('brightness', () => {
  it('adds to the brightest channel and keeps the ratios of a colour', async () => {
    const bright = await corrupt(brightness, [3, 12, 10], colours, 4)
    for (let i = 0; i < area; i++) {
      const before = pixel(colours, i)
      const top = Math.max(...before)
      for (const [c, value] of pixel(bright, i).entries())
        expect(value).toBeCloseTo((before[c]! * (top + 0.2)) / top, 5)
    }
  })

  it('adds to a grey level', async () => {
    const bright = await corrupt(brightness, [1, 12, 10], colours.subarray(0, area), 5)
    for (const [i, value] of bright.entries()) expect(value).toBeCloseTo(Math.min(colours[i]! + 0.3, 1), 6)
  })
})

describe('saturate', () => {
  it.each([
    [1, 0.3],
    [2, 0.1],
    [3, 1.5],
  ])('at severity %d moves each channel from the brightest, %d times as far', async (severity, times) => {
    const changed = await corrupt(saturate, [3, 12, 10], colours, severity)
    for (let i = 0; i < area; i++) {
      const before = pixel(colours, i)
      const top = Math.max(...before)
      const stretched = Math.min(times, top / (top - Math.min(...before)))
      for (const [c, value] of pixel(changed, i).entries())
        expect(value).toBeCloseTo(top - stretched * (top - before[c]!), 5)
    }
  })
})

describe('contrast', () => {
  it('keeps the mean of each channel and divides its deviation', async () => {
    const flat = await corrupt(contrast, [3, 12, 10], colours, 2)
    for (const c of [0, 1, 2]) {
      const [before, after] = [colours, flat].map((values) => values.subarray(c * area, (c + 1) * area))
      expect(meanOf(after!)).toBeCloseTo(meanOf(before!), 5)
      expect(deviationOf(after!)).toBeCloseTo(0.5 * deviationOf(before!), 5)
    }
  })
})

describe('pixelate', () => {
  it('at half the pixels is the mean of each two by two', async () => {
    const [height, width] = [66, 70]
    const picture = Float32Array.from({ length: height * width }, () => random.uniform())
    const coarse = await corrupt(pixelate, [1, height, width], picture, 2)
    for (const [i, value] of coarse.entries()) {
      const at = 2 * Math.floor(i / width / 2) * width + 2 * Math.floor((i % width) / 2)
      const block = [0, 1, width, width + 1].map((step) => picture[at + step]!)
      expect(value).toBeCloseTo(meanOf(block), 6)
    }
  })

  it('resizes an even plane to an even one', () => {
    for (const side of [1, 5, 13, 40])
      for (const value of boxResized(new Float64Array(13 * 9).fill(0.7), [13, 9], [side, side]))
        expect(value).toBeCloseTo(0.7, 12)
  })
})

describe('elastic transform', () => {
  it('leaves an even image alone and moves others', async () => {
    for (const severity of [1, 3, 5])
      for (const value of await corrupt(elasticTransform, [1, 12, 10], filled(area, 0.4), severity))
        expect(value).toBeCloseTo(0.4, 6)
  })

  it('warps by whole pixels as a shift', () => {
    const plane = Float64Array.from(colours.subarray(0, area))
    const sources = {
      y: Float64Array.from({ length: area }, (_, i) => Math.floor(i / 10) + 2),
      x: Float64Array.from({ length: area }, (_, i) => (i % 10) - 1),
    }
    const moved = warped(plane, 10, sources, mirror)
    for (let y = 0; y < 10; y++)
      for (let x = 1; x < 10; x++) expect(moved[y * 10 + x]).toBe(plane[(y + 2) * 10 + x - 1])
  })

  it('maps three points to three points, and what lies between to between', () => {
    const from = [
      [1, 2],
      [7, 3],
      [4, 9],
    ] as const
    const to = [
      [0, 0],
      [5, 1],
      [-2, 6],
    ] as const
    const map = affineBetween(from, to)
    for (const [i, [x, y]] of from.entries())
      for (const axis of [0, 1] as const) expect(map(x, y)[axis]).toBeCloseTo(to[i]![axis])
    expect(map(4, 2.5)[0]).toBeCloseTo(2.5)
  })
})

/** The luminance table of ITU-T T.81, annex K. */
const luminance = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
  87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
]

/** What one grey block of 8 × 8 becomes, by the cosine transform's definition. */
const decodedBlock = (bytes: Float32Array, quality: number): readonly number[] => {
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality
  const scale = (k: number): number => (k === 0 ? Math.SQRT1_2 : 1)
  const wave = (at: number, k: number): number => Math.cos(((2 * at + 1) * k * Math.PI) / 16)
  const cells = Array.from({ length: 64 }, (_, i) => [i >> 3, i & 7] as const)
  const kept = cells.map(([v, u], i) => {
    const step = Math.min(Math.max(Math.floor((luminance[i]! * percent + 50) / 100), 1), 255)
    const sum = cells.reduce((total, [y, x], at) => total + (bytes[at]! - 128) * wave(y, v) * wave(x, u), 0)
    return step * Math.round((scale(u) * scale(v) * sum) / 4 / step)
  })
  return cells.map(([y, x]) => {
    const sum = cells.reduce((total, [v, u], i) => total + scale(u) * scale(v) * kept[i]! * wave(y, v) * wave(x, u), 0)
    return Math.min(Math.max(128 + sum / 4, 0), 255)
  })
}

describe('JPEG', () => {
  it.each([
    [1, 80],
    [5, 40],
  ])('at severity %d has the losses of quality %d', async (severity, quality) => {
    const bytes = Float32Array.from({ length: 64 }, (_, i) => Math.round(60 + 15 * (i >> 3) + 40 * Math.sin(0.3 * i)))
    const decoded = await corrupt(
      jpegCompression,
      [1, 8, 8],
      bytes.map((byte) => byte / 255),
      severity,
    )
    const expected = decodedBlock(bytes, quality)
    const errors = [...decoded].map((value, i) => Math.abs(255 * value - expected[i]!))
    expect(Math.max(...errors)).toBeLessThan(1.5)
  })
})
