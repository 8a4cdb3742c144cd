import type { CheckResult } from '../../contract/validation.ts'
import { identifier } from '../../data/formats/duckdb.ts'
import type { Accuse } from '../duplicates/index.ts'
import type { ScanEngine } from './engine.ts'
import type { AccusedCheck, Plan } from './plan.ts'
import { rowName } from './rules/rule.ts'

/** Rows that checks outside the scan find at fault: any number of them, kept in the engine, which spills what it can't hold. */
export interface AccusedRows {
  readonly accuse: Accuse
  /** The plan in which rows also break the failed ones of `checks` that they were accused by. */
  within(plan: Plan, checks: readonly CheckResult[]): Promise<Plan>
}

const rawName = 'bz:accused'
const raw = identifier(rawName)
const faults = identifier('bz:faults')
const batch = 1 << 16
/** Checks in one word of flags. */
const bits = 32

interface Accuser {
  readonly check: string
  readonly columns: readonly string[]
  rows: number
}

/** Rows wait here until there are enough of them to hand on. */
export const accusedRows = (engine: ScanEngine): AccusedRows => {
  const accusers: Accuser[] = []
  let isMade = false
  let [rows, by]: [number[], number[]] = [[], []]
  const flush = async (): Promise<void> => {
    if (!isMade) await engine.rows(`CREATE TABLE ${raw} ("row" BIGINT, "by" BIGINT)`)
    isMade = true
    await engine.append(rawName, [rows, by])
    rows = []
    by = []
  }
  const numberOf = (check: string, columns: readonly string[]): number => {
    const known = accusers.findIndex((accuser) => accuser.check === check)
    return known === -1 ? accusers.push({ check, columns, rows: 0 }) - 1 : known
  }
  return {
    async accuse({ check, columns, rows: found }) {
      const number = numberOf(check, columns)
      accusers[number]!.rows += found.length
      for (const row of found) {
        rows.push(row)
        by.push(number)
      }
      if (rows.length >= batch) await flush()
    },
    async within(plan, checks) {
      const accused = accusers.flatMap(({ check, columns, rows: count }, number) => {
        const found = checks.find(({ id, verdict }) => id === check && verdict === 'failed')
        return found === undefined ? [] : [{ number, check: checkOf(found, columns, count) }]
      })
      if (accused.length === 0) return plan
      if (rows.length > 0) await flush()
      // One row each, whatever the number of checks that it fails.
      const words = Array.from({ length: Math.ceil(accusers.length / bits) }, (_, i) => {
        const bit = `CASE WHEN "by" // ${bits} = ${i} THEN 1::BIGINT << ("by" % ${bits}) ELSE 0 END`
        return `bit_or(${bit}) AS w${i}`
      })
      const failed = accused.map(({ number }) => number).join(', ')
      await engine.rows(
        `CREATE TABLE ${faults} AS SELECT "row", ${words.join(', ')} FROM ${raw} WHERE "by" IN (${failed}) GROUP BY "row"`,
      )
      await engine.rows(`DROP TABLE ${raw}`)
      return withAccused(plan, accused)
    },
  }
}

const checkOf = ({ id, severity = 'error' }: CheckResult, shows: readonly string[], rows: number) => ({
  id,
  severity,
  shows,
  rows,
})

const withAccused = (
  plan: Plan,
  accused: readonly { readonly number: number; readonly check: Omit<AccusedCheck, 'flag'> }[],
): Plan => {
  const flags = accused.map(({ number, check }, i) => ({
    check: { ...check, flag: identifier(`bz:s${i}`) },
    sql: `coalesce((a.w${Math.floor(number / bits)} >> ${number % bits}) & 1 = 1, false) AS ${identifier(`bz:s${i}`)}`,
  }))
  const errors = flags.flatMap(({ check }) => (check.severity === 'error' ? [check.flag] : []))
  const joined = `LEFT JOIN ${faults} AS a ON a."row" = t.${identifier(rowName)}`
  return {
    ...plan,
    accused: flags.map(({ check }) => check),
    facts: (relation) =>
      `(SELECT t.*, ${flags.map(({ sql }) => sql).join(', ')} FROM ${plan.facts(relation)} AS t ${joined})`,
    quarantined: `(${[plan.quarantined, ...errors].join(' OR ')})`,
    keepsOrder: false,
  }
}
