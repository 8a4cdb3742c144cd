import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import type { CheckResult } from '../../src/contract/validation.ts'
import { writeNpy, writeNpz } from '../../src/data/index.ts'
import { inferSchema } from '../../src/screening/validation/infer/infer.ts'
import { parseSchema } from '../../src/screening/validation/schema/load-schema.ts'
import { trials } from '../../src/screening/validation/testing.ts'
import { validateData } from '../../src/screening/validation/validate-data.ts'

// What a schema asks beyond the columns of a table: other splits, repeated rows, labels, images, arrays.

const newFolder = scratchFolders()
const trial = trials()

const validated = async (folder: string, name: string, schema: string, quarantine?: string) => {
  const path = join(folder, name)
  const found = await validateData({
    path,
    schema: parseSchema(schema, join(folder, 'schema.yaml'), path),
    now: 0,
    ...(quarantine !== undefined && { quarantine: join(folder, quarantine) }),
  })
  return { ...found, check: byId(found.checks) }
}

const byId = (checks: readonly CheckResult[]) => (id: string) => checks.find((check) => check.id === id)

const verdicts = (checks: readonly CheckResult[]) => Object.fromEntries(checks.map(({ id, verdict }) => [id, verdict]))

const files = (found: Readonly<Record<string, Uint8Array>>): string => {
  const folder = newFolder()
  for (const [name, bytes] of Object.entries(found)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  return folder
}

/** A grey picture of 16 x 16 blocks that no other seed resembles. */
const picture = (seed: number, side = 32, brighter = 0): Promise<Buffer> => {
  let state = seed * 2_654_435_761
  const blocks = Array.from({ length: 64 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return 40 + (state >>> 24) * 0.6
  })
  const grey = Uint8Array.from({ length: side * side }, (_, i) => {
    const [y, x] = [Math.floor(i / side), i % side]
    return Math.min(255, blocks[Math.floor((8 * y) / side) * 8 + Math.floor((8 * x) / side)]! + brighter)
  })
  return sharp(grey, { raw: { width: side, height: side, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer()
}

describe('tables', () => {
  const columns = 'columns: {a: {}, b: {}, label: {}}\n'
  const rows = Array.from({ length: 60 }, (_, i) => `${i},x${i * 7},${i % 4 === 0 ? 'rare' : 'often'}`)
  const table = (lines: readonly string[]): string => `a,b,label\n${lines.join('\n')}\n`

  it('are searched for rows of other splits and for repeated rows, as the schema asks', async () => {
    const schema = `${columns}duplicates: {at-most: 0, target: label}
leakage:
  - {file: train.csv, target: label, severity: warning}
  - {file: other.csv}
`
    const result = await trial(table([...rows.slice(0, 20), rows[3]!]), schema, {
      files: { 'train.csv': table(rows.slice(10)), 'other.csv': table(rows.slice(30)) },
    })
    expect(result.check('duplicates.rows.duplicates')).toMatchObject({ verdict: 'failed', measured: 1, n: 21 })
    expect(result.check('leakage[0].rows.leakage')).toMatchObject({
      verdict: 'failed',
      severity: 'warning',
      measured: 10,
      n: 21,
    })
    expect(result.check('leakage[1].rows.leakage')).toMatchObject({ verdict: 'passed', measured: 0 })
  })

  it('are inconclusive against a split without rows or without a column in common', async () => {
    const schema = `${columns}leakage: [{file: empty.csv}, {file: strange.csv}]`
    const { check } = await trial(table(rows), schema, {
      files: { 'empty.csv': 'a,b,label\n', 'strange.csv': 'z\n1\n' },
    })
    expect(check('leakage[0].rows.leakage').verdict).toBe('inconclusive')
    expect(check('leakage[1].rows.leakage').verdict).toBe('inconclusive')
  })

  it('have labels that are counted, of classes that are known, and compared with a reference', async () => {
    const schema = `${columns}labels: {column: label, classes: [often, rare, never], min-count: 16, min-share: 0.2, reference: before.csv}`
    const before = Array.from({ length: 600 }, (_, i) => `${i},y,${i % 4 === 0 ? 'often' : 'rare'}`)
    const { check, labels } = await trial(table(rows), schema, { files: { 'before.csv': table(before) } })
    expect(check('labels.classes')).toMatchObject({ verdict: 'passed', n: 60 })
    expect(check('labels.min-count')).toMatchObject({ verdict: 'failed', measured: 0 })
    expect(check('labels.min-count').message).toContain('"rare" 15')
    expect(check('labels.min-share').message).toContain('"never" 0 %')
    expect(check('labels.distribution')).toMatchObject({ verdict: 'failed', measured: 0.5, effect: 0.5 })
    expect(check('labels.class.rare')).toMatchObject({ verdict: 'failed', effect: -0.5 })
    expect(labels).toEqual({
      rows: 60,
      missing: 0,
      classes: [
        { name: 'often', count: 45, reference: 150 },
        { name: 'rare', count: 15, reference: 450 },
        { name: 'never', count: 0, reference: 0 },
      ],
    })
  })

  it('fail for labels that are missing, unknown or all the same, and are inconclusive without any', async () => {
    const labels = async (cells: readonly string[], more = '') =>
      (await trial(table(cells.map((cell, i) => `${i},x,${cell}`)), `${columns}labels: {column: label${more}}`)).check(
        'labels.classes',
      )
    expect(await labels(['a', 'b', ''])).toMatchObject({ verdict: 'failed', measured: 1, n: 3 })
    expect(await labels(['a', 'b', 'c'], ', classes: [a, b]')).toMatchObject({ verdict: 'failed', measured: 1 })
    expect(await labels(['a', 'a'])).toMatchObject({ verdict: 'failed' })
    expect(await labels(['', ''])).toMatchObject({ verdict: 'inconclusive' })
  })
})

describe('folders of images', () => {
  const schema = 'images: {size: [32, 32], channels: 1, duplicates: 0}\nlabels: {min-count: 2}\n'

  it('pass where every image is as declared, with the digest that a training run computes', async () => {
    const folder = files(
      Object.fromEntries(
        await Promise.all([1, 2, 3, 4].map(async (i) => [`set/${i % 2 ? 'cat' : 'dog'}/${i}.png`, await picture(i)])),
      ),
    )
    const { kind, rows, checks, labels, sha256 } = await validated(folder, 'set', schema)
    expect([kind, rows]).toEqual(['images', { in: 4, passed: 4, quarantined: 0 }])
    expect(new Set(Object.values(verdicts(checks)))).toEqual(new Set(['passed']))
    expect(labels?.classes).toEqual([
      { name: 'cat', count: 2 },
      { name: 'dog', count: 2 },
    ])
    const { fileDigest } = await import('../../src/data/digest.ts')
    expect(sha256).toBe(await fileDigest(join(folder, 'set')))
  })

  it('name every image at fault, with every reason, and quarantine them all', async () => {
    const [one, two] = [await picture(1), await picture(2)]
    const folder = files({
      'set/cat/a.png': one,
      'set/cat/again.png': one,
      'set/cat/b.png': two,
      'set/dog/near.png': await picture(2, 32, 3),
      'set/dog/large.png': await picture(3, 48),
      'set/dog/cut.png': one.subarray(0, one.length - 40),
      'set/dog/notes.txt': Buffer.from('no image'),
      'set/stray.png': await picture(5),
      'train/cat/x.png': await picture(5),
    })
    const result = await validated(folder, 'set', `${schema}leakage: [{file: train}]\n`, 'bad.jsonl')
    expect(result.rows).toEqual({ in: 8, passed: 2, quarantined: 6 })
    const lines = readFileSync(join(folder, 'bad.jsonl'), 'utf8').trim().split('\n')
    const bad = lines.map((line) => JSON.parse(line) as { image: string; bartizan_reasons: string[] })
    expect(Object.fromEntries(bad.map(({ image, bartizan_reasons }) => [image, bartizan_reasons]))).toEqual({
      'cat/again.png': ['images.duplicates'],
      'dog/cut.png': ['images.decode'],
      'dog/large.png': ['images.size'],
      'dog/near.png': ['images.near-duplicates'],
      'dog/notes.txt': ['images.format'],
      'stray.png': ['leakage[0].images.leakage', 'labels.classes'],
    })
    expect(result.check('labels.classes')).toMatchObject({ verdict: 'failed', message: '1 rows have no label' })
    expect(result.labels?.classes).toEqual([
      { name: 'cat', count: 3 },
      { name: 'dog', count: 3 },
    ])
    expect(result.check('images.decode')?.message).toContain('dog/cut.png')
    expect(result.examples.find(({ check }) => check === 'images.size')?.rows).toEqual([
      { row: 4, values: { image: 'dog/large.png', problem: 'is 48x48, declared is 32x32' } },
    ])
  })

  it('are inconclusive where no image could be looked at', async () => {
    const folder = files({ 'set/a.txt': Buffer.from('nothing') })
    const { checks } = await validated(folder, 'set', 'images: {size: [32, 32]}')
    expect(verdicts(checks)).toMatchObject({
      'images.format': 'failed',
      'images.size': 'inconclusive',
      'images.near-duplicates': 'inconclusive',
    })
    mkdirSync(join(folder, 'empty'))
    const empty = await validated(folder, 'empty', 'images: {}')
    expect(new Set(Object.values(verdicts(empty.checks)))).toEqual(new Set(['inconclusive']))
  })
})

describe('arrays', () => {
  const x = {
    dtype: 'float32' as const,
    shape: [4, 3],
    data: Float32Array.from([0, 1, 5, 0.5, 1, 6, 1, 1, 7, 0, 1, 5]),
  }
  const y = { dtype: 'int64' as const, shape: [4], data: BigInt64Array.from([0n, 1n, 1n, 2n]) }
  const schema = `arrays:
  x: {dtype: float32, shape: [any, 3], min: 0, max: 6, constant-columns: refuse}
  y: {dtype: int64, set: [0, 1]}
duplicates: {at-most: 0}
labels: {array: y, min-count: 2}
`

  it('are checked by header, value, column and row', async () => {
    const folder = newFolder()
    await writeNpz(join(folder, 'data.npz'), { x, y })
    const result = await validated(folder, 'data.npz', schema, 'bad.csv')
    expect(verdicts(result.checks)).toEqual({
      'arrays.names': 'passed',
      'arrays.x.dtype': 'passed',
      'arrays.x.shape': 'passed',
      'arrays.x.rows': 'passed',
      'arrays.x.finite': 'passed',
      'arrays.x.range': 'failed',
      'arrays.x.constant-columns': 'failed',
      'arrays.y.dtype': 'passed',
      'arrays.y.rows': 'passed',
      'arrays.y.finite': 'passed',
      'arrays.y.set': 'failed',
      'arrays.same-rows': 'passed',
      'duplicates.rows.duplicates': 'failed',
      'labels.classes': 'passed',
      'labels.min-count': 'failed',
    })
    expect(result.check('arrays.x.range')).toMatchObject({ measured: 1, n: 12 })
    expect(result.check('arrays.x.range')?.message).toContain('7 at row 2, index [2]')
    expect(result.check('arrays.x.constant-columns')?.message).toContain('first: 1')
    expect(result.check('duplicates.rows.duplicates')?.message).toContain('rows 0 and 3')
    expect(result.rows).toEqual({ in: 4, passed: 2, quarantined: 2 })
    expect(readFileSync(join(folder, 'bad.csv'), 'utf8')).toBe(
      'bartizan_row,bartizan_reasons\n2,arrays.x.range\n3,arrays.y.set; duplicates.rows.duplicates\n',
    )
  })

  it('fail for what is missing, unknown, of another type or length, or not finite, and find rows of another split', async () => {
    const folder = newFolder()
    const odd = { ...x, data: x.data.with(4, Number.NaN) }
    await writeNpz(join(folder, 'data.npz'), { x: odd, z: { ...y, shape: [3], data: y.data.slice(0, 3) } })
    await writeNpy(join(folder, 'train.npy'), { ...x, shape: [1, 3], data: x.data.slice(6, 9) })
    const wanted = 'arrays: {x: {dtype: float64, shape: [4, 2]}, y: {}}\nleakage: [{file: train.npy}]'
    const { checks, check, rows } = await validated(folder, 'data.npz', wanted)
    expect(verdicts(checks)).toMatchObject({
      'arrays.names': 'failed',
      'arrays.x.dtype': 'failed',
      'arrays.x.shape': 'failed',
      'arrays.x.finite': 'failed',
      'arrays.same-rows': 'failed',
      'leakage[0].rows.leakage': 'failed',
    })
    expect(check('leakage[0].rows.leakage')?.message).toContain('row 2 is row 0 there')
    expect(rows).toEqual({ in: 4, passed: 2, quarantined: 2 })
  })

  it('are inconclusive without rows', async () => {
    const folder = newFolder()
    await writeNpy(join(folder, 'x.npy'), { dtype: 'float32', shape: [0, 3], data: new Float32Array() })
    const { checks } = await validated(folder, 'x.npy', 'arrays: {x: {min: 0, constant-columns: refuse}}')
    expect(verdicts(checks)).toEqual({
      'arrays.names': 'passed',
      'arrays.x.rows': 'inconclusive',
      'arrays.x.finite': 'inconclusive',
      'arrays.x.range': 'inconclusive',
      'arrays.x.constant-columns': 'inconclusive',
    })
  })
})

describe('inferred schemas', () => {
  it('are passed by the images and arrays that they were inferred from', async () => {
    const pictures = await Promise.all([1, 2, 3, 4].map((i) => picture(i)))
    const folder = files(Object.fromEntries(pictures.map((bytes, i) => [`set/c${i % 2}/${i}.png`, bytes])))
    await writeNpz(join(folder, 'data.npz'), {
      x: { dtype: 'float32', shape: [3, 2], data: Float32Array.from([1, 2, 3, 4, 5, 6]) },
      y: { dtype: 'int64', shape: [3], data: BigInt64Array.from([0n, 1n, 1n]) },
    })
    const images = await inferSchema(join(folder, 'set'))
    expect(images.text).toContain('size: [32, 32]')
    expect(images.text).toContain('classes: [c0, c1]')
    const arrays = await inferSchema(join(folder, 'data.npz'))
    expect(arrays.text).toContain('shape: [any, 2]')
    expect(arrays.text).toContain('set: [0, 1]')
    for (const [name, { text }] of [
      ['set', images],
      ['data.npz', arrays],
    ] as const) {
      const { checks } = await validated(folder, name, text)
      expect(new Set(Object.values(verdicts(checks)))).toEqual(new Set(['passed']))
    }
  })
})

describe('schemas', () => {
  const data = 'a\n1\n'
  it.each([
    ['columns: {a: {}}\nimages: {size: [1, 2]}', 's.yaml:2:1: images: the data are a table'],
    ['images: {}', 'the schema has no columns'],
    ['columns: {a: {}}\nlabels: {array: y}', 'name the column of labels with column:'],
    ['columns: {a: {}}\nleakage:\n  - {fil: x.csv}', 's.yaml:3:6'],
    ['columns: {a: {}}\nimages: {channels: 2}', 's.yaml:2:'],
    ['columns: {a: {}}\narrays: {x: {dtype: float31}}', 's.yaml:2:'],
  ])('that ask what can not be told name the place: %s', async (schema, message) => {
    await expect(trial(data, schema, { schemaName: 's.yaml' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(message),
    })
  })

  it('that name a split that is not there are refused before anything is read', async () => {
    await expect(trial(data, 'columns: {a: {}}\nleakage: [{file: none.csv}]')).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    })
  })
})
