import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { BartizanError } from '../../base/errors.ts'
import { decodeBase64, encodeBase64 } from '../base64.ts'

// C2SP tlog-cosignature, Ed25519: what a witness signs who has seen that a log only grew.

const cosignatureType = 0x04
const keyIdLength = 4
const ed25519Length = 32
const timestampLength = 8
const signatureLength = 64

export interface Witness {
  readonly name: string
  readonly publicKey: KeyObject
  /** First 4 bytes of SHA-256 over name, type and key, by which a signature line names it. */
  readonly id: Buffer
}

/** An Ed25519 public key's 32 bytes, behind what every such key begins with as SubjectPublicKeyInfo (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

const idOf = (name: string, key: Uint8Array): Buffer =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(Uint8Array.of(cosignatureType))
    .update(key)
    .digest()
    .subarray(0, keyIdLength)

/** A witness from its name and Ed25519 public key. */
export const createWitness = (name: string, publicKey: KeyObject): Witness => {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  if (!spki.subarray(0, spkiPrefix.length).equals(spkiPrefix) || spki.length !== spkiPrefix.length + ed25519Length)
    throw new BartizanError('CONFIG_INVALID', `the key of witness ${name} is not Ed25519`)
  return { name, publicKey, id: idOf(name, spki.subarray(spkiPrefix.length)) }
}

/**
 * A witness from a verifier key of C2SP signed-note: name+id+key, the id in hexadecimal, the key in base64 behind its
 * type (4). Throws CONFIG_INVALID.
 */
export const parseWitness = (verifierKey: string): Witness => {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(verifierKey) ?? []
  const key = encoded === undefined ? undefined : decodeBase64(encoded)
  if (key?.length === 1 + ed25519Length && key[0] === cosignatureType) {
    const spki = Buffer.concat([spkiPrefix, key.subarray(1)])
    const witness = createWitness(name, createPublicKey({ key: spki, format: 'der', type: 'spki' }))
    if (witness.id.toString('hex') === id) return witness
  }
  throw new BartizanError('CONFIG_INVALID', `"${verifierKey}" is no verifier key of an Ed25519 witness`, {
    hint: 'expected name+id+base64 with a key of type 4, see c2sp.org/signed-note and c2sp.org/tlog-cosignature',
  })
}

/** A witness's verifier key, as `parseWitness` reads it. */
export const formatWitness = ({ name, publicKey, id }: Witness): string => {
  const key = publicKey.export({ type: 'spki', format: 'der' }).subarray(spkiPrefix.length)
  return `${name}+${id.toString('hex')}+${encodeBase64(Buffer.concat([Uint8Array.of(cosignatureType), key]))}`
}

/** What a witness signs: when it saw this head of a log (the note's text, which ends in a newline). */
export const cosignedMessage = (text: string, seconds: bigint): Buffer =>
  Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`)

export interface Cosignature {
  readonly name: string
  /** When the witness saw this head, in seconds since 1970. */
  readonly seconds: number
}

const largestTime = 2n ** 63n - 1n

/**
 * The cosignatures of known witnesses on a checkpoint, each witness once. Lines of unknown keys are left out, as the
 * standard asks; one bad line of a known witness rejects the checkpoint. Throws EVIDENCE_INVALID.
 */
export const cosignaturesOn = (checkpoint: Uint8Array, witnesses: readonly Witness[]): readonly Cosignature[] => {
  const note = Buffer.from(checkpoint).toString('utf8')
  const blank = note.lastIndexOf('\n\n')
  const text = note.slice(0, blank + 1)
  const found = new Map<Witness, Cosignature>()
  for (const line of note.slice(blank + 2, -1).split('\n')) {
    const [, name, encoded] = /^— (\S+) (\S+)$/u.exec(line) ?? []
    const blob = decodeBase64(encoded ?? '') ?? Buffer.alloc(0)
    const witness = witnesses.find((known) => known.name === name && known.id.equals(blob.subarray(0, keyIdLength)))
    if (witness === undefined) continue
    const seconds = timeIn(blob)
    const message = seconds === undefined ? undefined : cosignedMessage(text, seconds)
    const signature = blob.subarray(keyIdLength + timestampLength)
    if (seconds === undefined || message === undefined || !verify(null, message, witness.publicKey, signature))
      throw new BartizanError('EVIDENCE_INVALID', `the checkpoint carries a cosignature of ${name} that does not hold`)
    found.set(witness, { name, seconds: Number(seconds) })
  }
  return [...found.values()]
}

const timeIn = (blob: Buffer): bigint | undefined => {
  if (blob.length !== keyIdLength + timestampLength + signatureLength) return undefined
  const seconds = blob.readBigUInt64BE(keyIdLength)
  return seconds <= largestTime ? seconds : undefined
}
