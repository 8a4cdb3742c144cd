import type { CheckResult } from '../../../contract/validation.ts'
import type { ExampleRow } from '../scan.ts'
import type { UnreadableRow } from './readable-copy.ts'

export const readableId = 'table.readable'

/** Lines that are no rows: how many, and the first. */
interface Unreadable {
  readonly count: number
  readonly first: readonly Pick<UnreadableRow, 'line' | 'problem'>[]
}

/**
 * What the lines that are no rows of a text table fail; `rows`: those that are; `of`: words before the first line. A
 * table without such lines has no such check.
 */
export const readableCheck = (rows: number, { count, first }: Unreadable, of = ''): CheckResult => {
  const n = rows + count
  const [{ line, problem } = { line: 0, problem: '' }] = first
  return {
    id: readableId,
    verdict: 'failed',
    measured: count,
    required: 'every row can be read',
    n,
    effect: count / n,
    message: `${count} of ${n} rows can't be read; first: ${of}line ${line}, ${problem}`,
  }
}

const shownLength = 200

/** Lines that are no rows, as example rows. */
export const unreadableExamples = (rows: readonly UnreadableRow[]): readonly ExampleRow[] =>
  rows.map(({ row, line, problem, text }) => ({
    row,
    values: { line: String(line), problem, text: [...text].slice(0, shownLength).join('') },
  }))
