import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { statInput } from '../../data/files.ts'
import { readC2pa } from './c2pa/c2pa-read.ts'
import { jumbfIn } from './c2pa/carrier.ts'
import { checkBinding } from './c2pa/hard-binding.ts'
import { type Claims, readCroissant } from './croissant-read.ts'
import { isDpi, readDpi } from './dpi-read.ts'
import { readDvc } from './dvc-read.ts'
import { jsonOf } from './json-members.ts'

const largest = 16 << 20

/** What a description claims, and the SHA-256 of the bytes in which it does. */
export interface Description {
  readonly claims: Claims
  readonly sha256: string
}

/** Where the Data Provenance Initiative keeps what its annotators made of licences without a name. */
const customClassesNear = async (description: string): Promise<unknown> => {
  const folder = dirname(description)
  for (const near of [folder, join(folder, '../constants')]) {
    const text = await readFile(join(near, 'custom_license_classes.json'), 'utf8').catch(() => undefined)
    if (text !== undefined) return jsonOf(text)
  }
  return undefined
}

/** A manifest's claims, after its digest of the asset was compared with `file`. */
const assetClaims = async (jumbf: Uint8Array, file: string): Promise<Claims> => {
  const { claims, binding } = readC2pa(jumbf)
  if ((await statInput(file)).isDirectory())
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${file} is a folder, a C2PA manifest is of one file`, {
      hint: 'record the file that the manifest is of',
    })
  if (binding === undefined)
    return {
      ...claims,
      warnings: [...claims.warnings, 'its digest of the asset is of no kind that is read here: not compared'],
    }
  await checkBinding(binding, file)
  return { ...claims, kept: { ...claims.kept, asset: `${binding.algorithm} agrees` } }
}

/**
 * Reads a description of `file`: a Croissant one, a summary of the Data Provenance Initiative, a C2PA manifest (a .c2pa
 * sidecar, or the JPEG or PNG that carries it, which may be `file` itself), or a .dvc file.
 * Throws DATA_FORMAT_UNSUPPORTED, FILE_NOT_FOUND, EVIDENCE_INVALID where a manifest is not of this file.
 */
export const readClaims = async (description: string, file: string): Promise<Description> => {
  const { size } = await statInput(description)
  if (size > largest)
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${description} is too long for a description`, {
      data: { path: description, size, limit: largest },
    })
  const bytes = await readFile(description)
  return { claims: await claimsIn(bytes, description, file), sha256: sha256(bytes) }
}

const claimsIn = async (bytes: Buffer, description: string, file: string): Promise<Claims> => {
  const jumbf = jumbfIn(bytes)
  if (jumbf !== undefined) return assetClaims(jumbf, file)
  const [text, name] = [bytes.toString('utf8'), basename(file)]
  if (!text.trimStart().startsWith('{')) return readDvc(text, name)
  const document = jsonOf(text)
  return isDpi(document) ? readDpi(document, name, await customClassesNear(description)) : readCroissant(text, name)
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
