import type { CheckResult } from '../../../contract/validation.ts'
import type { ValidatedPart } from '../../../contract/validation-state.ts'
import { judge } from '../judge.ts'
import { readableCheck, readableId } from '../readable/readable-check.ts'
import type { ScanResult } from '../scan.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import type { AcrossRule, RowRule } from './across-columns.ts'
import type { CompiledRules } from './compiled-rules.ts'
import type { MergedCounts } from './merged-rows.ts'
import type { StateContent } from './state-file.ts'

/** What one scan of the whole would have counted. */
const scanResult = (
  { parts, counts, aggregates }: StateContent,
  rows: readonly RowRule[],
  across: readonly AcrossRule[],
  merged: MergedCounts,
): ScanResult => {
  const anew = new Set(across.filter(({ problem }) => problem === undefined).map(({ rule }) => rule))
  return {
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    quarantined: merged.quarantined,
    // The first flag is about lines that are no rows.
    counts: rows.map(({ rule }, i) => ({
      looked: counts[i]!.looked,
      broken: anew.has(rule) ? merged.broken[i + 1]! : counts[i]!.broken,
    })),
    aggregates: aggregates.map(({ values }) => values),
  }
}

const openWhere = (check: CheckResult, across: readonly AcrossRule[], parts: number): CheckResult => {
  const problem = across.find(({ rule }) => rule.id === check.id)?.problem
  if (problem === undefined || parts === 1) return check
  return { ...check, verdict: 'inconclusive', measured: null, message: `it can't be told from parts: ${problem}` }
}

const unreadableCheck = ({ parts, examples }: StateContent): readonly CheckResult[] => {
  const sum = (of: (part: ValidatedPart) => number) => parts.reduce((total, part) => total + of(part), 0)
  const count = sum((part) => part.unreadable)
  if (count === 0) return []
  const [first] = examples.find(({ check }) => check === readableId)?.rows ?? []
  const { line, problem } = first?.values ?? {}
  return [
    readableCheck(
      sum(({ rows }) => rows),
      { count, first: [{ line: Number(line), problem: String(problem) }] },
      parts.length === 1 ? '' : `${parts[first?.part ?? 0]?.path}, `,
    ),
  ]
}

/** The checks of the rules over all parts, in the order of one table's. `counts`: the first flag is about unreadable lines. */
export const rulesOfWhole = (
  schema: LoadedSchema,
  content: StateContent,
  { rows, tables, idle }: CompiledRules,
  across: readonly AcrossRule[],
  counts: MergedCounts,
): readonly CheckResult[] => {
  const planned = rows.map((row) => ({ ...row, canFail: true }))
  const judged = judge({ rows: planned, tables }, idle, scanResult(content, rows, across, counts), schema.rules)
  return [...unreadableCheck(content), ...judged.map((check) => openWhere(check, across, content.parts.length))]
}
