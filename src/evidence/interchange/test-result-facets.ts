import { z } from 'zod'
import type { Statement } from '../statement.ts'

const testResultType = 'https://in-toto.io/attestation/test-result/v0.1'
const facets = 'https://openlineage.io/spec/facets'

const idsSchema = z.array(z.string()).default([])

const predicateSchema = z.looseObject({
  passedTests: idsSchema,
  warnedTests: idsSchema,
  failedTests: idsSchema,
  // What Bartizan's own results add.
  inconclusiveTests: idsSchema,
  rows: z.looseObject({ in: z.int().nonnegative() }).optional().catch(undefined),
  finishedOn: z.iso.datetime(),
})

export interface TestedData {
  readonly at: string
  /** Facets of the data set that was tested: DataQualityAssertions 1-1-0 and DataQualityMetrics 1-0-3. */
  readonly inputFacets: Readonly<Record<string, unknown>>
}

/**
 * What an in-toto test result (v0.1) says of data, as facets of OpenLineage. A check that was inconclusive did not succeed.
 * Undefined where a statement says something else, or not when.
 */
export const testedData = ({ predicateType, predicate }: Statement, producer: string): TestedData | undefined => {
  const parsed = predicateType === testResultType ? predicateSchema.safeParse(predicate) : undefined
  if (!parsed?.success) return undefined
  const { passedTests, warnedTests, failedTests, inconclusiveTests, rows, finishedOn } = parsed.data
  const facet = (name: string, version: string) => ({
    _producer: producer,
    _schemaURL: `${facets}/${version}/${name}.json#/$defs/${name}`,
  })
  const assertions = [
    ...passedTests.map((assertion) => ({ assertion, success: true })),
    ...warnedTests.map((assertion) => ({ assertion, success: false, severity: 'warn' })),
    ...[...failedTests, ...inconclusiveTests].map((assertion) => ({ assertion, success: false, severity: 'error' })),
  ]
  return {
    at: finishedOn,
    inputFacets: {
      dataQualityAssertions: { ...facet('DataQualityAssertionsDatasetFacet', '1-1-0'), assertions },
      ...(rows && {
        dataQualityMetrics: {
          ...facet('DataQualityMetricsInputDatasetFacet', '1-0-3'),
          rowCount: rows.in,
          columnMetrics: {},
        },
      }),
    },
  }
}
