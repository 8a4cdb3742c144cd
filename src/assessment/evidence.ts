import { basename } from 'node:path'
import type { EvidenceInfo, Report } from '../contract/index.ts'
import { createMeasurement, recordEvidence, type Statement } from '../evidence/index.ts'
import { attackNamed } from './battery.ts'
import type { ProbeRecord } from './probe-record.ts'
import { signedName } from './report/corruption-lines.ts'

export interface EvidenceInput {
  /** Folder of bartizan.yaml, or where the command runs. */
  readonly root: string
  readonly report: Pick<Report, 'tool' | 'config' | 'model' | 'data' | 'clean' | 'seed'>
  readonly records: readonly ProbeRecord[]
  /** Models of the attacker's own, which results of transfer rest on. */
  readonly surrogates: readonly { readonly name: string; readonly sha256: string }[]
  readonly named: (path: string) => string
}

/** Signs one statement a measurement (the clean accuracy, each probe) about the model and the data, and logs them. */
export const recordMeasurements = async ({
  root,
  report,
  records,
  surrogates,
  named,
}: EvidenceInput): Promise<EvidenceInfo> => {
  const { model, data, tool, config, seed, clean } = report
  const subjects = [
    { name: model.path, digest: { sha256: model.sha256 } },
    { name: data.path, digest: { sha256: data.sha256 } },
    ...(data.labels ? [{ name: data.labels.path, digest: { sha256: data.labels.sha256 } }] : []),
  ]
  const own = Object.fromEntries(surrogates.map(({ sha256 }, i) => [`surrogate ${i + 1}`, { sha256 }]))
  const rows = { from: data.from, to: data.to }
  const shared = { ...(config && { config: { sha256: config.sha256 } }) }
  const statements: Statement[] = [
    createMeasurement(subjects, {
      claim: 'cleanAccuracy',
      value: clean.accuracy,
      method: { id: 'predict', params: {}, seed },
      tool,
      digests: shared,
      details: { rows },
    }),
    ...records.map((record) =>
      createMeasurement(subjects, {
        claim: 'robustAccuracy',
        value: record.result.robustAccuracy,
        method: { id: record.attack, params: { ...record.params, norm: record.norm, epsilon: record.epsilon }, seed },
        tool,
        digests: {
          ...shared,
          examples: { sha256: record.examples },
          ...(attackNamed(record.attack).transfers && own),
        },
        details: {
          rows: { from: data.from, to: data.from + record.result.rows },
          distance: record.result.distance,
          queries: record.result.queries,
        },
      }),
    ),
  ]
  const recorded = await recordEvidence({ root, statements })
  const last = recorded.records.at(-1)!
  return {
    digests: [
      ...subjects.map(({ name, digest }) => ({ name: basename(name), path: name, sha256: digest.sha256 })),
      ...surrogates.map(({ name, sha256 }) => ({ name: `surrogate ${basename(name)}`, path: name, sha256 })),
      ...recorded.records.map(({ sha256, path }, i) => ({
        name: i === 0 ? 'clean accuracy, signed' : signedName(records[i - 1]!.id),
        path: named(path),
        sha256,
      })),
    ],
    statement: named(last.path),
  }
}
