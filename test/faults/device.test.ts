import { existsSync, lstatSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scratch } from '../../src/base/testing.ts'
import { bartizan } from '../cli/bartizan.ts'
import { start } from '../support/process.ts'
import { quick } from './state.ts'

/** Takes no byte: every write is answered with "no space left on device". */
const full = '/dev/full'
const at = scratch()

describe.skipIf(!existsSync(full))('a device that is full', () => {
  it('is written to as it is, which fails, and is not replaced by a file', async () => {
    // By a link: should a file be put in its place after all, the machine keeps its device.
    const link = at('scores.npy')
    symlinkSync(full, link)
    const { exitCode, stdout, stderr } = await bartizan('predict', ...quick, '--save', link)
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
    expect(stderr).toContain(`error FILE_UNWRITABLE: ${link} can't be written: the disk is full\nhint: free some space`)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(statSync(full).isCharacterDevice()).toBe(true)
    expect(readdirSync(at('.'))).toEqual(['scores.npy'])
  })

  it('as standard output ends a command with the code of the error: a lost result is no passed one', async () => {
    const { exitCode, stderr } = await start(['schema'], { stdoutTo: full }).ended
    expect(exitCode, stderr).toBe(3)
    expect(stderr).toBe(
      "error FILE_UNWRITABLE: standard output can't be written: the disk is full\nhint: free some space, or write elsewhere\n",
    )
  })
})
