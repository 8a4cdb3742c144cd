import { BartizanError } from '../../base/errors.ts'
import { type Checkpoint, openCheckpoint } from '../checkpoint.ts'
import { leafHash } from '../merkle.ts'
import { verifyInclusion } from '../merkle-verify.ts'
import type { Verifier } from '../signer.ts'
import { parseProof } from './tlog-proof.ts'
import { type Cosignature, cosignaturesOn, type Witness } from './witness.ts'

export interface ReceiptPolicy {
  /** Keys of the log; one must have signed the head. */
  readonly verifiers: readonly Verifier[]
  readonly witnesses?: readonly Witness[]
  /** How many of the witnesses must have cosigned (default all that are given). */
  readonly threshold?: number
}

export interface VerifiedReceipt {
  readonly index: number
  readonly checkpoint: Checkpoint
  readonly cosignatures: readonly Cosignature[]
}

/**
 * Checks that a receipt proves `entry` (the log entry's bytes) to be in a trusted log: its head is signed, enough
 * witnesses have seen it, and the path leads from the entry to its root. Needs nothing but the receipt. Throws
 * EVIDENCE_INVALID, naming the first check that failed.
 */
export const verifyReceipt = (receipt: Uint8Array, entry: Uint8Array, policy: ReceiptPolicy): VerifiedReceipt => {
  const { verifiers, witnesses = [], threshold = witnesses.length } = policy
  const { index, hashes, checkpoint: note } = parseProof(receipt)
  const checkpoint = openCheckpoint(note, verifiers)
  const cosignatures = cosignaturesOn(note, witnesses)
  if (cosignatures.length < threshold)
    throw new BartizanError(
      'EVIDENCE_INVALID',
      `${cosignatures.length} of the known witnesses have cosigned the receipt, ${threshold} must`,
      { data: { cosigned: cosignatures.map(({ name }) => name), threshold } },
    )
  const { size, root } = checkpoint
  if (!verifyInclusion({ leaf: leafHash(entry), index, size, root, proof: hashes }))
    throw new BartizanError(
      'EVIDENCE_INVALID',
      `the receipt does not prove that the entry is number ${index} of the log`,
      {
        hint: 'it is of another entry, or was changed',
        data: { index, size },
      },
    )
  return { index, checkpoint, cosignatures }
}
