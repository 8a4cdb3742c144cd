import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { scratchFolders } from '../base/testing.ts'
import { withLock } from './lock.ts'

const conflict = expect.objectContaining({ code: 'RUN_CONFLICT' })

let folder: string
const newFolder = scratchFolders()
beforeEach(() => {
  folder = newFolder()
})

const hold = (number: number, holder: object) => writeFileSync(join(folder, String(number)), JSON.stringify(holder))

describe('withLock', () => {
  it('lets one in at a time and leaves one file', async () => {
    let inside = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++inside)
      for (let i = 0; i < 5; i++) await turn()
      inside--
    }
    await Promise.all(Array.from({ length: 8 }, () => withLock(folder, work)))
    expect(most).toBe(1)
    expect(readdirSync(folder)).toEqual(['8'])
  })
  it('returns what the work returns, and is free again after it fails', async () => {
    expect(await withLock(folder, () => 42)).toBe(42)
    await expect(withLock(folder, () => Promise.reject(new Error('work')))).rejects.toThrow('work')
    expect(await withLock(folder, () => 'free', { patience: 0 })).toBe('free')
  })
  it('takes over from a process that is dead', async () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    hold(7, { pid, host: hostname() })
    expect(await withLock(folder, () => readFileSync(join(folder, '8'), 'utf8'), { patience: 0 })).toContain(
      String(process.pid),
    )
    expect(readdirSync(folder)).toEqual(['8'])
  })
  it.runIf(process.platform === 'linux')('takes over from a dead process whose id was given to another', async () => {
    hold(1, { pid: process.pid, host: hostname(), started: '1' })
    expect(await withLock(folder, () => 'taken', { patience: 0 })).toBe('taken')
  })
  it('waits for a living process and for another machine, and names them', async () => {
    hold(1, { pid: process.ppid, host: hostname() })
    await expect(withLock(folder, () => 0, { patience: 20 })).rejects.toThrow(conflict)
    hold(2, { pid: 1, host: 'elsewhere' })
    await expect(withLock(folder, () => 0, { patience: 20 })).rejects.toMatchObject({
      code: 'RUN_CONFLICT',
      data: { holder: { pid: 1, host: 'elsewhere' } },
    })
  })
})
