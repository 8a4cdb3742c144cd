import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { runAttack } from '../../../threat/runner.ts'
import { predictedRows, randomNet } from '../../testing.ts'
import { gaussianNoise } from './gaussian-noise.ts'
import { corruptions } from './index.ts'
import { saturate } from './saturate.ts'
import { corrupt } from './testing.ts'

/** Values of single pixels from the authors' scripts (hendrycks/robustness, make_cifar_c.py and make_imagenet_c.py), in bytes. */
const published = JSON.parse(
  readFileSync(new URL('../../../../test/fixtures/corruptions.json', import.meta.url), 'utf8'),
) as Record<'small' | 'large', Record<string, number[][]>>

const saws = (side: number): Float32Array =>
  Float32Array.from({ length: 3 * side * side }, (_, i) => {
    const [channel, y, x] = [Math.floor(i / (side * side)), Math.floor(i / side) % side, i % side]
    return ((y * 8 * (channel + 1) + x * 5) % 256) / 255
  })

const places = (side: number): readonly number[] =>
  [
    ...Array.from({ length: 16 }, (_, k) => [(k * 37) % side, (k * 61) % side, k % 3] as const),
    [0, 0, 0] as const,
    [side - 1, side - 1, 2] as const,
  ].map(([y, x, channel]) => (channel * side + y) * side + x)

describe.each([
  ['small', 32],
  ['large', 224],
] as const)('on %s images', (kind, side) => {
  it.each(Object.keys(published[kind]))('%s equals the published implementation', async (id) => {
    const attack = corruptions.find((one) => one.id === id)!
    // Pillow rounds to bytes after each of the four passes; all else is exact to float32.
    const slack = id === 'pixelate' ? 1.6 : 2e-3
    for (const [i, expected] of published[kind][id]!.entries()) {
      const changed = await corrupt(attack, [3, side, side], saws(side), i + 1)
      for (const [k, at] of places(side).entries())
        expect(Math.abs(255 * changed[at]! - expected[k]!)).toBeLessThan(slack)
    }
  })
})

describe('a corruption', () => {
  it.each([0, 0.5, 2.5, 6, Number.NaN])('has no severity %d', async (severity) => {
    const changed = corrupt(gaussianNoise, [1, 8, 8], new Float32Array(64), severity)
    await expect(changed).rejects.toMatchObject({ code: 'ATTACK_NOT_APPLICABLE' })
  })

  it('that changes colours refuses grey images', async () => {
    const rows = await predictedRows(await randomNet([1, 8, 8], 3), 2)
    const request = { attack: saturate, ...rows, norm: 'severity', epsilon: 3, low: 0, high: 1 } as const
    await expect(runAttack(request)).rejects.toMatchObject({ code: 'ATTACK_NOT_APPLICABLE' })
  })

  it.each(corruptions.map((attack) => [attack.id, attack] as const))(
    '%s does the same in any range, changes something, and keeps NaN out',
    async (id, attack) => {
      const dims = [3, 16, 12]
      const x = Float32Array.from({ length: 3 * 16 * 12 }, (_, i) => stream('range', i).uniform())
      const unit = await corrupt(attack, dims, x, 5)
      const wide = await corrupt(
        attack,
        dims,
        x.map((v) => 255 * v - 100),
        5,
        [-100, 155],
      )
      for (const [i, value] of unit.entries()) {
        // JPEG works on bytes: a rounding that falls the other way moves a whole block a little.
        expect(Math.abs((wide[i]! + 100) / 255 - value)).toBeLessThan(id === 'jpeg-compression' ? 0.1 : 1e-4)
        expect(value >= 0 && value <= 1).toBe(true)
      }
      expect(unit).not.toEqual(x)
    },
  )

  it.each(corruptions.map((attack) => [attack.id, attack] as const))('%s bears black and white', async (_, attack) => {
    for (const value of [0, 1])
      for (const severity of [1, 3, 5]) {
        const changed = await corrupt(attack, [3, 7, 5], new Float32Array(105).fill(value), severity)
        expect(changed.every((share) => share >= 0 && share <= 1)).toBe(true)
      }
  })
})
