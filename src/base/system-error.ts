import { BartizanError } from './errors.ts'

/** The system's error code (`ENOENT`, …) of an error that a file operation threw, if it has one. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

const why: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: "the user's disk quota is used up",
  EACCES: 'permission is missing',
  EPERM: 'permission is missing',
  EROFS: 'the file system is read-only',
  ENOENT: "the folder doesn't exist",
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
}

const full = new Set(['ENOSPC', 'EDQUOT'])

/** FILE_UNWRITABLE for an error of the system; any other error as it is. `hint` is for a file that can't go elsewhere. */
export const writeError = (path: string, cause: unknown, hint?: string): unknown => {
  const code = systemCode(cause)
  if (code === undefined || cause instanceof BartizanError) return cause
  return new BartizanError(
    'FILE_UNWRITABLE',
    `${path} can't be written: ${why[code] ?? `the system answered ${code}`}`,
    {
      hint: hint ?? (full.has(code) ? 'free some space, or write elsewhere' : 'write elsewhere'),
      data: { path, code },
      cause,
    },
  )
}
