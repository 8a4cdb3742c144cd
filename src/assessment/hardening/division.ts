import { createHash } from 'node:crypto'
import { BartizanError } from '../../base/errors.ts'
import { holdOut, shuffled } from '../../training/order.ts'
import type { RowStore } from '../../training/row-store.ts'

/** What each row of the data is for, by its number. */
export interface Division {
  readonly training: Int32Array
  /** Chooses the best epoch. */
  readonly validation: Int32Array
  /** Of the store of the assessment, which may be another one. */
  readonly assessment: Int32Array
  /** Rows that equal one of the assessment: nothing learns from them. */
  readonly repeated: number
}

/** Rows held out: a share of the data, and no more rows than a figure's interval gains from. */
const held = { assessment: { share: 0.2, most: 2000 }, validation: { share: 0.1, most: 1000 } } as const

const heldShare = ({ share, most }: { readonly share: number; readonly most: number }, rows: number): number =>
  Math.min(share, most / Math.max(1, rows))

/**
 * Divides labelled rows into those to learn from, those to choose by and, where `test` doesn't bring its own, those to
 * assess on: every class gives the same share, and the seed decides which rows. A row of the assessment is in no other
 * part, and neither is one that equals it. Throws DATA_SHAPE_MISMATCH where nothing is left to learn from.
 */
export const divide = async (data: RowStore, test: RowStore | undefined, seed: number): Promise<Division> => {
  const first = test
    ? { training: every(data.rows), validation: every(test.rows) }
    : holdOut(data.labels, heldShare(held.assessment, data.rows), seed)
  const assessment = first.validation
  const fingerprints = await fingerprintsOf(test ?? data, assessment)
  const repeated = new Set<number>()
  await eachRow(data, first.training, (row, x) => {
    if (fingerprints.has(fingerprint(x))) repeated.add(row)
  })
  const open = first.training.filter((row) => !repeated.has(row))
  const labels = open.map((row) => data.labels[row]!)
  const second = holdOut(labels, heldShare(held.validation, open.length), seed)
  const pick = (rows: Int32Array): Int32Array => rows.map((row) => open[row]!)
  if (second.training.length === 0 || assessment.length < 2)
    throw new BartizanError(
      'DATA_SHAPE_MISMATCH',
      `of ${data.rows} rows ${second.training.length} are left to learn from and ${assessment.length} to assess on`,
      {
        hint:
          repeated.size > 0
            ? `${repeated.size} rows of --data equal rows of --test: give other rows to learn from`
            : 'give more rows',
      },
    )
  return {
    training: pick(second.training),
    validation: pick(second.validation),
    assessment,
    repeated: repeated.size,
  }
}

/** `most` of so many rows, in their order, or all; the seed decides which, whatever order the file has them in. */
export const sampleOf = (rows: number, most: number, seed: number): Int32Array =>
  most >= rows ? every(rows) : shuffled(rows, seed, -2).slice(0, most).sort()

const every = (rows: number): Int32Array => Int32Array.from({ length: rows }, (_, row) => row)

const fingerprint = (x: Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(x.buffer, x.byteOffset, x.byteLength))
    .digest('base64')

const fingerprintsOf = async (store: RowStore, at: Int32Array): Promise<ReadonlySet<string>> => {
  const seen = new Set<string>()
  await eachRow(store, at, (_, x) => seen.add(fingerprint(x)))
  return seen
}

const rowsAtOnce = 1024

const eachRow = async (
  store: RowStore,
  at: Int32Array,
  visit: (row: number, x: Float32Array) => void,
): Promise<void> => {
  for (let from = 0; from < at.length; from += rowsAtOnce) {
    const chosen = at.subarray(from, from + rowsAtOnce)
    const x = new Float32Array(chosen.length * store.size)
    await store.gather(chosen, x)
    for (const [i, row] of chosen.entries()) visit(row, x.subarray(i * store.size, (i + 1) * store.size))
  }
}
