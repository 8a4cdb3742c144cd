import { basename } from 'node:path'
import type { CertifiedTrees, EvidenceInfo, Report, TransferMatrix } from '../contract/index.ts'
import { createMeasurement, recordEvidence, type Statement } from '../evidence/index.ts'
import { attackNamed, shortNumber } from './battery.ts'
import type { Claim } from './classes/class-assessment.ts'
import type { ProbeRecord } from './probe-record.ts'
import { signedName } from './report/corruption-lines.ts'

export interface EvidenceInput {
  /** Folder of bartizan.yaml, or where the command runs. */
  readonly root: string
  readonly report: Pick<Report, 'tool' | 'config' | 'model' | 'data' | 'clean' | 'seed'>
  readonly records: readonly ProbeRecord[]
  /** What is proved of an ensemble of trees. */
  readonly certified?: readonly CertifiedTrees[]
  /** How far rows that were made on the attacker's own models fool each model. */
  readonly transfer?: readonly TransferMatrix[]
  /** What probes of other classes measured. */
  readonly claims?: readonly Claim[]
  /** Models of the attacker's own, which results of transfer rest on. */
  readonly surrogates: readonly { readonly name: string; readonly sha256: string }[]
  readonly named: (path: string) => string
}

/**
 * Signs one statement a measurement (the clean accuracy, each probe, what is certified at each budget, each transfer
 * matrix) about the model and the data, and logs them.
 */
export const recordMeasurements = async ({
  root,
  report,
  records,
  certified = [],
  transfer = [],
  claims = [],
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
  const proofs = certified.flatMap(({ points, ...proof }) => points.map((point) => ({ ...proof, ...point })))
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
          rows: { from: data.from, to: data.from + record.outcome.broken.length },
          ...(record.outcome.alreadyBroken && { alreadyBroken: record.outcome.alreadyBroken.length }),
          distance: record.result.distance,
          queries: record.result.queries,
        },
      }),
    ),
    ...proofs.map(({ norm, epsilon, accuracy, rows, median, exact }) =>
      createMeasurement(subjects, {
        claim: 'certifiedAccuracy',
        value: accuracy,
        method: { id: 'tree-regions', params: { norm, epsilon }, seed },
        tool,
        digests: shared,
        details: { rows: { from: data.from, to: data.from + rows }, median, exact },
      }),
    ),
    ...transfer.map(({ norm, epsilon, params, models, clean: before, crafted }) =>
      createMeasurement(subjects, {
        claim: 'transferMatrix',
        // Of the model itself, on rows made on all surrogates together.
        value: crafted.at(-1)!.robust[0]!,
        method: { id: 'transfer', params: { ...params, norm, epsilon }, seed },
        tool,
        digests: { ...shared, ...own },
        details: { rows: { from: data.from, to: data.from + before[0]!.n }, models, clean: before, crafted },
      }),
    ),
    ...claims.map(({ claim, value, method, params, digests, details }) =>
      createMeasurement(subjects, {
        claim,
        value,
        method: { id: method, params, seed },
        tool,
        digests: { ...shared, ...digests },
        ...(details && { details }),
      }),
    ),
  ]
  const recorded = await recordEvidence({ root, statements })
  const last = recorded.records.at(-1)!
  const names = [
    'clean accuracy, signed',
    ...records.map(({ id }) => signedName(id)),
    ...proofs.map(({ norm, epsilon }) => `certified accuracy in ${norm} at ${shortNumber(epsilon)}, signed`),
    ...transfer.map(({ norm, epsilon }) => signedName(`transfer matrix in ${norm} at ${shortNumber(epsilon)}`)),
    ...claims.map(({ probe, claim }) => signedName(`${claim} of ${probe}`)),
  ]
  return {
    digests: [
      ...subjects.map(({ name, digest }) => ({ name: basename(name), path: name, sha256: digest.sha256 })),
      ...surrogates.map(({ name, sha256 }) => ({ name: `surrogate ${basename(name)}`, path: name, sha256 })),
      ...recorded.records.map(({ sha256, path }, i) => ({
        name: names[i]!,
        path: named(path),
        sha256,
      })),
    ],
    statement: named(last.path),
  }
}
