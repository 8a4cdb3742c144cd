import { createHmac, randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { readIfPresent, writeDurably } from '../durable-file.ts'
import { openProjectKey } from '../keys.ts'
import { evidencePaths } from '../paths.ts'
import { noSalt } from './row-digest.ts'

/** What blinds a salted set; 32 bytes each, or none in a plain set. */
export interface Salts {
  readonly row: (index: number) => Uint8Array
  readonly chunk: (index: number) => Uint8Array
  readonly absence: Uint8Array
}

export const plainSalts: Salts = { row: () => noSalt, chunk: () => noSalt, absence: noSalt }

/** Which salts a file of this name gets: the same for every version of it, so that a grown file keeps its old leaves. */
export const saltIdOf = (name: string): string => sha256(`bartizan.dev/data/salt/v1\n${name}`).slice(0, 32)

/** The salts of one file, by HMAC-SHA-256 (RFC 2104) from a project's secret: none has to be stored. */
export const saltsFrom = (secret: Uint8Array, id: string): Salts => {
  const seed = createHmac('sha256', secret).update(id).digest()
  const derive = (label: string) => createHmac('sha256', seed).update(label).digest()
  return {
    row: (index) => derive(`row ${index}`),
    chunk: (index) => derive(`chunk ${index}`),
    absence: derive('absence'),
  }
}

const secretBytes = 32

/**
 * The project's secret for salts, `.bartizan/keys/data-salt.hex`, made on first use where `create` says so. Whoever has
 * it can test guesses of withheld rows; without it no further proof can be made. Throws CONFIG_INVALID where others can
 * read it, EVIDENCE_INVALID where it is gone or damaged.
 */
export const projectSaltSecret = (root: string, create: boolean): Uint8Array => {
  const path = join(evidencePaths(root).keys, 'data-salt.hex')
  if (readIfPresent(path) === undefined) {
    if (!create)
      throw new BartizanError('EVIDENCE_INVALID', `the set is salted, and its secret ${path} is not here`, {
        hint: 'proofs can be made only where the data was recorded',
        data: { path },
      })
    // Makes the private folder, and keeps it out of git.
    openProjectKey(root)
    writeDurably(path, `${randomBytes(secretBytes).toString('hex')}\n`, { mode: 0o600 })
  }
  const mode = statSync(path).mode & 0o777
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new BartizanError('CONFIG_INVALID', `${path} is open to others (mode ${mode.toString(8)})`, {
      hint: `chmod 600 ${path}`,
      data: { path, mode },
    })
  const text = Buffer.from(readIfPresent(path) ?? [])
    .toString('latin1')
    .trim()
  if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex')
  throw new BartizanError('EVIDENCE_INVALID', `${path} holds no secret of ${secretBytes} bytes`, { data: { path } })
}
