import { describe, expect, it } from 'vitest'
import type { StoredRecord } from '../lineage/stored-records.ts'
import { createStatement } from '../statement.ts'
import { openLineageEvents } from './openlineage.ts'

const record = (
  predicate: Readonly<Record<string, unknown>>,
  predicateType = 'https://in-toto.io/attestation/test-result/v0.1',
): StoredRecord => ({
  sha256: 'ab'.repeat(32),
  file: 'evidence/record',
  index: 0,
  problem: undefined,
  statement: createStatement({
    subject: [{ name: 'train.csv', digest: { sha256: 'cd'.repeat(32) } }],
    predicateType,
    predicate,
  }),
})
const finishedOn = '2026-01-31T12:00:00Z'

describe('a test result for OpenLineage', () => {
  it('is a run with the checks as assertions on the data', () => {
    const { text, events } = openLineageEvents(
      [
        record({
          result: 'FAILED',
          configuration: [],
          passedTests: ['a.type'],
          warnedTests: ['a.range'],
          failedTests: ['b.unique'],
          inconclusiveTests: ['b.set'],
          rows: { in: 7, passed: 6, quarantined: 1 },
          finishedOn,
        }),
      ],
      'n',
    )
    expect(events).toBe(1)
    expect(JSON.parse(text)).toMatchObject({
      eventTime: finishedOn,
      eventType: 'COMPLETE',
      job: { namespace: 'n', name: 'test-result' },
      outputs: [],
      inputs: [
        {
          name: 'train.csv',
          facets: { version: { datasetVersion: `sha256:${'cd'.repeat(32)}` } },
          inputFacets: {
            dataQualityAssertions: {
              _producer: 'https://bartizan.dev',
              _schemaURL:
                'https://openlineage.io/spec/facets/1-1-0/DataQualityAssertionsDatasetFacet.json#/$defs/DataQualityAssertionsDatasetFacet',
              assertions: [
                { assertion: 'a.type', success: true },
                { assertion: 'a.range', success: false, severity: 'warn' },
                { assertion: 'b.unique', success: false, severity: 'error' },
                { assertion: 'b.set', success: false, severity: 'error' },
              ],
            },
            dataQualityMetrics: { rowCount: 7, columnMetrics: {} },
          },
        },
      ],
    })
  })
  it('is left out, and counted, where it does not say when, or is none', () => {
    const untimed = [
      record({ passedTests: ['a'] }),
      record({ finishedOn: 'yesterday' }),
      record({ finishedOn }, 'https://example.org/other'),
    ]
    expect(openLineageEvents(untimed, 'n')).toMatchObject({ events: 0, untimed: 3, text: '' })
  })
})
