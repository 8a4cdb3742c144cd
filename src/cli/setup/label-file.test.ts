import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeNpy } from '../../data/index.ts'
import { labelsBeside } from './label-file.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bartizan-labels-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const write = (name: string, shape: readonly number[]) =>
  writeNpy(join(folder, name), {
    dtype: 'uint8',
    shape,
    data: new Uint8Array(shape.reduce((product, size) => product * size, 1)),
  })

describe('labelsBeside', () => {
  it.each([
    ['x_test.npy', 'y_test.npy'],
    ['X.npy', 'y.npy'],
    ['val-images.npy', 'val-labels.npy'],
    ['digits.npy', 'digits-labels.npy'],
    ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'],
  ])('finds for %s the labels in %s', async (rows, labels) => {
    const own = `${rows}.folder`
    await mkdir(join(folder, own))
    await write(join(own, labels), [5])
    expect(await labelsBeside(join(folder, own, rows), 5)).toBe(join(folder, own, labels))
    expect(await labelsBeside(join(folder, own, rows), 6)).toBeUndefined()
  })

  it('takes no file with more than one number a row', async () => {
    await write('wide-labels.npy', [5, 2])
    expect(await labelsBeside(join(folder, 'wide.npy'), 5)).toBeUndefined()
  })
})
