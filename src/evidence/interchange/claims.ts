import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { statInput } from '../../data/files.ts'
import { type Claims, readCroissant } from './croissant-read.ts'
import { readDvc } from './dvc-read.ts'

const largest = 16 << 20

/** What a description claims, and the SHA-256 of the bytes in which it does. */
export interface Description {
  readonly claims: Claims
  readonly sha256: string
}

/** Reads a description of `file`, a Croissant or a .dvc one. Throws DATA_FORMAT_UNSUPPORTED, FILE_NOT_FOUND. */
export const readClaims = async (description: string, file: string): Promise<Description> => {
  const { size } = await statInput(description)
  if (size > largest)
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${description} is too long for a description`, {
      data: { path: description, size, limit: largest },
    })
  const bytes = await readFile(description)
  const [text, name] = [bytes.toString('utf8'), basename(file)]
  const claims = text.trimStart().startsWith('{') ? readCroissant(text, name) : readDvc(text, name)
  return { claims, sha256: sha256(bytes) }
}

/** MD5 of a file as DVC takes it: of all bytes, and of all with "\r\n" as "\n". */
const md5sOf = async (path: string): Promise<readonly [string, string]> => {
  const [raw, unix] = [createHash('md5'), createHash('md5')]
  let isHeld = false
  for await (const chunk of createReadStream(path)) {
    const bytes: Buffer = chunk
    raw.update(bytes)
    const text: string = (isHeld ? '\r' : '') + bytes.toString('latin1')
    isHeld = text.endsWith('\r')
    unix.update(Buffer.from((isHeld ? text.slice(0, -1) : text).replaceAll('\r\n', '\n'), 'latin1'))
  }
  if (isHeld) unix.update('\r')
  return [raw.digest('hex'), unix.digest('hex')]
}

/**
 * Compares the digests that a description claims with the file's own, and names the algorithms that agreed. A claim that
 * does not hold is no warning: description and file are not of the same data. Throws EVIDENCE_INVALID.
 */
export const checkClaims = async (
  claims: Claims,
  path: string,
  digest: string | undefined,
): Promise<readonly string[]> => {
  const agreed: string[] = []
  for (const [algorithm, claimed] of Object.entries(claims.digests)) {
    if (algorithm === 'sha256' && digest === undefined) continue
    // DVC 2 normalised text files only; which those were is not told.
    const found = algorithm === 'sha256' ? [digest] : await md5sOf(path)
    const holds = algorithm === 'md5' ? found[0] === claimed : found.includes(claimed)
    if (!holds)
      throw new BartizanError(
        'EVIDENCE_INVALID',
        `${path} has the ${algorithm} ${found[0]}, its description claims ${claimed}`,
        {
          hint: 'this is not the data that was described: get the right file, or the right description',
          data: { path, algorithm, claimed, found: found[0] },
        },
      )
    agreed.push(algorithm)
  }
  return agreed
}
