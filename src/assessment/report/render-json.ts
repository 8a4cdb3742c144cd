import { canonicalJson, sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { type Report, reportSchema } from '../../contract/index.ts'
import { verdictOf } from './verdict.ts'

/**
 * report.json: checked against the contract, keys in the contract's order, so that the same report is the same bytes.
 * Throws INTERNAL if the report breaks the contract or bears another verdict than its gates and probes give.
 */
export const renderJson = (report: Report): string => {
  const parsed = reportSchema.safeParse(report)
  if (!parsed.success)
    throw new BartizanError('INTERNAL', `the report breaks its own contract: ${parsed.error.message}`, {
      data: { issues: parsed.error.issues },
    })
  const { verdict, exitCode } = verdictOf(report)
  if (verdict !== report.verdict || exitCode !== report.exitCode)
    throw new BartizanError(
      'INTERNAL',
      `the report says ${report.verdict} (exit ${report.exitCode}), its gates and probes say ${verdict} (exit ${exitCode})`,
    )
  return `${JSON.stringify(parsed.data, null, 2)}\n`
}

/** SHA-256 of the report without its timing: what two parties who ran the same assessment can compare (rule 13). */
export const reportDigest = ({ timing: _, ...rest }: Report): string => sha256(canonicalJson(rest))
