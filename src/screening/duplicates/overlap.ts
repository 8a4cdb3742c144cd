import type { TableColumn } from '../../data/formats/table-relation.ts'
import type { ScreenedTable } from '../table/index.ts'
import { inPass, keyedRows, passesFor } from './row-key.ts'

export interface Overlap {
  /** Rows of the test table that are in the training table too. */
  readonly rows: number
  readonly testRows: number
  readonly trainRows: number
  /** Training rows that another training row equals: how often rows repeat by nature. */
  readonly repeatedInTrain: number
  /** The first hundred, by test row. */
  readonly examples: readonly { readonly test: number; readonly train: number }[]
}

const mostExamples = 100

/** Streams (row, key) of one pass. */
async function* keysOf(
  table: ScreenedTable,
  columns: readonly TableColumn[],
  nullLike: readonly string[],
  pass: number,
  passes: number,
): AsyncGenerator<readonly [number, string]> {
  const sql = `SELECT CAST(r AS DOUBLE), k FROM ${keyedRows(table, columns, nullLike)} WHERE ${inPass('k', pass, passes)}`
  const result = await table.engine.guard(() => table.engine.stream.stream(sql))
  for (;;) {
    const chunk = await table.engine.guard(() => result.fetchChunk())
    if (chunk === null || chunk.rowCount === 0) return
    for (const [row, key] of chunk.getRows()) yield [Number(row), String(key)]
  }
}

/** Rows of `test` that `train` holds too, equal in `columns` by name. */
export const overlapOf = async (
  train: ScreenedTable,
  test: ScreenedTable,
  columns: readonly { readonly train: TableColumn; readonly test: TableColumn }[],
  nullLike: readonly string[],
  rows: { readonly train: number; readonly test: number },
): Promise<Overlap> => {
  const passes = passesFor(rows.train)
  const examples: { test: number; train: number }[] = []
  let [shared, repeated] = [0, 0]
  for (let pass = 0; pass < passes; pass++) {
    const first = new Map<string, number>()
    const again = new Set<string>()
    const inTrain = columns.map((pair) => pair.train)
    for await (const [row, key] of keysOf(train, inTrain, nullLike, pass, passes)) {
      if (!first.has(key)) first.set(key, row)
      else {
        repeated += again.has(key) ? 1 : 2
        again.add(key)
      }
    }
    const inTest = columns.map((pair) => pair.test)
    let kept = 0
    for await (const [row, key] of keysOf(test, inTest, nullLike, pass, passes)) {
      const known = first.get(key)
      if (known === undefined) continue
      shared++
      if (kept++ < mostExamples) examples.push({ test: row, train: known })
    }
  }
  examples.sort((a, b) => a.test - b.test)
  return {
    rows: shared,
    testRows: rows.test,
    trainRows: rows.train,
    repeatedInTrain: repeated,
    examples: examples.slice(0, mostExamples),
  }
}
