import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { areaResize } from './area-resize.ts'
import { readExif } from './exif.ts'
import { correlation, fingerprintOf } from './fingerprint.ts'
import { formatNamed, formatOf } from './magic.ts'
import { nearImages } from './near-images.ts'
import { dHash, hamming, hashText, lowFrequencies, pHash } from './perceptual-hash.ts'

const grey = (value: (x: number, y: number) => number) =>
  Float64Array.from({ length: 32 * 32 }, (_, i) => value(i % 32, Math.floor(i / 32)))

describe('pHash', () => {
  // The pattern's values are those of SciPy 1.10.1 (fftpack.dct along both axes, a factor of 2 each way taken out).
  const pattern = grey((x, y) => (x * 7 + y * 13 + ((x * y) % 17)) % 256)

  it('has the frequencies that SciPy finds', () => {
    const low = lowFrequencies(pattern)
    expect(low[0]).toBeCloseTo(133577, 6)
    expect(low[8 + 2]).toBeCloseTo(358.43878467521404, 6)
    expect(low[63]).toBeCloseTo(577.666302853113, 6)
    expect(hashText(pHash(pattern))).toBe('ec31cd11dab48736')
  })

  it('can be done by hand for one frequency: only that one, and the mean, are above the rest', () => {
    const wave = grey(
      (x, y) => 128 + 100 * Math.cos((Math.PI * (2 * x + 1) * 3) / 64) * Math.cos((Math.PI * (2 * y + 1) * 2) / 64),
    )
    const low = lowFrequencies(wave)
    // 32 x 32 times the mean, and half of 32 in each direction times the amplitude.
    expect(low[0]).toBeCloseTo(1024 * 128, 6)
    expect(low[2 * 8 + 3]).toBeCloseTo(16 * 16 * 100, 6)
    low.forEach((value, i) => {
      if (i !== 0 && i !== 19) expect(Math.abs(value)).toBeLessThan(1e-6)
    })
  })

  it('does not see brightness and contrast', () => {
    const brighter = pattern.map((value) => 0.8 * value + 20)
    expect(hamming(pHash(brighter), pHash(pattern))).toBeLessThanOrEqual(1)
    expect(correlation(fingerprintOf(pattern).thumbnail, fingerprintOf(brighter).thumbnail)).toBeGreaterThan(0.999)
  })
})

describe('dHash', () => {
  it('is one bit for each step to the right that gets brighter', () => {
    const image = new Float64Array(72)
    expect(hashText(dHash(image))).toBe('0000000000000000')
    // Rows 0 … 7 of nine pixels: row 0 rises all the way (bits 0 to 7), row 7 only in its last step (bit 63).
    for (let x = 0; x < 9; x++) image[x] = x
    image[71] = 1
    expect(hashText(dHash(image))).toBe('000000ff80000000')
  })
})

describe('hamming', () => {
  it('counts bits', () => {
    const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    fc.assert(
      fc.property(word, word, word, word, (a, b, c, d) => {
        const bits = (x: number, y: number) => [...((x ^ y) >>> 0).toString(2)].filter((bit) => bit === '1').length
        expect(hamming([a, b], [c, d])).toBe(bits(a, c) + bits(b, d))
      }),
      { seed: 1 },
    )
  })
})

describe('area resize', () => {
  it('takes means of what a pixel covers', () => {
    expect([...areaResize([1, 2, 3, 4], [2, 2], [1, 1])]).toEqual([2.5])
    expect([...areaResize([0, 3, 6], [1, 3], [1, 2])]).toEqual([1, 5])
    expect([...areaResize([1, 5], [1, 2], [2, 4])]).toEqual([1, 1, 5, 5, 1, 1, 5, 5])
  })

  it('keeps the mean', () => {
    const side = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(side, side, side, side, (h, w, toH, toW) => {
        const values = Array.from({ length: h * w }, (_, i) => (i * 7919) % 256)
        const mean = (list: ArrayLike<number>) => Array.from(list).reduce((sum, value) => sum + value, 0) / list.length
        expect(mean(areaResize(values, [h, w], [toH, toW]))).toBeCloseTo(mean(values), 8)
      }),
      { seed: 2, numRuns: 50 },
    )
  })
})

describe('near images', () => {
  it('finds by index what comparing all pairs finds', () => {
    const rng = stream(3, 'prints')
    const base = Array.from({ length: 40 }, () => [rng.integer(2 ** 32), rng.integer(2 ** 32)] as const)
    const prints = base.flatMap(([a, b]) =>
      Array.from({ length: 4 }, (_, copy) => {
        let [x, y] = [a, b]
        for (let flips = 0; flips < 3 * copy; flips++) {
          if (rng.integer(2) === 0) x = (x ^ (1 << rng.integer(32))) >>> 0
          else y = (y ^ (1 << rng.integer(32))) >>> 0
        }
        return { pHash: [x, y] as const, dHash: [0, 0] as const, thumbnail: Uint8Array.of(1, 2, 9) }
      }),
    )
    const limits = { bits: { pHash: 7, dHash: 10 }, correlation: 0.9 }
    const scanned = nearImages(prints, limits)
    expect(scanned.length).toBeGreaterThan(60)
    expect(nearImages(prints, limits, undefined, 0)).toEqual(scanned)
  })
})

describe('formats', () => {
  it('are told by bytes, and SVG is none', () => {
    expect(formatOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBeUndefined()
    expect(formatOf(Buffer.from('RIFF\0\0\0\0WAVE'))).toBeUndefined()
    expect(formatOf(Buffer.from('GIF89a'))).toBe('gif')
    expect(formatOf(new Uint8Array())).toBeUndefined()
    expect(formatNamed('.JPG')).toBe('jpeg')
  })
})

describe('EXIF', () => {
  it('may be anything: no block makes the reader fail', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.constantFrom('', 'II*\0', 'MM\0*', 'Exif\0\0II*\0'),
        (bytes, start) => {
          const found = readExif(Buffer.concat([Buffer.from(start, 'latin1'), bytes]))
          expect(found === undefined || typeof found.location === 'boolean').toBe(true)
        },
      ),
      { seed: 3 },
    )
  })
})
