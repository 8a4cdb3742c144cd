import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import { cleanImage } from '../../src/screening/sanitise/images/clean-image.ts'
import { type SanitiseOptions, sanitise } from '../../src/screening/sanitise/index.ts'

const newFolder = scratchFolders()
const [width, height] = [24, 16]
const pixels = Buffer.from(Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256))
const exif = {
  IFD0: { Copyright: 'Anna Mueller', Make: 'PhoneMaker' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 8/1 0/1' },
}
const raw = () => sharp(pixels, { raw: { width, height, channels: 3 } })

type Format = 'png' | 'jpeg' | 'webp'
const formats: readonly Format[] = ['png', 'jpeg', 'webp']
const pictures = {} as Record<Format, Buffer>
beforeAll(async () => {
  for (const format of formats)
    pictures[format] = await raw()
      .withExif(exif)
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">secret place</x:xmpmeta>')
      .toFormat(format)
      .toBuffer()
})

const run = async (name: string, bytes: Buffer, options: SanitiseOptions = {}) => {
  const folder = newFolder()
  const [from, out] = [join(folder, name), join(folder, `out-${name}`)]
  await writeFile(from, bytes)
  const result = await sanitise(from, { out, ...options })
  return { result, bytes: await readFile(out), out }
}
const decoded = (bytes: Buffer) => sharp(bytes).raw().toBuffer()

describe.each(formats)('%s', (format) => {
  it('loses EXIF, GPS and XMP and no pixel, and is left alone the second time', async () => {
    const { bytes, result } = await run(`a.${format}`, pictures[format])
    const { exif: left, xmp } = await sharp(bytes).metadata()
    expect({ left, xmp }).toEqual({ left: undefined, xmp: undefined })
    for (const secret of ['Anna', 'PhoneMaker', 'secret place', 'GPS']) expect(bytes.includes(secret)).toBe(false)
    expect(await decoded(bytes)).toEqual(await decoded(pictures[format]))
    expect(result.rules.map(({ kind, rule, action }) => [kind, rule, action])).toContainEqual([
      'image-metadata',
      'exif',
      'remove',
    ])
    expect(result.rows).toEqual({ in: 1, out: 1, dropped: 0, changed: 1 })
    const again = await run(`a.${format}`, bytes)
    expect(again.bytes).toEqual(bytes)
    expect(again.result.verdict).toBe('unchanged')
  })

  it('loses what follows its end, and tells what it was', async () => {
    const plain = await raw().toFormat(format).toBuffer()
    const { bytes, result } = await run(`a.${format}`, Buffer.concat([plain, Buffer.from('PK\u0003\u0004<?php evil')]))
    expect(bytes).toEqual(plain)
    expect(result.rules.map(({ rule }) => rule).sort()).toEqual(['also-php', 'also-zip', 'trailing-data'])
  })

  it('is refused where it is cut off, whatever the place', async () => {
    const whole = await raw().toFormat(format).toBuffer()
    for (const share of [0.3, 0.7, 0.98])
      await expect(run(`a.${format}`, whole.subarray(0, Math.floor(whole.length * share)))).rejects.toMatchObject({
        code: 'DATA_CORRUPT',
      })
  })

  it('never fails with anything but a clear error', () => {
    const whole = pictures[format]
    for (let i = 0; i < whole.length; i++) {
      const broken = Buffer.from(whole)
      broken[i]! ^= 0xff
      try {
        expect(cleanImage(broken, `a.${format}`, () => ({ name: 'remove' })).bytes.length).toBeLessThanOrEqual(
          whole.length,
        )
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^DATA_/) })
      }
    }
  })

  it('is decoded and written anew on demand', async () => {
    const { bytes } = await run(`a.${format}`, pictures[format], { reencode: true })
    expect(await sharp(bytes).metadata()).toMatchObject({ format, width, height })
    expect((await sharp(bytes).metadata()).exif).toBeUndefined()
  })
})

describe('JPEG', () => {
  it('keeps its orientation and colour profile and nothing else of its metadata', async () => {
    const turned = await raw().withMetadata({ orientation: 6, exif }).jpeg().toBuffer()
    const { bytes } = await run('a.jpg', turned)
    const metadata = await sharp(bytes).metadata()
    expect(metadata.orientation).toBe(6)
    expect(metadata.icc?.length).toBe((await sharp(turned).metadata()).icc?.length)
    expect(bytes.includes('Anna')).toBe(false)
    expect((await run('a.jpg', bytes)).bytes).toEqual(bytes)
  })

  it('loses comments', async () => {
    const plain = await raw().jpeg().toBuffer()
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 9]), Buffer.from('<script')])
    const { bytes, result } = await run('a.jpg', Buffer.concat([plain.subarray(0, 2), comment, plain.subarray(2)]))
    expect(bytes).toEqual(plain)
    expect(result.rules.map(({ rule }) => rule).sort()).toEqual(['also-html', 'comment'])
  })
})

describe('GIF', () => {
  it('keeps frames and the loop, loses comments', async () => {
    const plain = await raw().gif().toBuffer()
    const comment = Buffer.from([0x21, 0xfe, 4, ...Buffer.from('Anna'), 0])
    const at = 13 + 3 * 2 ** ((plain[10]! & 7) + 1)
    const { bytes } = await run(
      'a.gif',
      Buffer.concat([plain.subarray(0, at), comment, plain.subarray(at), Buffer.from('tail')]),
    )
    expect(bytes).toEqual(plain)
  })
})

describe('a bomb', () => {
  it('is refused by its header', async () => {
    const png = await raw().png().toBuffer()
    png.writeUInt32BE(60_000, 16)
    png.writeUInt32BE(60_000, 20)
    await expect(run('a.png', png)).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
      message: expect.stringContaining('60000 x 60000'),
    })
  })
})

describe('a name that lies', () => {
  it('is reported, and a file that is no image is refused', async () => {
    const { result } = await run('a.png', await raw().jpeg().toBuffer())
    expect(result.rules).toMatchObject([{ kind: 'image-extension', rule: 'is-jpeg', action: 'report' }])
    await expect(run('a.png', Buffer.from('MZ no picture at all'))).rejects.toMatchObject({
      code: 'DATA_FORMAT_UNSUPPORTED',
    })
  })
})

describe('a folder of images', () => {
  it('is written whole, without the images that are dropped', async () => {
    const folder = newFolder()
    for (const name of ['cats', 'dogs']) await mkdir(join(folder, 'in', name), { recursive: true })
    await writeFile(join(folder, 'in', 'cats', 'a.png'), pictures.png)
    await writeFile(join(folder, 'in', 'cats', 'b.jpg'), await raw().jpeg().toBuffer())
    await writeFile(join(folder, 'in', 'dogs', 'c.webp'), Buffer.concat([pictures.webp, Buffer.from('PK\u0003\u0004')]))
    const out = join(folder, 'out')
    const result = await sanitise(join(folder, 'in'), {
      out,
      policy: { actions: { 'image-trailer': { name: 'drop' } } },
    })
    expect(result.rows).toEqual({ in: 3, out: 2, dropped: 1, changed: 1 })
    expect(result.entities.map(({ row, column }) => [row, column])).toContainEqual([0, 'cats/a.png'])
    expect((await readdir(out, { recursive: true })).sort()).toEqual(['cats', 'cats/a.png', 'cats/b.jpg'])
    await expect(sanitise(join(folder, 'in'), { out })).rejects.toMatchObject({ code: 'RUN_CONFLICT' })
    await writeFile(join(folder, 'in', 'dogs', 'd.png'), 'broken')
    await expect(sanitise(join(folder, 'in'), { out: join(folder, 'out2') })).rejects.toMatchObject({
      code: 'DATA_FORMAT_UNSUPPORTED',
    })
    expect((await readdir(folder)).sort()).toEqual(['in', 'out'])
  })
})
