import type { BigIntStats } from 'node:fs'

/** What the system tells of a file without its content. Times in nanoseconds since 1970, as decimal text. */
export interface FileState {
  readonly bytes: number
  readonly mtime: string
  /** When content, name, owner or rights last changed: unlike mtime, no program can set it. */
  readonly ctime: string
  readonly device: string
  readonly inode: string
}

export const stateOf = ({ size, mtimeNs, ctimeNs, dev, ino }: BigIntStats): FileState => ({
  bytes: Number(size),
  mtime: String(mtimeNs),
  ctime: String(ctimeNs),
  device: String(dev),
  inode: String(ino),
})

/**
 * How a file differs from what it was: other content by size or mtime, or only another ctime, inode or device, as after
 * a copy, a change of rights, or a write whose mtime was set back. Undefined where nothing was done to it.
 */
export const differenceOf = (then: FileState, now: FileState): 'changed' | 'touched' | undefined => {
  if (then.bytes !== now.bytes || then.mtime !== now.mtime) return 'changed'
  return then.ctime === now.ctime && then.inode === now.inode && then.device === now.device ? undefined : 'touched'
}

/** Clocks of file systems tick up to 2 s apart: within that, one change can hide behind the time of another. */
const racyNanoseconds = 2_000_000_000n

/** Linux writes changed pages to the disk within 35 s, unless it was told otherwise. */
const unwrittenNanoseconds = 60_000_000_000n

const isWithin = ({ mtimeNs, ctimeNs }: BigIntStats, nanoseconds: bigint, milliseconds: number): boolean => {
  const latest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs
  return latest > BigInt(Math.floor(milliseconds)) * 1_000_000n - nanoseconds
}

/** Sees a file's state before and after everything that is read of it. */
export interface StateWatch {
  /** Whether some of the file's content may not be on the disk yet. */
  readonly isFresh: (stats: BigIntStats) => boolean
  readonly see: (stats: BigIntStats) => void
  /** The state that goes with the content; undefined where the file changed meanwhile, or too short a time before. */
  readonly state: () => FileState | undefined
}

/** `now` in milliseconds, by the clock that gives files their times. */
export const watchState = (now: () => number): StateWatch => {
  let first: FileState | undefined
  let isSteady = true
  return {
    isFresh: (stats) => isWithin(stats, unwrittenNanoseconds, now()),
    see: (stats) => {
      const state = stateOf(stats)
      if (first === undefined) {
        first = state
        isSteady = !isWithin(stats, racyNanoseconds, now())
      } else isSteady &&= differenceOf(first, state) === undefined
    },
    state: () => (isSteady ? first : undefined),
  }
}
