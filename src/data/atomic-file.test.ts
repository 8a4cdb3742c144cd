import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { writeAtomically, writeError } from './atomic-file.ts'
import { writeNpy } from './formats/npy-write.ts'
import { writeNpz } from './formats/npz-write.ts'
import { failure, scratch } from './testing.ts'

const at = scratch()
const one = { dtype: 'float32', shape: [1], data: Float32Array.of(1) } as const

describe('writeAtomically', () => {
  it('keeps the old file, and leaves no other, where writing fails halfway', async () => {
    await mkdir(at('a'))
    await writeFile(at('a/x.npy'), 'old')
    const failing = writeAtomically(at('a/x.npy'), async (file) => {
      await file.write(Buffer.from('half'))
      throw new Error('the source broke')
    })
    await expect(failing).rejects.toThrow('the source broke')
    expect(await readFile(at('a/x.npy'), 'utf8')).toBe('old')
    expect(await readdir(at('a'))).toEqual(['x.npy'])
  })

  it.each(['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS'])('says what the system answered: %s', (code) => {
    expect(writeError('x.npy', Object.assign(new Error('no'), { code }))).toMatchObject({ code: 'FILE_UNWRITABLE' })
  })

  it('refuses a folder that is missing and a name that is a folder', async () => {
    await failure('FILE_UNWRITABLE', () => writeNpy(at('missing/x.npy'), one))
    await mkdir(at('b/folder'), { recursive: true })
    await failure('FILE_UNWRITABLE', () => writeNpz(at('b/folder'), { one }))
    expect(await readdir(at('b'))).toEqual(['folder'])
  })

  it.skipIf(process.platform !== 'linux')('refuses a file system that takes no files', async () => {
    await failure('FILE_UNWRITABLE', () => writeNpy('/proc/x.npy', one))
  })
})
