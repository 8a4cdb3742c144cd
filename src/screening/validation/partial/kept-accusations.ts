import { identifier, literal } from '../../../data/formats/duckdb.ts'
import type { Accuse } from '../../duplicates/index.ts'
import type { ScanEngine } from '../engine.ts'
import { accusesAlone } from './leaked-rows.ts'

/** Rows that are accused in a part whatever comes of its own check: the whole may fail where the part does not. */
export interface KeptAccusations {
  readonly accuse: Accuse
  /** SQL join with `by`, a list of the checks that accuse a row, of the rows numbered so; undefined where there are none. */
  join(row: string): Promise<string | undefined>
}

const tableName = 'bz:kept'
const batch = 1 << 16

/** Keeps such accusations in the engine, which spills what it can't hold, and hands all on. */
export const keptAccusations = (engine: ScanEngine, accuse: Accuse): KeptAccusations => {
  const checks: string[] = []
  let isMade = false
  let [rows, by]: [number[], number[]] = [[], []]
  const flush = async (): Promise<void> => {
    if (!isMade) await engine.rows(`CREATE TABLE ${identifier(tableName)} ("row" BIGINT, "by" BIGINT)`)
    isMade = true
    await engine.append(tableName, [rows, by])
    rows = []
    by = []
  }
  return {
    async accuse(accusation) {
      if (accusesAlone(accusation.check)) {
        const known = checks.indexOf(accusation.check)
        const number = known === -1 ? checks.push(accusation.check) - 1 : known
        for (const row of accusation.rows) {
          rows.push(row)
          by.push(number)
        }
        if (rows.length >= batch) await flush()
      }
      await accuse(accusation)
    },
    async join(row) {
      if (rows.length > 0) await flush()
      if (!isMade) return undefined
      const names = `[${checks.map(literal).join(', ')}]`
      return `LEFT JOIN (SELECT "row" AS "bz:leaked", list(DISTINCT ${names}[CAST("by" AS INTEGER) + 1]) AS "bz:by"
        FROM ${identifier(tableName)} GROUP BY 1) AS leaked ON leaked."bz:leaked" = ${row}`
    },
  }
}
