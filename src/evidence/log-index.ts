import type { Entry } from './entry.ts'

/** A bundle of envelopes, as the log names it. */
export interface LoggedBundle {
  readonly sha256: string
  /** Position of its first envelope's entry; those of the others follow. */
  readonly first: number
  /** How many envelopes it holds. */
  readonly envelopes: number
}

/** Where the log holds what. */
export interface LogIndex {
  /** Entries in the log. */
  readonly size: number
  /** Position of an envelope's entry, the last one where it was logged again; undefined where it is not logged. */
  readonly positionOf: (sha256: string) => number | undefined
  /** The envelope at a position, undefined where the entry names none (or could not be read). */
  readonly digestAt: (position: number) => string | undefined
  /** The bundle whose line the entry at a position is, undefined where its envelope has a file of its own. */
  readonly bundleAt: (position: number) => LoggedBundle | undefined
  readonly hasBundle: (sha256: string) => boolean
}

export interface GrowingLogIndex extends LogIndex {
  /** Takes the next entry; undefined for one that can't be read. */
  readonly add: (entry: Entry | undefined) => void
}

const digestLength = 32
const smallest = 1024

/**
 * An index of a log of up to some hundred million entries, at 40 to 56 bytes an entry: digests by position, and a hash
 * table of positions. Strings in a Map would take five times as much.
 */
export const createLogIndex = (): GrowingLogIndex => {
  let digests = Buffer.alloc(smallest * digestLength)
  /** Position + 1, or 0 for none; open addressing, at most half full. */
  let table = new Uint32Array(smallest * 2)
  let size = 0
  const bundles: LoggedBundle[] = []
  const bundleDigests = new Set<string>()
  /** Entries that name no envelope: their digest is all zero, and they are not in the table. */
  const nameless = new Set<number>()

  const isAt = (position: number, wanted: Buffer): boolean =>
    digests.compare(wanted, 0, digestLength, position * digestLength, (position + 1) * digestLength) === 0

  /** The slot that holds a digest, else the free one where it would go. A digest is uniform, so four bytes of it do. */
  const slotOf = (wanted: Buffer): number => {
    const mask = table.length - 1
    let slot = wanted.readUInt32LE(0) & mask
    while (table[slot] !== 0 && !isAt(table[slot] - 1, wanted)) slot = (slot + 1) & mask
    return slot
  }
  const digestBytes = (position: number): Buffer =>
    digests.subarray(position * digestLength, (position + 1) * digestLength)

  const grow = (): void => {
    digests = Buffer.concat([digests], digests.length * 2)
    table = new Uint32Array(table.length * 2)
    for (let position = 0; position < size; position++)
      if (!nameless.has(position)) table[slotOf(digestBytes(position))] = position + 1
  }

  const bundleAt = (position: number): LoggedBundle | undefined => {
    let low = 0
    for (let high = bundles.length; low < high; ) {
      const middle = (low + high) >> 1
      if (bundles[middle].first <= position) low = middle + 1
      else high = middle
    }
    const bundle = bundles.at(low - 1)
    return low > 0 && bundle !== undefined && position < bundle.first + bundle.envelopes ? bundle : undefined
  }

  return {
    get size() {
      return size
    },
    add: (entry) => {
      if ((size + 1) * digestLength > digests.length) grow()
      const position = size++
      if (entry?.envelopes !== undefined) {
        bundles.push({ sha256: entry.sha256, first: position + 1, envelopes: entry.envelopes })
        bundleDigests.add(entry.sha256)
      }
      if (entry === undefined || entry.envelopes !== undefined) {
        nameless.add(position)
        return
      }
      digests.write(entry.sha256, position * digestLength, 'hex')
      table[slotOf(digestBytes(position))] = position + 1
    },
    positionOf: (sha256) => {
      const found = table[slotOf(Buffer.from(sha256, 'hex'))]
      return found === 0 ? undefined : found - 1
    },
    digestAt: (position) =>
      position < 0 || position >= size || nameless.has(position) ? undefined : digestBytes(position).toString('hex'),
    bundleAt,
    hasBundle: (sha256) => bundleDigests.has(sha256),
  }
}
