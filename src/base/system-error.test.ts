import { describe, expect, it } from 'vitest'
import { BartizanError } from './errors.ts'
import { systemCode, writeError } from './system-error.ts'

const answered = (code: string): Error => Object.assign(new Error('no'), { code })

describe('writeError', () => {
  it.each([
    ['ENOSPC', 'the disk is full', 'free some space'],
    ['EDQUOT', 'quota', 'free some space'],
    ['EACCES', 'permission', 'write elsewhere'],
    ['EROFS', 'read-only', 'write elsewhere'],
    ['EIO', 'the system answered EIO', 'write elsewhere'],
  ])('says what the system answered, and what to do: %s', (code, message, hint) => {
    expect(writeError('x.npy', answered(code))).toMatchObject({
      code: 'FILE_UNWRITABLE',
      exitCode: 3,
      message: expect.stringMatching(new RegExp(`^x\\.npy can't be written: .*${message}`)),
      hint: expect.stringContaining(hint),
      data: { path: 'x.npy', code },
    })
  })

  it('takes another hint where the file can only go there', () => {
    expect(writeError('x.npy', answered('EACCES'), 'ask its owner')).toMatchObject({ hint: 'ask its owner' })
  })

  it('leaves errors that are none of the system as they are', () => {
    const own = new BartizanError('INTERNAL', 'x')
    const defect = new TypeError('x')
    expect([writeError('x', own), writeError('x', defect), writeError('x', 7)]).toEqual([own, defect, 7])
    expect(systemCode(defect)).toBeUndefined()
  })
})
