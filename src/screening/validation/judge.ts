import type { CheckResult } from '../../contract/validation.ts'
import type { Plan, PlannedRow } from './plan.ts'
import type { IdleRule } from './rules-over.ts'
import type { RowCount, ScanResult } from './scan.ts'
import type { Rule } from './schema/model.ts'

const shared = (rule: Rule) => ({
  id: rule.id,
  ...(rule.column !== undefined && { column: rule.column }),
  ...(rule.severity === 'warning' && { severity: rule.severity }),
})

const conditionally = (rule: Rule, required: string): string =>
  rule.where === undefined ? required : `${required}, where ${rule.where}`

const rowCheck = ({ rule, test }: PlannedRow, { looked, broken }: RowCount): CheckResult => {
  const required = conditionally(rule, test.required)
  if (looked === 0)
    return {
      ...shared(rule),
      verdict: 'inconclusive',
      measured: null,
      required,
      n: 0,
      message: `there were no ${test.unit} to look at`,
    }
  const counted = `${broken} of ${looked} ${test.unit}`
  return {
    ...shared(rule),
    verdict: broken === 0 ? 'passed' : 'failed',
    measured: broken,
    required,
    n: looked,
    effect: broken / looked,
    message:
      broken === 0
        ? `none of ${looked} ${test.unit} fails`
        : rule.message === undefined
          ? `${counted} ${test.fault}`
          : `${rule.message} (${counted})`,
  }
}

/** The results of a scan, in the order of the rules. */
export const judge = (
  { rows, tables }: Pick<Plan, 'rows' | 'tables'>,
  idle: readonly IdleRule[],
  result: ScanResult,
  order: readonly Rule[],
): readonly CheckResult[] => {
  const checks = new Map<Rule, CheckResult>()
  for (const [i, row] of rows.entries()) checks.set(row.rule, rowCheck(row, result.counts[i]!))
  for (const [i, { rule, test }] of tables.entries()) {
    const judged = test.judge(result.aggregates[i]!, result.rows)
    const message =
      judged.verdict === 'failed' && rule.message !== undefined ? `${rule.message} (${judged.message})` : judged.message
    checks.set(rule, { ...shared(rule), ...judged, message, required: conditionally(rule, test.required) })
  }
  for (const { rule, reason, isAllowed } of idle)
    if (!isAllowed)
      checks.set(rule, {
        ...shared(rule),
        verdict: 'inconclusive',
        measured: null,
        required: rule.test.kind,
        n: 0,
        message: `it could not be run: ${reason}`,
      })
  return order.flatMap((rule) => checks.get(rule) ?? [])
}

/**
 * One verdict of many checks: failed if an error failed; otherwise inconclusive if one looked at nothing, or if there
 * are no checks. A failed or inconclusive warning doesn't count against it.
 */
export const verdictOf = (checks: readonly CheckResult[]): CheckResult['verdict'] => {
  const errors = checks.filter(({ severity }) => severity !== 'warning')
  if (errors.some(({ verdict }) => verdict === 'failed')) return 'failed'
  return errors.length > 0 && errors.every(({ verdict }) => verdict === 'passed') ? 'passed' : 'inconclusive'
}
