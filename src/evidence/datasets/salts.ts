import { createHmac, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { readIfPresent, writeDurably } from '../durable-file.ts'
import { openProjectKey } from '../keys.ts'
import { evidencePaths } from '../paths.ts'
import { refuseShared } from '../private-file.ts'
import { noSalt } from './row-digest.ts'

/** What blinds a salted set; 32 bytes each, or none in a plain set. */
export interface Salts {
  /** Of the row with this number and content: one that is shown must not open what stood there in another version. */
  readonly row: (index: number, content: Uint8Array) => Uint8Array
  readonly chunk: (index: number) => Uint8Array
  readonly absence: Uint8Array
}

export const plainSalts: Salts = { row: () => noSalt, chunk: () => noSalt, absence: noSalt }

/** Which salts a file of this name gets: the same for every version of it, so that rows that stay keep their leaves. */
export const saltIdOf = (name: string): string => sha256(`bartizan.dev/data/salt/v1\n${name}`).slice(0, 32)

/** The salts of one file, by HMAC-SHA-256 (RFC 2104) from a project's secret: none has to be stored. */
export const saltsFrom = (secret: Uint8Array, id: string): Salts => {
  const seed = createHmac('sha256', secret).update(id).digest()
  const derive = (label: string, content: Uint8Array = noSalt) =>
    createHmac('sha256', seed).update(`${label}\n`).update(content).digest()
  return {
    row: (index, content) => derive(`row ${index}`, content),
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
  refuseShared(path, 'the secret', 'withheld rows of what was salted with it can be guessed')
  const text = Buffer.from(readIfPresent(path) ?? [])
    .toString('latin1')
    .trim()
  if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex')
  throw new BartizanError('EVIDENCE_INVALID', `${path} holds no secret of ${secretBytes} bytes`, { data: { path } })
}
