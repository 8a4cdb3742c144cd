import { createHash } from 'node:crypto'
import type { CheckResult } from '../../../contract/validation.ts'
import type { Source } from '../../../data/source.ts'
import { shareCheck } from '../../duplicates/find-duplicates.ts'
import { defaultDuplicates } from '../../duplicates/options.ts'

const batchValues = 1 << 20

/** A digest a row: equal numbers give equal digests, whatever type they are stored as. */
async function* rowKeys(source: Source): AsyncGenerator<readonly [row: number, key: string]> {
  const width = source.shape.reduce((product, size) => product * size, 1)
  const step = Math.max(1, Math.floor(batchValues / Math.max(1, width)))
  for (let from = 0; from < source.rows; from += step) {
    const to = Math.min(source.rows, from + step)
    const { x } = await source.read(from, to)
    // + 0 makes one zero of two.
    const values = new Float64Array(x.length)
    for (let i = 0; i < x.length; i++) values[i] = Number(x[i]) + 0
    const bytes = Buffer.from(values.buffer)
    for (let row = from; row < to; row++) {
      const part = bytes.subarray((row - from) * width * 8, (row - from + 1) * width * 8)
      yield [row, createHash('sha256').update(part).digest('base64').slice(0, 22)]
    }
  }
}

/** Row of `source` by row of `known` or of itself that it equals. */
export interface EqualRows {
  readonly pairs: readonly (readonly [row: number, other: number])[]
  readonly rows: number
  readonly known: number
}

/** Rows that equal an earlier one. 22 characters a row are kept in memory. */
export const repeatedRows = async (source: Source): Promise<EqualRows> => {
  const first = new Map<string, number>()
  const pairs: [number, number][] = []
  for await (const [row, key] of rowKeys(source)) {
    const known = first.get(key)
    if (known === undefined) first.set(key, row)
    else pairs.push([row, known])
  }
  return { pairs, rows: source.rows, known: source.rows }
}

/** Rows that the other array holds too. */
export const sharedRows = async (source: Source, other: Source): Promise<EqualRows> => {
  const first = new Map<string, number>()
  for await (const [row, key] of rowKeys(other)) if (!first.has(key)) first.set(key, row)
  const pairs: [number, number][] = []
  for await (const [row, key] of rowKeys(source)) {
    const known = first.get(key)
    if (known !== undefined) pairs.push([row, known])
  }
  return { pairs, rows: source.rows, known: other.rows }
}

export const repeatedCheck = ({ pairs, rows }: EqualRows, atMost = defaultDuplicates.duplicates): CheckResult => {
  const [first] = pairs
  const example = first === undefined ? '' : `; first: rows ${first[1]} and ${first[0]}`
  return shareCheck(
    'rows.duplicates',
    pairs.length,
    rows,
    atMost,
    `${pairs.length} rows repeat an earlier one${example}`,
  )
}

export const sharedCheck = ({ pairs, rows, known }: EqualRows, file: string): CheckResult => {
  const [first] = pairs
  const example = first === undefined ? '' : `; first: row ${first[0]} is row ${first[1]} there`
  const message = `${pairs.length} of ${rows} rows are in ${file}${example}`
  return shareCheck('rows.leakage', pairs.length, known === 0 ? 0 : rows, 0, message)
}
