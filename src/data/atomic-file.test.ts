import { execFileSync } from 'node:child_process'
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { atomicFile, writeAtomically, writeTextAtomically } from './atomic-file.ts'
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

  it('writes through a symbolic link, which stays one', async () => {
    await mkdir(at('c'))
    await writeFile(at('c/x.txt'), 'old')
    await symlink('x.txt', at('c/link.txt'))
    await writeTextAtomically(at('c/link.txt'), 'new')
    expect(await readFile(at('c/x.txt'), 'utf8')).toBe('new')
    expect((await lstat(at('c/link.txt'))).isSymbolicLink()).toBe(true)
    expect((await readdir(at('c'))).sort()).toEqual(['link.txt', 'x.txt'])
  })

  it.skipIf(process.platform === 'win32')('writes into a pipe, and does not put a file in its place', async () => {
    execFileSync('mkfifo', [at('pipe')])
    const [read] = await Promise.all([readFile(at('pipe'), 'utf8'), writeTextAtomically(at('pipe'), 'through')])
    expect(read).toBe('through')
    expect((await lstat(at('pipe'))).isFIFO()).toBe(true)
  })

  it('refuses a folder that is missing and a name that is a folder', async () => {
    await failure('FILE_UNWRITABLE', () => writeNpy(at('missing/x.npy'), one))
    await mkdir(at('b/folder'), { recursive: true })
    await failure('FILE_UNWRITABLE', () => writeNpz(at('b/folder'), { one }))
    // Said before the work, not after it.
    await failure('FILE_UNWRITABLE', () => atomicFile(at('b/folder')))
    expect(await readdir(at('b'))).toEqual(['folder'])
  })

  it.skipIf(process.platform !== 'linux')('refuses a file system that takes no files', async () => {
    await failure('FILE_UNWRITABLE', () => writeNpy('/proc/x.npy', one))
  })
})
