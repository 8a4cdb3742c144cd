import { join, relative, resolve } from 'node:path'
import { isBartizanError } from '../../base/errors.ts'
import { findingKinds } from '../../evidence/finding.ts'
import { evidencePaths, type Verifier } from '../../evidence/index.ts'
import { readStoredRecords, type StoredRecord } from '../../evidence/lineage/index.ts'
import { readTestResult, type TestResult, testResultType } from './attest.ts'
import { type Objection, objectionTo, type Policy } from './gate-policy.ts'
import { gateRefusal } from './gate-refusal.ts'
import { digestOfData } from './sections/data-digest.ts'
import { dataKind } from './sections/data-kind.ts'

export interface GateOptions extends Policy {
  /** Folder whose `.bartizan` holds the evidence. */
  readonly root: string
  /** Keys whose signatures count; those of the project unless given, which whoever can write the folder can replace. */
  readonly trusted?: readonly Verifier[]
  /** SHA-256 of the schema that must have been used. */
  readonly schemaSha256?: string
  /** Its name, for the hint. */
  readonly schemaFile?: string
}

export interface ValidatedData {
  readonly sha256: string
  /** SHA-256 of the signed envelope that says so, and where it lies. */
  readonly evidence: string
  readonly evidencePath: string
  readonly result: TestResult
}

interface Counted {
  readonly record: StoredRecord
  readonly result: TestResult
}

/**
 * The training gate: gives the newest signed and logged result for exactly these bytes, if it is a pass. Throws
 * EVIDENCE_INVALID with the reason in words and as `data.reason` (`GateReason`) where it is nothing that can be validated, no result is
 * recorded for these bytes, its signature or its place in the log doesn't hold, it is too old, of another schema, failed,
 * or vacuous (no rows, no test that passed, or one that was inconclusive). A newer failure outweighs an older pass.
 */
export const requireValidated = async (dataFile: string, options: GateOptions): Promise<ValidatedData> => {
  const { root, trusted, schemaSha256, schemaFile } = options
  const about = { file: dataFile, ...(schemaFile !== undefined && { schemaFile }) }
  const unfit = await objectionToFormat(dataFile)
  if (unfit !== undefined) throw gateRefusal(unfit, about)
  const sha256 = await digestOfData(dataFile)
  const stored = readStoredRecords(root, trusted).filter(({ statement }) => statement.predicateType === testResultType)
  const candidates = stored.filter((record) => subjectOf(record, 'sha256', sha256))
  const counted = candidates.flatMap(countedIn)
  const relevant = counted.filter(
    ({ result }) =>
      schemaSha256 === undefined || result.configuration.some((item) => item.digest.sha256 === schemaSha256),
  )
  // The log's order decides between results of the same moment.
  const newest = relevant.reduce<Counted | undefined>(
    (best, each) => (best === undefined || finished(each) >= finished(best) ? each : best),
    undefined,
  )
  if (newest === undefined) {
    const objection =
      counted.length > 0
        ? ({ reason: 'other-schema', words: 'it was validated, but not with this schema' } as const)
        : objectionToRecords(candidates, stored, relative(resolve(root), resolve(dataFile)).split('\\').join('/'))
    throw gateRefusal(objection, { ...about, sha256 })
  }
  const { record, result } = newest
  const objection = objectionTo(result, options)
  if (objection !== undefined) throw gateRefusal(objection, { ...about, sha256, evidence: record.sha256 })
  const evidencePath = join(evidencePaths(root).evidence, record.file)
  return { sha256, evidence: record.sha256, evidencePath, result }
}

const objectionToFormat = async (file: string): Promise<Objection | undefined> => {
  try {
    await dataKind(file)
    return undefined
  } catch (error) {
    if (!isBartizanError(error, 'DATA_FORMAT_UNSUPPORTED')) throw error
    return { reason: 'unsupported', words: `${error.message}, and bartizan data validate can't look at it` }
  }
}

const subjectOf = ({ statement }: StoredRecord, by: 'sha256' | 'name', wanted: string): boolean =>
  statement.subject.some(({ name, digest }) => (by === 'name' ? name : digest.sha256) === wanted)

const finished = ({ result }: Counted): number => Date.parse(result.finishedOn)

/** The result in a record that verifies and can be read. */
const countedIn = (record: StoredRecord): readonly Counted[] => {
  if (record.problem !== undefined) return []
  try {
    return [{ record, result: readTestResult(record.statement) }]
  } catch (error) {
    if (!isBartizanError(error, 'EVIDENCE_INVALID')) throw error
    return []
  }
}

/** Why none of the records about these bytes counts, or that there is none. */
const objectionToRecords = (
  candidates: readonly StoredRecord[],
  stored: readonly StoredRecord[],
  name: string,
): Objection => {
  const [candidate] = candidates
  if (candidate !== undefined) {
    const { problem = 'it can not be read as a test result' } = candidate
    return {
      reason: problem.startsWith(findingKinds['signature-untrusted']) ? 'untrusted' : 'unsound',
      words: `no signed result for its bytes counts: ${problem}`,
    }
  }
  const isOfOtherBytes = stored.some((record) => record.problem === undefined && subjectOf(record, 'name', name))
  return isOfOtherBytes
    ? { reason: 'changed', words: 'no signed result is recorded for its bytes: it was changed since it was validated' }
    : { reason: 'unvalidated', words: 'no signed result is recorded for its bytes: it was never validated' }
}
