import type { Screening } from '../../contract/screening.ts'
import { nameIn, sourceOf } from './commitments.ts'
import { commandLine, fileParam, recordStep } from './step-record.ts'

interface RecordFlags {
  readonly project: string
  readonly model?: string
  readonly quarantine?: string
  readonly passed?: string
  readonly decisions?: string
}

/**
 * Records the rows that a screening parted, set aside and passed, as made from the data: which screens flagged how many,
 * and who released or removed what. Nothing where neither was written. Throws what `recordStep` throws.
 */
export const recordScreening = async (
  result: Screening,
  file: string,
  { project, model, quarantine, passed, decisions }: RecordFlags,
): Promise<{ readonly path: string; readonly sha256: string } | undefined> => {
  const outputs = [quarantine, passed].filter((path) => path !== undefined)
  if (outputs.length === 0) return undefined
  const flag = (name: string, path: string | undefined) => (path === undefined ? [] : [name, nameIn(project, path)])
  const { counts, screens, falseDiscoveryRate, seed, decisions: review } = result
  const record = await recordStep({
    project,
    step: 'screen',
    materials: [await sourceOf(project, { path: file, sha256: result.data.sha256 })],
    outputs,
    command: commandLine([
      ...['bartizan', 'data', 'screen', nameIn(project, file)],
      ...flag('--model', model),
      ...flag('--quarantine', quarantine),
      ...flag('--passed', passed),
      ...flag('--decisions', decisions),
      ...['--fdr', String(falseDiscoveryRate), '--seed', String(seed)],
    ]),
    params: {
      falseDiscoveryRate: String(falseDiscoveryRate),
      seed: String(seed),
      ...(result.model &&
        model !== undefined && { model: fileParam(project, { path: model, sha256: result.model.sha256 }) }),
      ...(review &&
        decisions !== undefined && {
          decisions: fileParam(project, { path: decisions, sha256: review.sha256 }),
          decidedBy: review.by,
        }),
    },
    changes: {
      rows: { in: counts.in, out: counts.passed, dropped: counts.quarantined },
      rules: [
        ...screens
          .filter(({ verdict }) => verdict === 'flagged')
          .map(({ id, flagged }) => ({ rule: id, action: 'quarantine', rows: flagged })),
        ...(review
          ? [
              { rule: `decision of ${review.by}`, action: 'release', rows: review.kept },
              { rule: `decision of ${review.by}`, action: 'remove', rows: review.removed },
            ].filter(({ rows }) => rows > 0)
          : []),
      ],
    },
  })
  return record && { path: record.path, sha256: record.sha256 }
}
