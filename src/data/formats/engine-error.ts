import { BartizanError, isBartizanError } from '../../base/errors.ts'
import { writeError } from '../../base/system-error.ts'

/** What an error of the engine means for the caller, given the engine's words. */
export type Blame = (reason: string, cause: unknown) => BartizanError

interface EngineSetting {
  /** The table, as messages name it. */
  readonly path: string
  /** What the engine may take, in units of 10^6 bytes. */
  readonly megabytes: number
  /** Whether what is more goes to files. */
  readonly spills: boolean
  readonly blame: Blame
}

const linesOf = (error: unknown): readonly string[] =>
  error instanceof Error ? error.message.split('\n') : [String(error)]

/** The engine's first line, and the lines that show where a text table goes wrong. */
const reasonOf = (error: unknown): string => {
  const [first, ...more] = linesOf(error)
  return [first, ...more.filter((line) => /^(Original Line|Expected Number)/.test(line))].join('; ')
}

/** The engine's first line without the kind of error before it. */
export const engineWords = (error: unknown): string => linesOf(error)[0]!.replace(/^\w+(?: \w+)* Error: /, '')

const outOfMemory = /^Out of Memory Error: /
const diskFull = /^IO Error: .*"([^"]*)": (?:No space left on device|Disk quota exceeded)/

/** Whether the engine lacked room, in memory or on disk: that says nothing about what it was asked. */
export const isLackOfRoom = (error: unknown): boolean => {
  const [first] = linesOf(error)
  return outOfMemory.test(first!) || diskFull.test(first!)
}

const memoryError = (cause: unknown, { path, megabytes, spills }: EngineSetting): BartizanError =>
  new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path}: memory ran out; a table may take ${megabytes} MB of it`, {
    hint: `split the file, name fewer columns, or write Parquet with smaller row groups${spills ? '; free space in the folder for temporary files (TMPDIR)' : ''}`,
    data: { path, megabytes, reason: engineWords(cause) },
    cause,
  })

/** DATA_CORRUPT: what the engine can't read is at fault. */
export const notATable =
  (path: string): Blame =>
  (reason, cause) =>
    new BartizanError('DATA_CORRUPT', `${path} can't be read as a table: ${reason}`, {
      hint: 'check the file near that place: every row needs the same columns, in UTF-8',
      data: { path },
      cause,
    })

/**
 * An error of the engine for the reader: DATA_FORMAT_UNSUPPORTED where memory ran out (the table is sound, and too much
 * for what the engine may take), FILE_UNWRITABLE where the disk is full, else what `blame` makes of it. Errors that are
 * ours already stay as they are.
 */
export const engineError = (error: unknown, setting: EngineSetting): unknown => {
  if (isBartizanError(error)) return error
  const [first] = linesOf(error)
  if (outOfMemory.test(first!)) return memoryError(error, setting)
  const full = diskFull.exec(first!)?.[1]
  if (full !== undefined) return writeError(full, Object.assign(new Error(first, { cause: error }), { code: 'ENOSPC' }))
  return setting.blame(reasonOf(error), error)
}
