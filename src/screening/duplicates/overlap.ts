import type { TableColumn } from '../../data/formats/table-relation.ts'
import type { ScreenedTable } from '../table/index.ts'
import type { Accuse } from './accuse.ts'
import { keysOf, passesFor } from './row-key.ts'

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

/** Rows of `test` that `train` holds too, equal in `columns` by name; all of them are accused. */
export const overlapOf = async (
  train: ScreenedTable,
  test: ScreenedTable,
  columns: readonly { readonly train: TableColumn; readonly test: TableColumn }[],
  nullLike: readonly string[],
  rows: { readonly train: number; readonly test: number },
  accuse?: Accuse,
): Promise<Overlap> => {
  const passes = passesFor(rows.train)
  const examples: { test: number; train: number }[] = []
  let [shared, repeated] = [0, 0]
  for (let pass = 0; pass < passes; pass++) {
    const first = new Map<string, number>()
    const again = new Set<string>()
    const inTrain = columns.map((pair) => pair.train)
    for await (const keys of keysOf(train, inTrain, nullLike, { pass, passes }))
      for (const [row, key] of keys) {
        if (!first.has(key)) first.set(key, row)
        else {
          repeated += again.has(key) ? 1 : 2
          again.add(key)
        }
      }
    const inTest = columns.map((pair) => pair.test)
    let kept = 0
    for await (const keys of keysOf(test, inTest, nullLike, { pass, passes })) {
      const found = keys.filter(([, key]) => first.has(key))
      shared += found.length
      for (const [row, key] of found)
        if (kept++ < mostExamples) examples.push({ test: row, train: first.get(key) ?? 0 })
      if (found.length > 0)
        await accuse?.({
          check: 'rows.leakage',
          columns: inTest.map(({ name }) => name),
          rows: found.map(([row]) => row),
        })
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
