import type { TableColumn } from '../../data/formats/table-relation.ts'
import { cellsSql, type ScreenedTable, streamed } from '../table/index.ts'
import type { Accuse } from './accuse.ts'

export interface TimeOrder {
  readonly column: string
  /** ISO 8601, UTC; absent where the training table has no readable time. */
  readonly newestInTrain?: string
  /** Test rows that aren't newer than the newest training row. */
  readonly early: number
  /** Test rows with a time. */
  readonly n: number
  /** Cells of either table that are no time. */
  readonly unreadable: number
}

/** SQL of the rows as (r, c, t): the row, the cell and its time. Plain numbers stand for themselves: years, epoch seconds. */
const timesSql = (table: ScreenedTable, column: TableColumn, nullLike: readonly string[]): string =>
  `(SELECT r, c0 AS c, coalesce(n0, epoch(TRY_CAST(c0 AS TIMESTAMP))) AS t FROM ${cellsSql(table, [column], nullLike, { numbered: true })})`

const shown = (time: number): string =>
  Math.abs(time) < 1e8 ? String(time) : new Date(time * 1000).toISOString().replace('.000Z', 'Z')

/** The id of the check on the order in time. */
export const timeCheckId = (column: string): string => `${column}.time-leakage`

/** Test rows from before the end of the training rows: what a model couldn't have known then. All of them are accused. */
export const timeOrder = async (
  train: ScreenedTable,
  test: ScreenedTable,
  columns: { readonly train: TableColumn; readonly test: TableColumn },
  nullLike: readonly string[],
  accuse?: Accuse,
): Promise<TimeOrder> => {
  const [newest] = await train.engine.rows(
    `SELECT max(t) AS t, count(c) - count(t) AS bad FROM ${timesSql(train, columns.train, nullLike)}`,
  )
  const time = newest?.t
  const limit = typeof time === 'number' ? `t <= ${time}` : 'false'
  const times = timesSql(test, columns.test, nullLike)
  const [found] = await test.engine.rows(
    `SELECT count(*) FILTER (WHERE ${limit}) AS early, count(t) AS n, count(c) - count(t) AS bad FROM ${times}`,
  )
  if (accuse !== undefined && Number(found?.early) > 0)
    for await (const rows of streamed(test, `SELECT CAST(r AS DOUBLE) FROM ${times} WHERE ${limit}`))
      await accuse({
        check: timeCheckId(columns.train.name),
        columns: [columns.test.name],
        rows: rows.map(([row]) => Number(row)),
      })
  return {
    column: columns.train.name,
    ...(typeof time === 'number' && { newestInTrain: shown(time) }),
    early: Number(found?.early),
    n: Number(found?.n),
    unreadable: Number(newest?.bad) + Number(found?.bad),
  }
}
