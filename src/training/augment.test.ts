import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../base/random.ts'
import { augmentOf } from './augment.ts'

type Image = readonly (readonly (readonly number[])[])[]

const flat = (image: Image): number[] => image.flat(2)

/** One pixel at a time: rows move down, columns right, what comes in is `fill`. */
const shifted = (image: Image, down: number, right: number, fill: number): Image =>
  image.map((channel) => channel.map((row, y) => row.map((_, x) => channel[y - down]?.[x - right] ?? fill)))

const mirrored = (image: Image): Image => image.map((channel) => channel.map((row) => row.toReversed()))

const images = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .map(([channels, height, width]): { dims: readonly number[]; image: Image } => ({
    dims: [channels, height, width],
    image: Array.from({ length: channels }, (_, c) =>
      Array.from({ length: height }, (_, y) =>
        Array.from({ length: width }, (_, x) => 1 + (c * height + y) * width + x),
      ),
    ),
  }))

describe('images that are moved', () => {
  it('are one of the moves within reach', () => {
    fc.assert(
      fc.property(images, fc.integer({ min: 0, max: 3 }), fc.boolean(), ({ dims, image }, shift, flip) => {
        const augment = augmentOf(dims, { shift, flip, fill: -7 })
        expect(augment === undefined).toBe(shift === 0 && !flip)
        const steps = Array.from({ length: 2 * shift + 1 }, (_, i) => i - shift)
        const possible = new Set(
          steps.flatMap((down) =>
            steps.flatMap((right) => {
              const moved = shifted(image, down, right, -7)
              return (flip ? [moved, mirrored(moved)] : [moved]).map((result) => String(flat(result)))
            }),
          ),
        )
        const random = stream('images', shift)
        for (let i = 0; i < 20; i++) {
          const row = Float32Array.from(flat(image))
          augment?.(row, random)
          expect(possible).toContain(String([...row]))
        }
      }),
      { numRuns: 60, seed: 1 },
    )
  })

  it('reach every move, a mirrored one every other time', () => {
    const dims = [1, 4, 4]
    const image: Image = [Array.from({ length: 4 }, (_, y) => Array.from({ length: 4 }, (_, x) => y * 4 + x + 1))]
    const augment = augmentOf(dims, { shift: 1, flip: true })!
    const random = stream('moves')
    const counts = new Map<string, number>()
    const runs = 3600
    for (let i = 0; i < runs; i++) {
      const row = Float32Array.from(flat(image))
      augment(row, random)
      counts.set(String([...row]), (counts.get(String([...row])) ?? 0) + 1)
    }
    expect(counts.size).toBe(18)
    const spread = 4.5 * Math.sqrt(runs / 18)
    for (const count of counts.values()) expect(Math.abs(count - runs / 18)).toBeLessThan(spread)
  })

  it('must be images', () => {
    expect(() => augmentOf([5], { shift: 1 })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    expect(() => augmentOf([5], { flip: true })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    expect(augmentOf([5], {})).toBeUndefined()
  })
})

describe('noise', () => {
  it('is normal, of the given deviation, and not clipped', () => {
    const [size, noise] = [20_000, 0.3]
    const row = new Float32Array(size).fill(0.9)
    augmentOf([size], { noise })!(row, stream('noise'))
    const z = Array.from(row, (value) => (value - 0.9) / noise)
    const moment = (power: number) => z.reduce((sum, value) => sum + value ** power, 0) / size
    // Standard errors of the first four moments of a normal: 1, √2, √15, √96 over √n.
    for (const [power, expected, deviation] of [
      [1, 0, 1],
      [2, 1, Math.SQRT2],
      [3, 0, Math.sqrt(15)],
      [4, 3, Math.sqrt(96)],
    ] as const)
      expect(Math.abs(moment(power) - expected)).toBeLessThan((4 * deviation) / Math.sqrt(size))
    expect(Math.max(...row)).toBeGreaterThan(1.5)
  })

  it('goes on top of a move', () => {
    const row = Float32Array.of(1, 2, 3, 4)
    augmentOf([1, 2, 2], { shift: 5, noise: 1e-3, fill: 8 })!(row, stream('far', 6))
    for (const value of row) expect(Math.abs(value - Math.round(value))).toBeLessThan(0.01)
    expect([...row].some((value) => !Number.isInteger(value))).toBe(true)
  })
})
