import { isBartizanError } from '../../base/errors.ts'
import { systemCode } from '../../base/system-error.ts'
import { fileDigest } from '../../data/digest.ts'
import { sha256OfFile, statInput } from '../../data/files.ts'
import { commitFolder } from './folder.ts'

/** The SHA-256 by which records name what a path holds: of a file's bytes, or a folder's dirHash (in-toto). */
export const dataDigest = async (path: string): Promise<string> =>
  (await statInput(path)).isDirectory() ? (await commitFolder(path)).sha256 : sha256OfFile(path)

/** Names that no file can have here: too long, or with a zero in them. */
const impossible: readonly unknown[] = ['ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']

const isMissing = (error: unknown): boolean =>
  isBartizanError(error) && (error.code === 'FILE_NOT_FOUND' || impossible.includes(systemCode(error.cause)))

/** Why what is there can't have the digest that was recorded. A permission that is missing says nothing of the data. */
const refusal = (error: unknown): string => {
  if (!isBartizanError(error) || systemCode(error.cause) !== undefined) throw error
  return error.message
}

/**
 * Every digest under which what a path holds may have been recorded: of a file one; of a folder its dirHash, then the
 * digest of its images by which assessments name it, each file read once. In place of a digest that can't be taken (a
 * folder with a link in it has no dirHash) stands why. Nothing where nothing is there. Throws FILE_UNREADABLE.
 */
export async function* recordedDigests(path: string): AsyncGenerator<string> {
  const isFolder = await statInput(path).then(
    (stats) => stats.isDirectory(),
    (error: unknown) => (isMissing(error) ? undefined : refusal(error)),
  )
  if (isFolder === undefined) return
  if (typeof isFolder === 'string') return yield isFolder
  if (!isFolder) return yield await sha256OfFile(path)
  const known = new Map<string, Promise<string>>()
  const hashOf = (file: string): Promise<string> => {
    const digest = known.get(file) ?? sha256OfFile(file)
    known.set(file, digest)
    return digest
  }
  yield await commitFolder(path, undefined, hashOf).then(({ sha256 }) => sha256, refusal)
  yield await fileDigest(path, hashOf).catch(refusal)
}
