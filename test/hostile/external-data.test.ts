import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { beforeAll, describe, expect, it } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import { externalFrom } from '../../src/onnx/external.ts'
import { readModel } from '../../src/onnx/read.ts'

/** A model with one float32 [2] weight that lies elsewhere. */
const modelWith = (location: string, offset = 0): Uint8Array => {
  const w = new BinaryWriter()
  const message = (field: number, write: () => void): void => {
    w.tag(field, WireType.LengthDelimited).fork()
    write()
    w.join()
  }
  const text = (field: number, value: string) => w.tag(field, WireType.LengthDelimited).string(value)
  const entry = (key: string, value: string): void => {
    message(13, () => {
      text(1, key)
      text(2, value)
    })
  }
  w.tag(1, WireType.Varint).int64(8)
  message(8, () => w.tag(2, WireType.Varint).int64(17))
  message(7, () => {
    message(5, () => {
      w.tag(1, WireType.Varint).int64(2)
      w.tag(2, WireType.Varint).int32(1)
      text(8, 'weight')
      entry('location', location)
      entry('offset', String(offset))
      w.tag(14, WireType.Varint).int32(1)
    })
    message(12, () => text(1, 'weight'))
  })
  return w.finish()
}

const newFolder = scratchFolders()

describe('external data', () => {
  let folder = ''
  beforeAll(() => {
    const outside = newFolder()
    folder = join(outside, 'model')
    mkdirSync(folder)
    writeFileSync(join(outside, 'secret.bin'), new Uint8Array(64))
    writeFileSync(join(folder, 'weights.bin'), new Uint8Array(new Float32Array([1, 2, 3]).buffer))
    symlinkSync(join(outside, 'secret.bin'), join(folder, 'link.bin'))
    symlinkSync(outside, join(folder, 'up'))
    mkdirSync(join(folder, 'folder.bin'))
  })
  const read = (location: string, offset?: number) =>
    readModel(modelWith(location, offset), { external: externalFrom(join(folder, 'model.onnx')) })

  it('is read from the folder of the model, at its offset', () => {
    expect(read('weights.bin', 4).graph.initializers.get('weight')?.data).toEqual(new Float32Array([2, 3]))
  })

  it.each([
    '../secret.bin',
    '/etc/passwd',
    'link.bin',
    'up/secret.bin',
    'x/../../secret.bin',
    '..\\secret.bin',
    'folder.bin',
  ])('is refused at %s', (location) => {
    expect(() => read(location)).toThrowError(expect.objectContaining({ code: 'MODEL_UNSAFE' }))
  })

  it('beyond the end of its file is an error', () => {
    expect(() => read('weights.bin', 8)).toThrowError(expect.objectContaining({ code: 'MODEL_CORRUPT' }))
  })

  it('that is missing is named', () => {
    expect(() => read('absent.bin')).toThrowError(expect.objectContaining({ code: 'FILE_NOT_FOUND' }))
  })

  it('is refused where there is no folder', () => {
    expect(() => readModel(modelWith('weights.bin'))).toThrowError(expect.objectContaining({ code: 'MODEL_UNSAFE' }))
  })
})
