import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BartizanError } from '../base/errors.ts'
import { systemCode } from '../base/system-error.ts'
import { filesBelow, makeFolder, readIfPresent, removeFile, unwritable } from './durable-file.ts'

// One writer at a time. The lock is the file with the highest number in a folder: it names its holder, and is empty
// once released. A writer takes over from a released or dead holder by creating the next number, which the file system
// grants to one process only; the highest file is never deleted, so nobody can take a number that was passed already.

interface Holder {
  readonly pid: number
  readonly host: string
  /** When the process started, where the system tells (Linux): a process id may be used again. */
  readonly started: string | undefined
}

/** Start time of a process from /proc, in ticks; 'gone' for a dead one whose parent has not noticed yet. */
const startOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? 'gone' : fields[19]
  } catch {
    return undefined
  }
}

const isAlive = ({ pid, host, started }: Holder): boolean => {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false
  }
  return started === undefined || started === startOf(pid)
}

const numbers = (folder: string): readonly number[] => filesBelow(folder).filter(isNumber).map(Number)
const isNumber = (name: string): boolean => /^\d+$/.test(name)
const highest = (folder: string): number => Math.max(0, ...numbers(folder))
const lockFile = (folder: string, number: number): string => join(folder, String(number))

const holderOf = (folder: string, number: number): Holder | undefined => {
  const bytes = readIfPresent(lockFile(folder, number))
  if (bytes === undefined || bytes.length === 0) return undefined
  const { pid, host, started } = JSON.parse(Buffer.from(bytes).toString()) as Holder
  return { pid, host, started }
}

/** Creates lock file `number` with its content in one step; false where another process was first. */
const claim = (folder: string, number: number): boolean => {
  const draft = join(folder, `claim-${randomUUID()}`)
  const self: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid) }
  try {
    writeFileSync(draft, JSON.stringify(self))
    linkSync(draft, lockFile(folder, number))
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST') return false
    throw unwritable(lockFile(folder, number), cause)
  } finally {
    removeFile(draft)
  }
  if (highest(folder) === number) return true
  removeFile(lockFile(folder, number))
  return false
}

const tryLock = (folder: string): number | undefined => {
  const current = highest(folder)
  const holder = current === 0 ? undefined : holderOf(folder, current)
  if (holder !== undefined && isAlive(holder)) return undefined
  if (!claim(folder, current + 1)) return undefined
  for (const passed of numbers(folder)) if (passed <= current) removeFile(lockFile(folder, passed))
  return current + 1
}

export interface LockOptions {
  /** How long to wait for another writer, in milliseconds. */
  readonly patience?: number
  /** What is written there, for the error. */
  readonly what?: string
}

/**
 * Runs `work` while no other process (or call) holds the lock in `folder`. The lock of a process that was killed is
 * taken over. Throws RUN_CONFLICT when another writer keeps it for longer than `patience`.
 */
export const withLock = async <T>(
  folder: string,
  work: () => T | Promise<T>,
  options: LockOptions = {},
): Promise<T> => {
  const free = await holdLock(folder, options)
  try {
    return await work()
  } finally {
    free()
  }
}

/** Takes the lock in `folder` and gives what releases it; the lock of a process that was killed is taken over. */
export const holdLock = async (
  folder: string,
  { patience = 60_000, what = 'the evidence is' }: LockOptions = {},
): Promise<() => void> => {
  makeFolder(folder)
  const deadline = Date.now() + patience
  let held = tryLock(folder)
  while (held === undefined) {
    if (Date.now() > deadline) throw conflict(folder, what)
    await sleep(5 + Math.min(50, patience / 100))
    held = tryLock(folder)
  }
  const number = held
  return () => release(folder, number)
}

const release = (folder: string, held: number): void => {
  try {
    writeFileSync(lockFile(folder, held), '')
  } catch (cause) {
    throw unwritable(lockFile(folder, held), cause)
  }
}

const conflict = (folder: string, what: string): BartizanError => {
  const number = highest(folder)
  const holder = holderOf(folder, number)
  const who = holder === undefined ? 'other processes' : `process ${holder.pid} on ${holder.host}`
  return new BartizanError('RUN_CONFLICT', `${what} being written by ${who}`, {
    hint: `wait for it to end; if it no longer runs, delete ${lockFile(folder, number)}`,
    data: { folder, holder },
  })
}
