import { type ComparisonResult, comparisonSchema, comparisonSchemaVersion } from '../../contract/comparison.ts'
import type { CheckResult } from '../../contract/validation.ts'
import { type ColumnChecks, type ColumnProfile, compareInDetail } from '../../screening/comparison/index.ts'
import { findDuplicates, findLeakage } from '../../screening/duplicates/index.ts'

export interface CompareFlags {
  readonly reference: string
  readonly current: string
  readonly target?: string
  readonly columns?: readonly string[]
  readonly categorical?: readonly string[]
  readonly ignore?: readonly string[]
  readonly time?: string
  readonly duplicates: boolean
  readonly leakage: boolean
  readonly fdr: number
  readonly sample: number
}

/**
 * Failed where a check failed; inconclusive where no check of the contents could decide anything. That the types are right
 * says nothing of those, so it is no pass by itself.
 */
export const verdictOf = (checks: readonly CheckResult[]): ComparisonResult['verdict'] => {
  if (checks.some(({ verdict }) => verdict === 'failed')) return 'failed'
  const contents = checks.filter(({ id }) => !id.endsWith('.type'))
  return contents.some(({ verdict }) => verdict === 'passed') ? 'passed' : 'inconclusive'
}

const sideOf = ({ type, rows, missing, notNumbers, distinct }: ColumnProfile) => ({
  type,
  rows,
  missing,
  notNumbers,
  distinct,
})

const columnOf = ({ pair, numbers, categories }: ColumnChecks) => ({
  column: pair.reference.column,
  kind: pair.kind,
  reference: sideOf(pair.reference),
  current: sideOf(pair.current),
  ...(numbers && { numbers }),
  ...(categories && { categories }),
})

/** Compares two tables as the flags say. */
export const compareData = async (flags: CompareFlags, seed: number): Promise<ComparisonResult> => {
  const { reference, current, target, columns, categorical = [], ignore, time } = flags
  const comparison = await compareInDetail({
    reference,
    current,
    target,
    columns,
    options: { categorical, falseDiscoveryRate: flags.fdr, sampleRows: flags.sample, seed },
  })
  const duplicates = flags.duplicates
    ? await findDuplicates({ path: current, ignore, target, options: { seed } })
    : undefined
  const leakage =
    flags.leakage || time !== undefined
      ? await findLeakage({ train: reference, test: current, ignore, target, time, options: { seed } })
      : undefined
  const checks = [...comparison.checks, ...(duplicates?.checks ?? []), ...(leakage?.checks ?? [])]
  return comparisonSchema.parse({
    schemaVersion: comparisonSchemaVersion,
    reference,
    current,
    rows: comparison.rows,
    falseDiscoveryRate: flags.fdr,
    verdict: verdictOf(checks),
    checks,
    columns: comparison.columns.map(columnOf),
    ...(duplicates && {
      duplicates: { exact: duplicates.exact, conflicting: duplicates.conflicting, near: duplicates.near },
    }),
    ...(leakage && {
      leakage: { overlap: leakage.overlap, near: leakage.near, single: leakage.single, time: leakage.time },
    }),
  })
}
