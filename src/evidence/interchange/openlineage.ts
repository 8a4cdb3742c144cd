import { canonicalJson } from '../../base/canonical-json.ts'
import { eventOf } from '../lineage/event.ts'
import type { Reference } from '../lineage/reference.ts'
import type { StoredRecord } from '../lineage/stored-records.ts'
import { testedData } from './test-result-facets.ts'

const spec = 'https://openlineage.io/spec'
const schemaUrl = `${spec}/2-0-2/OpenLineage.json#/$defs/RunEvent`
const versionFacet = `${spec}/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet`
const recordFacet = 'https://bartizan.dev/openlineage/facets/1-0-0/RecordRunFacet.json'
const producer = 'https://bartizan.dev'

/** A UUID of its own making (RFC 9562, version 8) from a SHA-256: the same record is the same run. */
export const runIdOf = (sha256: string): string => {
  const variant = ((Number.parseInt(sha256[16], 16) & 3) | 8).toString(16)
  return [
    sha256.slice(0, 8),
    sha256.slice(8, 12),
    `8${sha256.slice(13, 16)}`,
    `${variant}${sha256.slice(17, 20)}`,
    sha256.slice(20, 32),
  ].join('-')
}

const dataset = (namespace: string, { name, sha256, root }: Reference): Record<string, unknown> => ({
  namespace,
  name,
  facets: {
    version: {
      _producer: producer,
      _schemaURL: versionFacet,
      datasetVersion: sha256 === undefined ? `root:${root}` : `sha256:${sha256}`,
    },
  },
})

export interface OpenLineageExport {
  /** JSON Lines, one COMPLETE event a record. */
  readonly text: string
  readonly events: number
  /** Records left out: an event must have a time, and a record that does not verify is not passed on as a fact. */
  readonly untimed: number
  readonly unverified: number
}

/**
 * Verified data records, training runs and test results as OpenLineage 2-0-2 run events; the digests go along as dataset
 * versions, and the checks of a test result as assertions on the data that was tested.
 */
export const openLineageEvents = (records: readonly StoredRecord[], namespace: string): OpenLineageExport => {
  const verified = records.filter(({ problem }) => problem === undefined)
  const lines = verified.flatMap(({ sha256, statement }) => {
    const { title, inputs, outputs, execution } = eventOf(statement)
    const tested = testedData(statement, producer)
    const at = execution?.at ?? tested?.at
    if (at === undefined) return []
    const { by, command, params } = execution ?? {}
    return [
      canonicalJson({
        eventTime: at,
        eventType: 'COMPLETE',
        producer,
        schemaURL: schemaUrl,
        run: {
          runId: runIdOf(sha256),
          facets: {
            bartizan_record: { _producer: producer, _schemaURL: recordFacet, envelope: sha256, by, command, params },
          },
        },
        job: { namespace, name: title },
        inputs: inputs.map((input) => ({
          ...dataset(namespace, input),
          ...(tested && { inputFacets: tested.inputFacets }),
        })),
        outputs: outputs.map((output) => dataset(namespace, output)),
      }),
    ]
  })
  return {
    text: lines.map((line) => `${line}\n`).join(''),
    events: lines.length,
    untimed: verified.length - lines.length,
    unverified: records.length - verified.length,
  }
}
