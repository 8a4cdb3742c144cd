import { createHmac, hkdfSync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { BartizanError } from '../../../base/errors.ts'
import { statInput } from '../../../data/files.ts'
import { refuseShared } from '../../../evidence/private-file.ts'

/** A secret for digests, tokens and surrogates. */
export interface SanitisingKey {
  /** Names the key without giving it away: 8 hexadecimal digits. */
  readonly id: string
  /** HMAC-SHA-256 under the file's own bytes. */
  readonly hmac: (message: string) => Buffer
  /** 64 bytes for AES-256-SIV. */
  readonly siv: Uint8Array
  /** HMAC-SHA-256 under a key for surrogates. */
  readonly surrogate: (message: string) => Buffer
}

const fewest = 32
const most = 4096

/** A key from its bytes: those of the file as they are. Sub-keys come from HKDF-SHA-256 (RFC 5869). */
export const sanitisingKey = (bytes: Uint8Array): SanitisingKey => {
  const derived = (label: string, length: number) =>
    Buffer.from(hkdfSync('sha256', bytes, new Uint8Array(0), `bartizan sanitise ${label}`, length))
  const surrogate = derived('surrogate', 32)
  return {
    id: derived('id', 4).toString('hex'),
    hmac: (message) => createHmac('sha256', bytes).update(message).digest(),
    siv: derived('siv', 64),
    surrogate: (message) => createHmac('sha256', surrogate).update(message).digest(),
  }
}

/** A command that makes a key which nobody else can read. */
export const keyMaking = (path: string): string => `(umask 077; head -c ${fewest} /dev/urandom > ${path})`

/**
 * Reads a key file. Throws CONFIG_INVALID where it is too short to be a secret, or too long to be meant, or where others
 * than its owner can read it: whoever can turns tokens back.
 */
export const readKeyFile = async (path: string): Promise<SanitisingKey> => {
  const { size } = await statInput(path)
  const bytes = size <= most ? await readFile(path) : undefined
  if (bytes === undefined || bytes.length < fewest || new Set(bytes).size < 8)
    throw new BartizanError('CONFIG_INVALID', `${path} holds no key: ${size} bytes`, {
      hint: `a key is ${fewest} to ${most} random bytes; make one with: ${keyMaking(path)}`,
      data: { path, bytes: size },
    })
  refuseShared(path, 'the key', 'make a new one and sanitise the data again with it')
  return sanitisingKey(bytes)
}
