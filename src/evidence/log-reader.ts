import { join } from 'node:path'
import { BartizanError } from '../base/errors.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { readIfPresent } from './durable-file.ts'
import { consistencyProof, type Hash, inclusionProof } from './merkle.ts'
import type { Verifier } from './signer.ts'
import { nodesOf, storedBundle, storedTiles } from './stored-tree.ts'
import { tileWidth } from './tiles.ts'

export const checkpointName = 'checkpoint'

/** A log's head, undefined where there is no log yet. Throws EVIDENCE_INVALID where no trusted key signed it. */
export const readCheckpoint = (folder: string, verifiers: readonly Verifier[]): Checkpoint | undefined => {
  const note = readIfPresent(join(folder, checkpointName))
  return note === undefined ? undefined : openCheckpoint(note, verifiers)
}

/** A log as it stood at one checkpoint; later appends don't change it. */
export interface Log {
  readonly checkpoint: Checkpoint
  /** All entries in order. */
  readonly entries: () => Generator<Uint8Array>
  /** Audit path of entry `index`, for `verifyInclusion` against the checkpoint's root. */
  readonly inclusionProof: (index: number) => readonly Hash[]
  /** Proof that the log of `oldSize` entries is a prefix of this one, for `verifyConsistency`. */
  readonly consistencyProof: (oldSize: number) => readonly Hash[]
}

/**
 * Opens the log in a folder (C2SP tlog-tiles) for reading. Throws EVIDENCE_INVALID where there is none, where no
 * trusted key signed its checkpoint, and later where a file that is asked for is missing or cut.
 */
export const openLog = (folder: string, verifiers: readonly Verifier[]): Log => {
  const checkpoint = readCheckpoint(folder, verifiers)
  if (checkpoint === undefined)
    throw new BartizanError('EVIDENCE_INVALID', `there is no log in ${folder}`, { data: { folder } })
  const { size } = checkpoint
  const nodes = nodesOf(storedTiles(folder, size))
  const requireAt = (position: number, end: number): void => {
    if (!Number.isSafeInteger(position) || position < 0 || position >= end)
      throw new BartizanError('EVIDENCE_INVALID', `the log has ${size} entries, ${position} is out of its range`)
  }
  return {
    checkpoint,
    *entries() {
      for (let index = 0; index * tileWidth < size; index++) yield* storedBundle(folder, index, size)
    },
    inclusionProof: (index) => {
      requireAt(index, size)
      return inclusionProof(nodes, index, size)
    },
    consistencyProof: (oldSize) => {
      requireAt(oldSize, size + 1)
      return consistencyProof(nodes, oldSize, size)
    },
  }
}
