import type { CheckResult } from '../../contract/validation.ts'
import { columnChecks, permutationsFor } from './column-checks.ts'
import { columnKind } from './column-kind.ts'
import { type ComparisonOptions, defaultComparison } from './options.ts'
import type { ColumnKind, ColumnProfile } from './profile.ts'
import { judgeAll } from './verdict.ts'

export type Cells = readonly (number | string | null)[]
export type Columns = Readonly<Record<string, Cells>>

const summaryOf = (cells: Cells) => {
  const present = cells.filter((cell) => cell !== null)
  const numbers = present.filter((cell) => typeof cell === 'number')
  return {
    rows: cells.length,
    missing: cells.length - present.length,
    notNumbers: present.length - numbers.length,
    distinct: new Set(present).size,
    whole: numbers.every((cell) => Number.isInteger(cell)),
  }
}

const profileOf = (column: string, cells: Cells, kind: ColumnKind): ColumnProfile => {
  const counts = new Map<string, number>()
  for (const cell of cells) if (cell !== null) counts.set(String(cell), (counts.get(String(cell)) ?? 0) + 1)
  const values = Float64Array.from(cells.filter((cell) => typeof cell === 'number')).sort()
  const type = values.length > 0 ? 'DOUBLE' : 'VARCHAR'
  return { column, type, ...summaryOf(cells), ...(kind === 'numeric' ? { values } : { counts }) }
}

/** The checks of two tables that are in memory, as `compareTables` judges them. */
export const compareColumns = (
  reference: Columns,
  current: Columns,
  given: Partial<ComparisonOptions> & { readonly target?: string } = {},
): readonly CheckResult[] => {
  const options = { ...defaultComparison, ...given }
  const names = Object.keys(reference)
  const drafts = names.flatMap((name) => {
    const kind = columnKind('', summaryOf(reference[name]), name === given.target)
    const pair = {
      kind,
      reference: profileOf(name, reference[name], kind),
      current: profileOf(name, current[name], kind),
    }
    return columnChecks(pair, options, permutationsFor(names.length, options.falseDiscoveryRate), name === given.target)
      .drafts
  })
  return judgeAll(drafts, options.falseDiscoveryRate)
}

export const checkOf = (checks: readonly CheckResult[], id: string): CheckResult => {
  const found = checks.find((check) => check.id === id)
  if (found === undefined) throw new Error(`no check ${id} among ${checks.map((check) => check.id).join(', ')}`)
  return found
}
