import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { stream } from '../../src/base/random.ts'
import { scratch } from '../../src/base/testing.ts'
import { writeNpy } from '../../src/data/index.ts'
import { failure } from '../../src/data/testing.ts'
import { checkImages } from '../../src/screening/images/index.ts'

const at = scratch()

/** A colour picture of a few smooth waves and a box: unlike any other key's. */
const scene = (key: number, width = 96, height = 96): Promise<Buffer> => {
  const rng = stream(1, 'scene', key)
  const waves = Array.from({ length: 6 }, () => [
    1 + rng.integer(7),
    1 + rng.integer(7),
    rng.uniform() * 6,
    rng.integer(3),
  ])
  const [left, top] = [rng.uniform() / 2, rng.uniform() / 2]
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) {
        const [u, v] = [x / width, y / height]
        const light = waves.reduce(
          (sum, [a, b, phase, colour]) => sum + (colour === c ? 1.5 : 0.8) * Math.sin(a * 3 * u + b * 3 * v + phase),
          0,
        )
        const box = u > left && u < left + 0.4 && v > top && v < top + 0.3 ? 40 : 0
        data[(y * width + x) * 3 + c] = Math.max(0, Math.min(255, 110 + 18 * light + box))
      }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

const folder = (name: string, files: Readonly<Record<string, Buffer>>): string => {
  for (const [file, bytes] of Object.entries(files)) {
    mkdirSync(join(at(name), file, '..'), { recursive: true })
    writeFileSync(join(at(name), file), bytes)
  }
  return at(name)
}

const failed = (checks: readonly { readonly id: string; readonly verdict: string }[]) =>
  checks.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id)

let scenes: readonly Buffer[] = []
beforeAll(async () => {
  scenes = await Promise.all(Array.from({ length: 40 }, (_, key) => scene(key)))
})
const numbered = (list: readonly Buffer[], prefix = '') =>
  Object.fromEntries(list.map((bytes, i) => [`${prefix}${String(i).padStart(2, '0')}.png`, bytes]))

describe('good images', () => {
  it('pass, forty unlike ones and none like another', async () => {
    const report = await checkImages({
      path: folder('good', numbered(scenes)),
      options: { size: [96, 96], channels: 3 },
    })
    expect(failed(report.checks)).toEqual([])
    expect(report).toMatchObject({ images: 40, findings: [], duplicates: [], leaked: [], metadata: 0, notCompared: 0 })
  })
})

describe('near-duplicates', () => {
  it.each<[string, (image: Buffer) => Promise<Buffer>]>([
    ['resized', (image) => sharp(image).resize(64, 64).png().toBuffer()],
    ['enlarged, in another shape', (image) => sharp(image).resize(140, 120, { fit: 'fill' }).png().toBuffer()],
    ['of JPEG quality 60', (image) => sharp(image).jpeg({ quality: 60 }).toBuffer()],
    ['a little brighter', (image) => sharp(image).modulate({ brightness: 1.08 }).png().toBuffer()],
    ['of another contrast', (image) => sharp(image).linear(0.85, 10).png().toBuffer()],
    ['grey', (image) => sharp(image).greyscale().png().toBuffer()],
    ['slightly blurred', (image) => sharp(image).blur(0.8).webp({ quality: 80 }).toBuffer()],
  ])('are found %s', async (name, change) => {
    const copies = await Promise.all(scenes.slice(0, 6).map(change))
    const path = folder(`near ${name}`, { ...numbered(scenes.slice(0, 16), 'a'), ...numbered(copies, 'copies/') })
    const { duplicates, checks } = await checkImages({ path })
    expect(duplicates.map(({ image, other, equal }) => [image, other, equal])).toEqual(
      copies.map((_, i) => [`a${String(i).padStart(2, '0')}.png`, `copies/${String(i).padStart(2, '0')}.png`, false]),
    )
    expect(failed(checks)).toContain('images.near-duplicates')
  })

  it('are equal where the bytes are', async () => {
    const path = folder('equal', { ...numbered(scenes.slice(0, 3)), 'again.png': scenes[1], 'twice.png': scenes[1] })
    const { duplicates, checks } = await checkImages({ path })
    expect(duplicates.filter(({ equal }) => equal).map(({ image, other }) => [image, other])).toEqual([
      ['01.png', 'again.png'],
      ['01.png', 'twice.png'],
    ])
    expect(checks.find(({ id }) => id === 'images.duplicates')).toMatchObject({ verdict: 'failed', measured: 2, n: 5 })
  })

  it('are leaks across sets', async () => {
    const path = folder('test set', {
      ...numbered(scenes.slice(20, 30)),
      'copy.png': scenes[3],
      'near.jpg': await sharp(scenes[4]).jpeg({ quality: 70 }).toBuffer(),
    })
    const against = folder('train set', numbered(scenes.slice(0, 20)))
    const { leaked, checks } = await checkImages({ path, against })
    expect(leaked.map(({ image, other, equal }) => [image, other, equal])).toEqual([
      ['copy.png', '03.png', true],
      ['near.jpg', '04.png', false],
    ])
    expect(failed(checks)).toEqual(['images.leakage'])
    const apart = await checkImages({ path: folder('other', numbered(scenes.slice(30, 40))), against })
    expect(failed(apart.checks)).toEqual([])
  })
})

/** A PNG whose header tells of another size than its pixels have, with the header's checksum put right. */
const claiming = (png: Buffer, width: number, height: number): Buffer => {
  const claim = Buffer.from(png)
  claim.writeUInt32BE(width, 16)
  claim.writeUInt32BE(height, 20)
  let crc = 0xffffffff
  for (const byte of claim.subarray(12, 29)) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  claim.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 29)
  return claim
}

describe('bad images', () => {
  it('are named one by one, with what is wrong', async () => {
    const plain = (colour: string) => sharp({ create: { width: 96, height: 96, channels: 3, background: colour } })
    const frames = await sharp([scenes[30], scenes[31]], { join: { animated: true } })
      .gif()
      .toBuffer()
    const jpeg = await sharp(scenes[32]).jpeg().toBuffer()
    const path = folder('bad', {
      ...numbered(scenes.slice(0, 10), 'ok'),
      'cut.png': scenes[33].subarray(0, scenes[33].length >> 1),
      'cut.jpg': jpeg.subarray(0, jpeg.length >> 1),
      'blank.png': await plain('#336699').png().toBuffer(),
      'named.png': await sharp(scenes[34]).jpeg().toBuffer(),
      'moving.gif': frames,
      'turned.jpg': await sharp(scenes[35]).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
      'place.jpg': await sharp(scenes[36])
        .withExif({ IFD0: { Artist: 'x' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
        .jpeg()
        .toBuffer(),
      'bomb.png': claiming(scenes[37], 50_000, 50_000),
      'small.png': await sharp(scenes[38]).resize(48, 96, { fit: 'fill' }).png().toBuffer(),
      'grey.png': await sharp(scenes[39]).greyscale().toColourspace('b-w').png().toBuffer(),
      'drawing.svg': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
      'notes.txt': Buffer.from('no image'),
      'empty.png': Buffer.alloc(0),
    })
    symlinkSync('/etc/passwd', join(path, 'link.png'))
    const { findings, checks, metadata } = await checkImages({ path, options: { size: [96, 96], channels: 3 } })
    const kinds = findings.map(({ image, kind }) => `${image} ${kind}`).sort()
    expect(kinds).toEqual(
      [
        'blank.png blank',
        'bomb.png size',
        'bomb.png too-large',
        'cut.jpg undecodable',
        'cut.png undecodable',
        'drawing.svg not-an-image',
        'empty.png not-an-image',
        'grey.png channels',
        'link.png not-an-image',
        'moving.gif animated',
        'named.png wrong-extension',
        'notes.txt not-an-image',
        'place.jpg location',
        'small.png size',
        'turned.jpg orientation',
      ].sort(),
    )
    expect(metadata).toBe(2)
    expect(new Set(failed(checks))).toEqual(
      new Set(
        [
          'blank',
          'pixels',
          'size',
          'decode',
          'format',
          'channels',
          'frames',
          'extension',
          'location',
          'orientation',
        ].map((id) => `images.${id}`),
      ),
    )
  })

  it('at every length of a cut file are findings, never errors', async () => {
    const jpeg = await sharp(scenes[5]).jpeg().toBuffer()
    const cuts = Array.from({ length: 12 }, (_, i) => jpeg.subarray(0, Math.floor((i * jpeg.length) / 12)))
    const files = Object.fromEntries(cuts.map((bytes, i) => [`${i}.jpg`, bytes]))
    const { findings } = await checkImages({ path: folder('cuts', files) })
    expect(new Set(findings.map(({ image }) => image))).toEqual(new Set(Object.keys(files)))
  })
})

describe('arrays', () => {
  const images = (count: number) => {
    const data = new Float32Array(count * 3 * 24 * 20)
    for (let i = 0; i < data.length; i++) {
      const image = Math.floor(i / (3 * 24 * 20))
      const [y, x] = [Math.floor((i % 480) / 20), i % 20]
      data[i] =
        0.5 +
        0.2 * Math.sin((x * (1 + (image % 5))) / 5 + image) +
        0.2 * Math.cos((y * (1 + (image % 7))) / 6 + 2 * image)
    }
    return data
  }

  it('are checked row by row', async () => {
    const data = images(24)
    const size = 3 * 24 * 20
    data.copyWithin(20 * size, 3 * size, 4 * size)
    data.set(
      data.subarray(5 * size, 6 * size).map((value) => 0.9 * value + 0.05),
      21 * size,
    )
    data.fill(0.25, 22 * size, 23 * size)
    data[23 * size + 7] = Number.NaN
    await writeNpy(at('images.npy'), { dtype: 'float32', shape: [24, 3, 24, 20], data })
    const report = await checkImages({ path: at('images.npy'), options: { size: [24, 20], channels: 3 } })
    expect(report.findings.map(({ image, kind }) => `${image} ${kind}`)).toEqual(['row 22 blank', 'row 23 not-finite'])
    expect(report.duplicates.map(({ image, other, equal }) => [image, other, equal])).toEqual([
      ['row 3', 'row 20', true],
      ['row 5', 'row 21', false],
    ])
    const wrong = await checkImages({ path: at('images.npy'), options: { size: [20, 24], channels: 1 } })
    expect(failed(wrong.checks)).toEqual(expect.arrayContaining(['images.size', 'images.channels']))
  })

  it('of real digits are all different', async () => {
    const digits = new URL('../../examples/digits/images-idx3-ubyte', import.meta.url).pathname
    const {
      images: count,
      checks,
      duplicates,
    } = await checkImages({ path: digits, options: { size: [28, 28], channels: 1 } })
    expect(count).toBeGreaterThan(100)
    expect(duplicates).toEqual([])
    expect(failed(checks)).toEqual([])
    const copy = at('digits-idx3-ubyte')
    const bytes = readFileSync(digits)
    bytes.writeUInt32BE(40, 4)
    writeFileSync(copy, bytes.subarray(0, 16 + 40 * 784))
    const leak = await checkImages({ path: copy, against: digits })
    expect(leak.leaked).toHaveLength(40)
  })

  it('that are no images, and empty sets, are no pass', async () => {
    await writeNpy(at('flat.npy'), { dtype: 'float32', shape: [2, 12], data: new Float32Array(24) })
    await failure('DATA_SHAPE_MISMATCH', () => checkImages({ path: at('flat.npy') }))
    mkdirSync(at('none'))
    const { checks } = await checkImages({ path: at('none') })
    expect(new Set(checks.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']))
    writeFileSync(at('t.csv'), 'a,b\n1,2\n')
    await failure('DATA_FORMAT_UNSUPPORTED', () => checkImages({ path: at('t.csv') }))
    await failure('FILE_NOT_FOUND', () => checkImages({ path: at('nowhere') }))
  })
})
