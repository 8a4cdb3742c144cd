import { join } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { openCheckpoint } from '../checkpoint.ts'
import { readIfPresent } from '../durable-file.ts'
import { checkpointName } from '../log-reader.ts'
import { inclusionProof } from '../merkle.ts'
import type { Verifier } from '../signer.ts'
import { nodesOf, storedTiles } from '../stored-tree.ts'
import { formatProof } from './tlog-proof.ts'

export interface ReceiptRequest {
  /** The log's folder. */
  readonly folder: string
  /** Position of the entry, from 0. */
  readonly index: number
  /** Keys of the log. */
  readonly verifiers: readonly Verifier[]
  /** What the receipt carries besides, e.g. the envelope that the entry names. */
  readonly extra?: Uint8Array
}

/**
 * A receipt of one entry against the log's head as it is now, with whatever cosignatures it carries; it stays valid
 * when the log grows. Throws EVIDENCE_INVALID where there is no log, no such entry, or the log was changed.
 */
export const createReceipt = ({ folder, index, verifiers, extra }: ReceiptRequest): Uint8Array => {
  // Read once: head and proof must be of the same moment, whoever appends meanwhile.
  const note = readIfPresent(join(folder, checkpointName))
  if (note === undefined)
    throw new BartizanError('EVIDENCE_INVALID', `there is no log in ${folder}`, { data: { folder } })
  const { size } = openCheckpoint(note, verifiers)
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new BartizanError('EVIDENCE_INVALID', `the log has ${size} entries, ${index} is out of its range`)
  const hashes = inclusionProof(nodesOf(storedTiles(folder, size)), index, size)
  return formatProof({ extra, index, hashes, checkpoint: note })
}
