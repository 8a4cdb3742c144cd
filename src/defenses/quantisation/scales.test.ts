import { describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { tensor } from '../../onnx/tensor.ts'
import { channelScales, stored, uint8Scale } from './scales.ts'

describe('uint8Scale', () => {
  it.each([
    [0, 1],
    [-3, 5],
    [0.5, 4],
    [-4, -0.5],
    [0, 255],
    [-1e-3, 1e4],
  ])('holds 0 exactly and [%d, %d] to half a step', (low, high) => {
    const { scale, zeroPoint } = uint8Scale({ low, high })
    expect(Number.isInteger(zeroPoint) && zeroPoint >= 0 && zeroPoint <= 255).toBe(true)
    for (const value of [low, high, 0, (low + high) / 2]) {
      const code = Math.min(255, Math.max(0, Math.round(value / scale) + zeroPoint))
      expect(Math.abs((code - zeroPoint) * scale - value)).toBeLessThanOrEqual(scale * (0.5 + 1e-6))
    }
  })
  it('is the grid of bytes for the range of an image', () => {
    expect(uint8Scale({ low: 0, high: 1 })).toEqual({ scale: Math.fround(1 / 255), zeroPoint: 0 })
  })
  it('stays a number where nothing was seen but 0', () => {
    expect(uint8Scale({ low: 0, high: 0 })).toEqual({ scale: 1, zeroPoint: 0 })
  })
})

describe('weights', () => {
  it.each([
    [[6, 3, 5, 5], 0, 127],
    [[20, 7], 1, 127],
    [[20, 7], 0, 63],
  ])('of shape %j by axis %d come back within half a step of their own channel', (dims, axis, limit) => {
    const random = stream('weights', axis)
    const size = dims.reduce((product, dim) => product * dim, 1)
    const inner = dims.slice(axis + 1).reduce((product, dim) => product * dim, 1)
    const channel = (i: number): number => Math.floor(i / inner) % dims[axis]
    // Channels of very different sizes: one scale for all would lose the small ones.
    const values = Array.from({ length: size }, (_, i) => random.normal() * 10 ** -channel(i))
    const weights = tensor('float32', dims, values)
    const scales = channelScales(weights, axis, limit)
    expect(scales.length).toBe(dims[axis])
    const codes = stored(weights, axis, scales, limit)
    for (const [i, code] of codes.entries()) {
      const scale = scales[channel(i)]
      expect(Math.abs(code * scale - values[i])).toBeLessThanOrEqual(scale * (0.5 + 1e-5))
      expect(scale).toBeLessThan(10 ** -channel(i) * (6 / limit))
    }
    for (let c = 0; c < dims[axis]; c++)
      expect(Math.max(...codes.filter((_, i) => channel(i) === c).map(Math.abs))).toBe(limit)
  })
  it('of a channel without any stay 0', () => {
    const weights = tensor('float32', [2, 2], [0, 0, 1, -2])
    const scales = channelScales(weights, 0, 127)
    expect(stored(weights, 0, scales, 127).map(Math.abs)).toEqual([0, 0, 64, 127])
  })
})
