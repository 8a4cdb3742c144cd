import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { failure, readAll, scratch, withData } from '../testing.ts'

const at = scratch()
const [width, height] = [5, 3]
/** Value of channel c of pixel i of image n. */
const value = (n: number, i: number, c: number) => (n * 50 + i * 7 + c * 3) % 256

const save = async (file: string, n: number, channels: 1 | 3 | 4, [w, h] = [width, height]) => {
  await mkdir(join(file, '..'), { recursive: true })
  const data = Uint8Array.from({ length: w * h * channels }, (_, k) =>
    k % channels === 3 ? 255 : value(n, Math.floor(k / channels), k % channels),
  )
  const image = sharp(data, { raw: { width: w, height: h, channels } })
  await (channels === 1 ? image.toColourspace('b-w') : image).toFile(file)
}

beforeAll(async () => {
  await save(at('rgb/dog/2.png'), 0, 3)
  await save(at('rgb/cat/b.png'), 1, 3)
  await save(at('rgb/cat/a.png'), 2, 4)
  await writeFile(at('rgb/.DS_Store'), 'x')
})

describe('image folder', () => {
  it('takes classes from sorted folder names and rows from sorted file names', async () => {
    await withData({ path: at('rgb') }, async (set) => {
      expect([set.rows, set.shape, set.classes]).toEqual([3, [3, height, width], ['cat', 'dog']])
      const { x, y } = await set.read(0, 3)
      expect(y).toEqual(Int32Array.of(0, 0, 1))
      const pixels = width * height
      const expected = [2, 1, 0].flatMap((n) =>
        Array.from({ length: 3 * pixels }, (_, k) => value(n, k % pixels, Math.floor(k / pixels))),
      )
      expect(x).toEqual(Float32Array.from(expected))
      expect((await set.read(1, 2)).x).toEqual(x.slice(3 * pixels, 6 * pixels))
    })
  })

  it('gives channels last where asked for', async () => {
    const { x, shape } = await readAll({ path: at('rgb'), layout: 'nhwc', rows: { from: 2 } })
    expect(shape).toEqual([height, width, 3])
    expect(x).toEqual(Float32Array.from({ length: x.length }, (_, k) => value(0, Math.floor(k / 3), k % 3)))
  })

  it('reads grey images as one channel, JPEG and WebP too, and folders without classes', async () => {
    await save(at('grey/1.png'), 1, 1)
    expect(await withData({ path: at('grey') }, (set) => [set.shape, set.hasLabels])).toEqual([
      [1, height, width],
      false,
    ])
    await save(at('mixed/a/1.webp'), 1, 3)
    await save(at('mixed/a/2.jpg'), 1, 3)
    expect((await readAll({ path: at('mixed') })).rows).toBe(2)
  })

  it('refuses an image of another size, naming both', async () => {
    await save(at('sizes/a/1.png'), 0, 3)
    await save(at('sizes/a/2.png'), 0, 3, [4, 4])
    const error = await failure('DATA_SHAPE_MISMATCH', () => readAll({ path: at('sizes') }))
    expect(error.message).toMatch(/2\.png.*\[3, 4, 4\].*1\.png.*\[3, 3, 5\]/)
  })

  it('refuses a cut image at every cut that is tried', async () => {
    await save(at('cut/a/1.png'), 0, 3, [32, 32])
    const whole = await readFile(at('cut/a/1.png'))
    await copyFile(at('cut/a/1.png'), at('cut/a/0.png'))
    for (let i = 0; i < 12; i++) {
      await writeFile(at('cut/a/1.png'), whole.subarray(0, Math.floor((i * whole.length) / 12)))
      const error = await failure('DATA_CORRUPT', () => readAll({ path: at('cut') }))
      expect(error.message).toContain('1.png')
    }
  })

  it('refuses transparency, deep samples, strange files and empty folders', async () => {
    await mkdir(at('clear/a'), { recursive: true })
    await sharp({ create: { width: 2, height: 2, channels: 4, background: { r: 1, g: 2, b: 3, alpha: 0.5 } } })
      .png()
      .toFile(at('clear/a/1.png'))
    await failure('DATA_CORRUPT', () => readAll({ path: at('clear') }))
    await mkdir(at('deep'))
    await sharp(new Uint16Array(4), { raw: { width: 2, height: 2, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toFile(at('deep/1.png'))
    await failure('DATA_FORMAT_UNSUPPORTED', () => readAll({ path: at('deep') }))
    await mkdir(at('strange/a'), { recursive: true })
    await writeFile(at('strange/a/1.gif'), 'GIF89a')
    expect((await failure('DATA_FORMAT_UNSUPPORTED', () => readAll({ path: at('strange') }))).message).toContain(
      '1.gif',
    )
    await mkdir(at('empty/a'), { recursive: true })
    await failure('DATA_CORRUPT', () => readAll({ path: at('empty') }))
  })
})
