import { chmod, symlink, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { readError } from './files.ts'
import { writeNpy } from './formats/npy-write.ts'
import { openData } from './open.ts'
import { failure, fixture, readAll, scratch, withData } from './testing.ts'

const at = scratch()
const images = fixture('mnist32-images-idx3-ubyte')
const labels = fixture('mnist32-labels-idx1-ubyte')

describe('openData', () => {
  it.each([
    ['pt', 'torch.load'],
    ['pkl', 'pickle'],
    ['h5', 'h5py'],
    ['mat', 'scipy.io'],
    ['pickle', 'pickle'],
    ['joblib', 'pickle'],
  ])('refuses .%s and says how to export it', async (extension, word) => {
    await writeFile(at(`rows.${extension}`), 'anything')
    const error = await failure('DATA_FORMAT_UNSUPPORTED', () => openData({ path: at(`rows.${extension}`) }))
    expect(error.hint).toContain(word)
  })

  it.each([
    ['renamed.npy', '\x80\x04\x95'],
    ['renamed.bin', '\x89HDF\r\n\x1a\n'],
    ['notes.txt', 'hello'],
    ['noise', '\x01\x02\x03\x04\x05'],
  ])('refuses %s by its content', async (name, content) => {
    await writeFile(at(name), Buffer.from(content, 'latin1'))
    await failure('DATA_FORMAT_UNSUPPORTED', () => openData({ path: at(name) }))
  })

  it('names the nearest file where one is missing', async () => {
    await writeFile(at('digits.npz'), '')
    expect((await failure('FILE_NOT_FOUND', () => openData({ path: at('digit.npz') }))).hint).toContain('digits.npz')
    await failure('FILE_NOT_FOUND', () => openData({ path: images, labels: at('none.idx') }))
  })

  it('says that permission is missing', async () => {
    const denied = Object.assign(new Error('denied'), { code: 'EACCES' })
    expect(await readError('x.npy', denied)).toMatchObject({ code: 'FILE_UNREADABLE' })
    if (process.getuid?.() === 0) return
    await writeFile(at('secret.npy'), 'x')
    await chmod(at('secret.npy'), 0)
    await failure('FILE_UNREADABLE', () => openData({ path: at('secret.npy') }))
  })

  it.skipIf(process.platform === 'win32')('refuses a device, which would never end', async () => {
    await symlink('/dev/zero', at('zero.npy'))
    await failure('FILE_UNREADABLE', () => openData({ path: at('zero.npy') }))
  })

  it('tells both counts where rows and labels differ', async () => {
    await writeNpy(at('short.npy'), { dtype: 'int64', shape: [31], data: new BigInt64Array(31) })
    const error = await failure('DATA_SHAPE_MISMATCH', () => openData({ path: images, labels: at('short.npy') }))
    expect(error.message).toMatch(/32 rows.*31 labels/)
  })

  it('takes labels from a column of one number a row, not from one-hot rows', async () => {
    await writeNpy(at('column.npy'), {
      dtype: 'float32',
      shape: [32, 1],
      data: Float32Array.from({ length: 32 }, (_, i) => i % 3),
    })
    expect((await readAll({ path: images, labels: at('column.npy') })).y?.slice(0, 4)).toEqual(
      Int32Array.of(0, 1, 2, 0),
    )
    await writeNpy(at('hot.npy'), { dtype: 'uint8', shape: [32, 10], data: new Uint8Array(320) })
    await failure('DATA_SHAPE_MISMATCH', () => openData({ path: images, labels: at('hot.npy') }))
    await writeFile(
      at('names.csv'),
      `label\n${Array.from({ length: 32 }, (_, i) => (i % 2 ? 'odd' : 'even')).join('\n')}\n`,
    )
    const named = await withData({ path: images, labels: at('names.csv') }, async (set) => [
      set.classes,
      (await set.read(0, 2)).y,
    ])
    expect(named).toEqual([['even', 'odd'], Int32Array.of(0, 1)])
  })

  it.each([
    ['NaN', Number.NaN],
    ['a fraction', 0.5],
    ['negative', -1],
    ['too large', 2 ** 40],
  ])('refuses a label that is %s, naming the file row', async (_, label) => {
    const data = new Float64Array(32)
    data[20] = label
    await writeNpy(at('bad.npy'), { dtype: 'float64', shape: [32], data })
    const error = await failure('DATA_LABEL_INVALID', () =>
      readAll({ path: images, labels: at('bad.npy'), rows: { from: 8 } }),
    )
    expect(error.data.row).toBe(20)
  })

  it('names the place of a value that is not finite', async () => {
    const data = new Float32Array(24)
    data[17] = Infinity
    await writeNpy(at('inf.npy'), { dtype: 'float32', shape: [2, 3, 4], data })
    const error = await failure('DATA_CORRUPT', () => readAll({ path: at('inf.npy') }))
    expect(error.message).toContain('row 1, index [1, 1]')
  })

  it('gives int64 for token models and refuses fractions there', async () => {
    expect((await readAll({ path: labels, as: 'int64' })).x.slice(0, 2)).toEqual(BigInt64Array.of(7n, 2n))
    await writeNpy(at('half.npy'), { dtype: 'float32', shape: [1, 2], data: Float32Array.of(1, 0.5) })
    await failure('DATA_CORRUPT', () => readAll({ path: at('half.npy'), as: 'int64' }))
  })

  it('refuses columns where there are none, and labels given twice', async () => {
    await failure('CONFIG_INVALID', () => openData({ path: images, columns: ['a'] }))
    await failure('CONFIG_INVALID', () => openData({ path: images, label: 'a' }))
    await failure('CONFIG_INVALID', () => openData({ path: fixture('numpy.npz'), labels, label: 'y' }))
    await failure('CONFIG_INVALID', () => openData({ path: `${images}#x` }))
  })
})
