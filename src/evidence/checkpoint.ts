import { BartizanError } from '../base/errors.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { type Hash, hashLength } from './merkle.ts'
import { openNote, signNote } from './note.ts'
import type { Signer, Verifier } from './signer.ts'

/** The head of a log (C2SP tlog-checkpoint): how many entries it has and their Merkle root. */
export interface Checkpoint {
  /** Which log this is. */
  readonly origin: string
  readonly size: number
  readonly root: Hash
}

/** A project's log is named after the key that signs it, so that two projects' checkpoints can't be exchanged. */
export const originOf = ({ keyid }: Verifier): string => `bartizan.dev/log/${keyid.slice(0, 16)}`

/** A signed checkpoint of the signer's own log. */
export const signCheckpoint = (size: number, root: Hash, signer: Signer): string => {
  const origin = originOf(signer)
  return signNote(`${origin}\n${size}\n${encodeBase64(root)}\n`, origin, signer)
}

const malformed = (problem: string): BartizanError =>
  new BartizanError('EVIDENCE_INVALID', `the checkpoint ${problem}`, { hint: 'see C2SP tlog-checkpoint for its lines' })

/** The checkpoint in a note that one of the Ed25519 keys among `verifiers` signed for its own log. Throws EVIDENCE_INVALID. */
export const openCheckpoint = (note: Uint8Array, verifiers: readonly Verifier[]): Checkpoint => {
  const logKeys = verifiers.filter(({ algorithm }) => algorithm === 'ed25519')
  const text = openNote(
    note,
    logKeys.map((verifier) => ({ name: originOf(verifier), verifier })),
  )
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n')
  if (!origin || !logKeys.some((verifier) => originOf(verifier) === origin)) throw malformed('is of another log')
  if (!/^(0|[1-9]\d{0,14})$/.test(size ?? '')) throw malformed(`gives "${size}" for its size`)
  const hash = decodeBase64(root ?? '')
  if (hash?.length !== hashLength) throw malformed('has no SHA-256 root')
  if (extensions.includes('')) throw malformed('has an empty extension line')
  return { origin, size: Number(size), root: hash }
}
