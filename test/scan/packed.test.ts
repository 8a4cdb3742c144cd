import { describe, expect, it } from 'vitest'
import { stream } from '../../src/base/random.ts'
import { crc64 } from '../../src/screening/artefacts/archives/unpack/checksums.ts'
import { unpack } from '../../src/screening/artefacts/archives/unpack/unpack.ts'
import { bytesContent } from '../../src/screening/artefacts/content.ts'
import { tar, zip } from './support/archives.ts'
import { bytes, u16, utf8 } from './support/bytes.ts'
import { bombs, longText, packedPickles, packedTexts } from './support/packed.ts'
import { inflated, rulesOf, scanBytes } from './support/run.ts'
import { evilPickle } from './support/sample.ts'

const plenty = 2 ** 20
const all = [
  ...packedPickles.map((one) => ({ ...one, plain: evilPickle })),
  ...packedTexts.map((one) => ({ ...one, plain: longText })),
]
const extensions = { bzip2: 'bz2', xz: 'xz', lzma: 'lzma', lz4: 'lz4', zstandard: 'zst' } as const

describe('unpacking', () => {
  it.each(all)('gives what $what packed', async ({ format, data, plain }) => {
    const { bytes: unpacked, ...rest } = await unpack(bytesContent(data), format, plenty)
    expect(Buffer.compare(unpacked, plain)).toBe(0)
    expect(rest).toEqual({ complete: true, used: data.length, limited: false })
  })

  it.each(all)('ends at its limit: $what', async ({ format, data, plain }) => {
    for (const limit of [0, 1, plain.length - 1]) {
      const { bytes: unpacked, limited, complete } = await unpack(bytesContent(data), format, limit)
      expect([limited, complete]).toEqual([true, false])
      expect(Buffer.compare(unpacked, plain.subarray(0, limit))).toBe(0)
    }
  })

  it.each(packedTexts)('names where $what is cut off, wherever that is', async ({ format, data }) => {
    for (let length = 1; length < data.length; length += 1 + Math.floor(data.length / 200)) {
      const { error, complete, bytes: unpacked } = await unpack(bytesContent(data.subarray(0, length)), format, plenty)
      expect({ length, complete }).toEqual({ length, complete: false })
      expect(error).toBeTruthy()
      expect(Buffer.compare(unpacked, longText.subarray(0, unpacked.length))).toBe(0)
    }
  })

  it.each(packedTexts.filter(({ format }) => format !== 'lzma'))(
    'finds any byte changed in $what',
    async ({ format, data }) => {
      for (let at = 0; at < data.length; at++) {
        const changed = Uint8Array.from(data)
        changed[at]! ^= 1 << (at % 8)
        const { error, used, bytes: unpacked } = await unpack(bytesContent(changed), format, plenty)
        // What changes no data and no checksum may pass: bits of padding, sizes of windows.
        const isSame = Buffer.compare(unpacked, longText) === 0
        expect({ at, noticed: error !== undefined || isSame || used < data.length }).toEqual({ at, noticed: true })
      }
    },
  )

  it('ends in an orderly way over any bytes', async () => {
    for (let number = 0; number < 1000; number++) {
      const random = stream('unpack mutation', number)
      const { format, data } = all[random.integer(all.length)]!
      const changed = Uint8Array.from(data)
      for (let i = 0; i <= random.integer(4); i++) changed[random.integer(changed.length)] = random.integer(256)
      const { bytes: unpacked, used } = await unpack(bytesContent(changed), format, 65_536)
      expect(unpacked.length).toBeLessThanOrEqual(65_536)
      expect(used).toBeLessThanOrEqual(changed.length)
    }
  })

  it('has the check value of CRC-64/XZ', () => {
    expect(Buffer.from(crc64(utf8('123456789')).reverse()).toString('hex')).toBe('995dc9bbdf1939fa')
  })
})

describe('packed files', () => {
  it.each(packedPickles)('are looked into: $what', async ({ format, data }) => {
    const scan = await scanBytes(`m.pkl.${extensions[format]}`, data)
    expect(rulesOf(scan)).toEqual(['pickle-dangerous-import'])
    expect(scan.findings[0]?.where).toBe(`${format}, byte 14`)
    expect(scan.unscanned).toEqual([])
    expect(rulesOf(await scanBytes('m.joblib', data))).toContain('pickle-dangerous-import')
  })

  it.each(packedTexts)('are no pass where they are cut off: $what', async ({ format, data }) => {
    const { unscanned } = await scanBytes(`m.txt.${extensions[format]}`, data.subarray(0, -20))
    expect(unscanned.map(({ reason }) => reason).join()).toContain('can’t be inflated whole')
  })

  it.each(packedTexts)('within each other are followed: $what', async ({ format, data }) => {
    const name = `m.txt.${extensions[format]}`
    const outer = tar([{ name, data: data.subarray(0, -3) }])
    const { unscanned } = await scanBytes('m.tar', outer)
    expect(unscanned[0]?.where).toBe(name)
  })

  it.each([
    ['12', packedPickles.find(({ format }) => format === 'bzip2')],
    ['93', packedPickles.find(({ format }) => format === 'zstandard')],
    ['95', packedPickles.find(({ format }) => format === 'xz')],
  ])('as members of a zip archive, method %s', async (method, packed) => {
    const member = { name: 'a.npy', data: packed!.data, method: Number(method), declaredSize: evilPickle.length }
    expect(rulesOf(await scanBytes('x.npz', zip([member])))).toContain('pickle-dangerous-import')
  })

  it('as LZMA members of a zip archive, by size and by end mark', async () => {
    const { data } = packedPickles.find(({ what }) => what === 'xz --format=lzma')!
    const body = bytes(9, 4, u16(5), data.subarray(0, 5), data.subarray(13))
    for (const flags of [0, 2]) {
      const member = { name: 'a.npy', data: body, method: 14, declaredSize: evilPickle.length, flags }
      expect(rulesOf(await scanBytes('x.npz', zip([member])))).toContain('pickle-dangerous-import')
    }
  })

  it.each(['7z\xbc\xaf\x27\x1c', 'Rar!\x1a\x07\x01\0'])(
    'of forms that are not unpacked are named: %j',
    async (start) => {
      const scan = await scanBytes('backup', bytes(start, new Uint8Array(40)))
      expect(scan.findings).toEqual([])
      expect(scan.unscanned[0]?.reason).toMatch(/it is a (?:7z|RAR) archive, which isn’t unpacked here/)
    },
  )

  it.each(bombs)('of great ratio are bombs: $what by $format', async ({ format, data }) => {
    const scan = await scanBytes(`m.bin.${extensions[format]}`, data)
    expect(rulesOf(scan)).toContain('archive-bomb')
    expect(scan.unscanned[0]?.reason).toContain(`first ${inflated.member} inflated bytes`)
  })
})
