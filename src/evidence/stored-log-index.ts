import type { Checkpoint } from './checkpoint.ts'
import { tryEntry } from './entry.ts'
import { createLogIndex, type GrowingLogIndex, type LogIndex } from './log-index.ts'
import { readCheckpoint } from './log-reader.ts'
import { rootHash, sameHash } from './merkle.ts'
import type { Verifier } from './signer.ts'
import { nodesOf, storedBundle, storedTiles } from './stored-tree.ts'
import { tileWidth } from './tiles.ts'

interface Known {
  readonly folder: string
  readonly head: Checkpoint
  readonly index: GrowingLogIndex
}

/** The log that was read last: whoever records batch after batch reads only what the last one has added. */
let known: Known | undefined

/** Whether the log still begins with what was read of it. */
const isContinued = (folder: string, earlier: Checkpoint, now: Checkpoint): boolean =>
  earlier.origin === now.origin &&
  earlier.size <= now.size &&
  sameHash(rootHash(nodesOf(storedTiles(folder, now.size)), earlier.size), earlier.root)

/**
 * Index of the log in a folder, valid until the next call; of no entries where there is no log. Throws EVIDENCE_INVALID
 * where no trusted key signed the log's head, or a file of it is missing or cut.
 */
export const readLogIndex = (folder: string, verifiers: readonly Verifier[]): LogIndex => {
  const head = readCheckpoint(folder, verifiers)
  if (head === undefined) return createLogIndex()
  const earlier = known?.folder === folder && isContinued(folder, known.head, head) ? known : undefined
  const index = earlier?.index ?? createLogIndex()
  // Forgotten until it is whole again: reading may fail on the way.
  known = undefined
  for (let tile = Math.floor(index.size / tileWidth); tile * tileWidth < head.size; tile++)
    for (const entry of storedBundle(folder, tile, head.size).slice(index.size - tile * tileWidth))
      index.add(tryEntry(entry))
  known = { folder, head, index }
  return index
}
