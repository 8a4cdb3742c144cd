import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scratch } from '../../base/testing.ts'
import { writeNpy } from '../../data/index.ts'
import { labelsBeside } from './label-file.ts'

const at = scratch()

const write = (name: string, shape: readonly number[]) =>
  writeNpy(at(name), {
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
    await mkdir(at(own))
    await write(join(own, labels), [5])
    expect(await labelsBeside(join(at(own), rows), 5)).toBe(join(at(own), labels))
    expect(await labelsBeside(join(at(own), rows), 6)).toBeUndefined()
  })

  it('takes no file with more than one number a row', async () => {
    await write('wide-labels.npy', [5, 2])
    expect(await labelsBeside(at('wide.npy'), 5)).toBeUndefined()
  })
})
