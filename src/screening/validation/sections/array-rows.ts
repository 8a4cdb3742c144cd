import { createHash } from 'node:crypto'
import type { CheckResult } from '../../../contract/validation.ts'
import type { NumericArray } from '../../../data/dtype.ts'
import type { Source } from '../../../data/source.ts'
import { shareCheck } from '../../duplicates/find-duplicates.ts'
import { defaultDuplicates } from '../../duplicates/options.ts'
import type { RowFaults } from './array-checks.ts'

const batchValues = 1 << 20
const shown = 5

/** Where whole numbers of 64 bits lie that a float can't hold, and what they are: nothing for the other types. */
const beyondFloats = (x: NumericArray, width: number): ReadonlyMap<number, string> => {
  const found = new Map<number, string>()
  if (x instanceof BigInt64Array || x instanceof BigUint64Array)
    x.forEach((value, i) => {
      if (BigInt(Number(value)) === value) return
      const row = Math.floor(i / width)
      found.set(row, `${found.get(row) ?? ''} ${i % width}:${value}`)
    })
  return found
}

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
    const beyond = beyondFloats(x, width)
    for (let row = from; row < to; row++) {
      const part = bytes.subarray((row - from) * width * 8, (row - from + 1) * width * 8)
      const hash = createHash('sha256').update(part)
      yield [
        row,
        hash
          .update(beyond.get(row - from) ?? '')
          .digest('base64')
          .slice(0, 22),
      ]
    }
  }
}

/** Rows that equal a row of `known`, or an earlier one of their own array. */
export interface EqualRows {
  /** By row: 1 where it does. */
  readonly faulty: Uint8Array
  readonly count: number
  /** The first of them, and what they equal. */
  readonly first: readonly { readonly row: number; readonly other: number }[]
  /** Rows of the other array, or of this one. */
  readonly known: number
}

const equalRows = (rows: number) => {
  const faulty = new Uint8Array(rows)
  const first: { row: number; other: number }[] = []
  let count = 0
  return {
    add(row: number, other: number): void {
      faulty[row] = 1
      if (count++ < shown) first.push({ row, other })
    },
    found: (known: number): EqualRows => ({ faulty, count, first, known }),
  }
}

/** Rows that equal an earlier one. 22 characters a row are kept in memory. */
export const repeatedRows = async (source: Source): Promise<EqualRows> => {
  const first = new Map<string, number>()
  const equal = equalRows(source.rows)
  for await (const [row, key] of rowKeys(source)) {
    const known = first.get(key)
    if (known === undefined) first.set(key, row)
    else equal.add(row, known)
  }
  return equal.found(source.rows)
}

/** Rows that the other array holds too. */
export const sharedRows = async (source: Source, other: Source): Promise<EqualRows> => {
  const first = new Map<string, number>()
  for await (const [row, key] of rowKeys(other)) if (!first.has(key)) first.set(key, row)
  const equal = equalRows(source.rows)
  for await (const [row, key] of rowKeys(source)) {
    const known = first.get(key)
    if (known !== undefined) equal.add(row, known)
  }
  return equal.found(other.rows)
}

export const repeatedCheck = (
  { faulty, count, first: [first] }: EqualRows,
  atMost = defaultDuplicates.duplicates,
): CheckResult => {
  const example = first === undefined ? '' : `; first: rows ${first.other} and ${first.row}`
  const message = `${count} rows repeat an earlier one${example}`
  return shareCheck('rows.duplicates', count, faulty.length, atMost, message)
}

export const sharedCheck = ({ faulty, count, first: [first], known }: EqualRows, file: string): CheckResult => {
  const example = first === undefined ? '' : `; first: row ${first.row} is row ${first.other} there`
  const message = `${count} of ${faulty.length} rows are in ${file}${example}`
  return shareCheck('rows.leakage', count, known === 0 ? 0 : faulty.length, 0, message)
}

/** The rows at fault, where the check failed; `where`: of which file the rows that they equal are, unless of their own. */
export const equalFaults = (
  { faulty, first }: EqualRows,
  { id, verdict }: CheckResult,
  where?: string,
): readonly RowFaults[] => {
  if (verdict !== 'failed') return []
  const value = (other: number): string => `equals row ${other}${where === undefined ? '' : ` of ${where}`}`
  return [
    {
      check: id,
      rows: faulty,
      first: first.map(({ row, other }) => ({ row, place: `row ${row}`, value: value(other) })),
    },
  ]
}
