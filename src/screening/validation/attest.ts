import { z } from 'zod'
import { BartizanError } from '../../base/errors.ts'
import type { Validation } from '../../contract/validation.ts'
import { createStatement, type Statement } from '../../evidence/index.ts'

/** in-toto test-result predicate v0.1: https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md */
export const testResultType = 'https://in-toto.io/attestation/test-result/v0.1'

const count = z.int().nonnegative()

/** The standard's members, and what it lets a producer add: counts that tell a vacuous result, and when it was made. */
const testResultSchema = z.looseObject({
  result: z.enum(['PASSED', 'WARNED', 'FAILED']),
  configuration: z
    .array(z.looseObject({ name: z.string().optional(), digest: z.looseObject({ sha256: z.string() }) }))
    .min(1),
  passedTests: z.array(z.string()).default([]),
  warnedTests: z.array(z.string()).default([]),
  failedTests: z.array(z.string()).default([]),
  inconclusiveTests: z.array(z.string()).default([]),
  rows: z.looseObject({ in: count, passed: count, quarantined: count }),
  finishedOn: z.iso.datetime(),
})

export type TestResult = z.infer<typeof testResultSchema>

/**
 * The statement that a validation makes about the data file, or about all parts of a merged one. An inconclusive run is FAILED: nothing was shown to hold;
 * its checks stand in `inconclusiveTests`. Warnings that failed make it WARNED.
 */
export const createTestResult = (validation: Validation): Statement => {
  const { checks, dataset, parts = [dataset], schema, reference, others = [], rows, tool, verdict, timing } = validation
  const ids = (test: (check: Validation['checks'][number]) => boolean): string[] =>
    checks.filter(test).map(({ id }) => id)
  const warned = ids((check) => check.severity === 'warning' && check.verdict !== 'passed')
  return createStatement({
    subject: parts.map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })),
    predicateType: testResultType,
    predicate: {
      result: verdict !== 'passed' ? 'FAILED' : warned.length > 0 ? 'WARNED' : 'PASSED',
      configuration: [schema, ...(reference === undefined ? [] : [reference]), ...others].map(({ path, sha256 }) => ({
        name: path,
        digest: { sha256 },
      })),
      passedTests: ids((check) => check.verdict === 'passed'),
      warnedTests: warned,
      failedTests: ids((check) => check.severity !== 'warning' && check.verdict === 'failed'),
      inconclusiveTests: ids((check) => check.severity !== 'warning' && check.verdict === 'inconclusive'),
      rows,
      finishedOn: timing.now,
      tool,
    },
  })
}

/** The test result in a statement. Throws EVIDENCE_INVALID where it states something else or is malformed. */
export const readTestResult = ({ predicateType, predicate }: Statement): TestResult => {
  if (predicateType !== testResultType)
    throw new BartizanError('EVIDENCE_INVALID', `a statement of type ${predicateType} is no test result`)
  const parsed = testResultSchema.safeParse(predicate)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new BartizanError(
    'EVIDENCE_INVALID',
    `the test result is malformed at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`,
  )
}
