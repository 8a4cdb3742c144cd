import { createHash } from 'node:crypto'
import type { RowStore } from '../../training/row-store.ts'

/** What a change to the training rows is counted in. */
export type PartitionUnit = 'rows' | 'sources'

/** Where each row comes from, as a number into `names`. */
export interface RowSources {
  readonly of: Int32Array
  readonly names: readonly string[]
}

const rowsAtOnce = 1024

/**
 * Rows in k parts. The part of a row is a hash of its values, or of the name of its source: it depends on no other row
 * and not on the place in the file, so that a row or source that comes or goes changes one part only. The label isn't in
 * the hash: a row that is labelled anew stays in its part. Rows of a part stand in the order of their values and labels.
 */
export const partitionsOf = async (
  store: RowStore,
  k: number,
  sources: RowSources | undefined,
): Promise<readonly Int32Array[]> => {
  const parts: { readonly row: number; readonly key: string }[][] = Array.from({ length: k }, () => [])
  for (let from = 0; from < store.rows; from += rowsAtOnce) {
    const at = Int32Array.from({ length: Math.min(rowsAtOnce, store.rows - from) }, (_, row) => from + row)
    const x = new Float32Array(at.length * store.size)
    await store.gather(at, x)
    for (const [i, row] of at.entries()) {
      const values = digest(new Uint8Array(x.buffer, i * store.size * 4, store.size * 4))
      const owner = sources ? digest(new TextEncoder().encode(`source ${sources.names[sources.of[row]!]}`)) : values
      parts[Number(BigInt(`0x${owner.slice(0, 16)}`) % BigInt(k))]!.push({
        row,
        key: `${values} ${String(store.labels[row]!).padStart(10, '0')}`,
      })
    }
  }
  return parts.map((part) =>
    Int32Array.from(
      part.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)),
      ({ row }) => row,
    ),
  )
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The rows of two stores, those of the first before those of the second. Closing it closes nothing. */
export const joined = (first: RowStore, second: RowStore): RowStore => {
  const size = first.rows > 0 ? first.size : second.size
  const labels = new Int32Array(first.rows + second.rows)
  labels.set(first.labels)
  labels.set(second.labels, first.rows)
  return {
    rows: labels.length,
    size,
    labels,
    async gather(at, into) {
      const one = new Float32Array(size)
      for (const [i, row] of at.entries()) {
        if (row < first.rows) await first.gather(Int32Array.of(row), one)
        else await second.gather(Int32Array.of(row - first.rows), one)
        into.set(one, i * size)
      }
    },
    close: async () => {},
  }
}
