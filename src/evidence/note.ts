import { createHash } from 'node:crypto'
import { BartizanError } from '../base/errors.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import type { Signer, Verifier } from './signer.ts'

// C2SP signed-note: a text ending in a newline, a blank line, and lines "— name base64(keyID || signature)".

/** A key under the name by which notes call it. Only Ed25519 (signature type 0x01). */
export interface NoteKey {
  readonly name: string
  readonly verifier: Verifier
}

const ed25519Type = 0x01
const keyIdLength = 4
const maximumSignatures = 64

const keyId = ({ name, verifier }: NoteKey): Buffer => {
  if (verifier.algorithm !== 'ed25519')
    throw new BartizanError('CONFIG_INVALID', `a checkpoint needs an Ed25519 key, not ${verifier.algorithm}`, {
      hint: 'C2SP asks every log for an Ed25519 signature; keep other keys for the envelopes',
    })
  const spki = verifier.publicKey.export({ type: 'spki', format: 'der' })
  const raw = spki.subarray(spki.length - 32)
  const hash = createHash('sha256').update(`${name}\n`).update(Uint8Array.of(ed25519Type)).update(raw)
  return hash.digest().subarray(0, keyIdLength)
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const invalid = (problem: string): BartizanError =>
  new BartizanError('EVIDENCE_INVALID', `the signed note ${problem}`, {
    hint: 'it was changed after it was signed, or signed by a key that is not trusted',
  })

/** Signs `text` (which ends in a newline) as `name`. */
export const signNote = (text: string, name: string, signer: Signer): string => {
  const blob = Buffer.concat([keyId({ name, verifier: signer }), signer.sign(Buffer.from(text))])
  return `${text}\n— ${name} ${encodeBase64(blob)}\n`
}

/**
 * The text of a note once a known key's signature holds. Signatures of unknown keys are ignored, as the standard asks;
 * one bad signature of a known key rejects the note. Throws EVIDENCE_INVALID.
 */
export const openNote = (note: Uint8Array, known: readonly NoteKey[]): string => {
  const { text, signatures } = parseNote(note)
  let verified = 0
  for (const { name, blob } of signatures) {
    const id = blob.subarray(0, keyIdLength)
    for (const key of known) {
      if (key.name !== name || !keyId(key).equals(id)) continue
      if (!key.verifier.verify(Buffer.from(text), blob.subarray(keyIdLength)))
        throw invalid(`carries a signature of ${name} that does not hold`)
      verified++
    }
  }
  if (verified === 0) throw invalid('carries no signature of a trusted key')
  return text
}

interface NoteSignature {
  readonly name: string
  readonly blob: Buffer
}

const parseNote = (note: Uint8Array): { readonly text: string; readonly signatures: readonly NoteSignature[] } => {
  let content: string
  try {
    content = decoder.decode(note)
  } catch {
    throw invalid('is not UTF-8')
  }
  const control = [...content].findIndex((character) => character < ' ' && character !== '\n')
  if (control >= 0) throw invalid(`holds a control character at position ${control}`)
  const blank = content.lastIndexOf('\n\n')
  if (blank < 0 || !content.endsWith('\n')) throw invalid('has no signature lines')
  const lines = content.slice(blank + 2, -1).split('\n')
  if (lines.length > maximumSignatures) throw invalid(`carries ${lines.length} signatures, over ${maximumSignatures}`)
  return { text: content.slice(0, blank + 1), signatures: lines.map(parseSignature) }
}

const parseSignature = (line: string): NoteSignature => {
  const [, name, encoded] = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(line) ?? []
  const blob = encoded === undefined ? undefined : decodeBase64(encoded)
  if (blob === undefined || blob.length <= keyIdLength) throw invalid(`has a malformed signature line "${line}"`)
  return { name, blob }
}
