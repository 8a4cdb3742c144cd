import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError, isBartizanError } from '../../base/errors.ts'
import { sha256OfFile } from '../../data/files.ts'
import { digestOfEntry } from '../../evidence/entry.ts'
import {
  evidencePaths,
  openLog,
  parseEnvelope,
  parseStatement,
  readVerifier,
  trustedKeyFiles,
  type Verifier,
  verifyEnvelope,
} from '../../evidence/index.ts'
import { digestInName } from '../../evidence/paths.ts'
import { readTestResult, type TestResult, testResultType } from './attest.ts'

export interface GateOptions {
  /** Folder whose `.bartizan` holds the evidence. */
  readonly root: string
  /** Keys whose signatures count; those of the project unless given, which whoever can write the folder can replace. */
  readonly trusted?: readonly Verifier[]
  /** SHA-256 of the schema that must have been used. */
  readonly schemaSha256?: string
  /** Seconds; an older result is stale. */
  readonly maxAge?: number
  /** Epoch seconds; the clock's unless given. */
  readonly now?: number
  /** Whether failed warnings are let through. */
  readonly allowWarnings?: boolean
}

export interface ValidatedData {
  readonly sha256: string
  /** SHA-256 of the signed envelope that says so. */
  readonly evidence: string
  readonly result: TestResult
}

interface Candidate {
  readonly digest: string
  readonly result: TestResult
}

/**
 * The training gate: gives the newest signed and logged result for exactly these bytes, if it is a pass. Throws
 * EVIDENCE_INVALID with the reason where there is none, its signature or its place in the log doesn't hold, it is of
 * other bytes, too old, of another schema, failed, or vacuous (no rows, no test that passed, or one that was
 * inconclusive). A newer failure outweighs an older pass.
 */
export const requireValidated = async (dataFile: string, options: GateOptions): Promise<ValidatedData> => {
  const digest = await sha256OfFile(dataFile)
  const candidates = await signedResults(digest, options)
  const relevant = candidates.filter(
    ({ result }) =>
      options.schemaSha256 === undefined ||
      result.configuration.some((item) => item.digest.sha256 === options.schemaSha256),
  )
  const [newest] = relevant.sort((a, b) => Date.parse(b.result.finishedOn) - Date.parse(a.result.finishedOn))
  const reason =
    newest !== undefined
      ? objection(newest.result, options)
      : candidates.length > 0
        ? 'it was validated, but not with this schema'
        : 'no signed result is recorded for its bytes: it was never validated, or changed since'
  if (newest === undefined || reason !== undefined)
    throw new BartizanError('EVIDENCE_INVALID', `${dataFile} may not be trained on: ${reason}`, {
      hint: 'bartizan data validate FILE --schema FILE --attest records a result',
      data: { path: dataFile, sha256: digest, evidence: newest?.digest },
    })
  return { sha256: digest, evidence: newest.digest, result: newest.result }
}

const objection = (
  { result, rows, passedTests, inconclusiveTests, failedTests, finishedOn }: TestResult,
  { maxAge, now = Date.now() / 1000, allowWarnings = true }: GateOptions,
): string | undefined => {
  if (inconclusiveTests.length > 0) return `the result is inconclusive: ${inconclusiveTests.slice(0, 5).join(', ')}`
  if (result === 'FAILED') return `the validation failed: ${failedTests.slice(0, 5).join(', ')}`
  if (failedTests.length > 0) return `it says ${result} and names failed tests: ${failedTests.slice(0, 5).join(', ')}`
  if (rows.in === 0 || passedTests.length === 0) return 'the result is vacuous: no row or no test stands behind it'
  if (rows.quarantined > 0 || rows.passed !== rows.in) return 'not all rows passed'
  if (result === 'WARNED' && !allowWarnings) return 'it passed with warnings'
  const age = now - Date.parse(finishedOn) / 1000
  if (maxAge !== undefined && age > maxAge) return `the result of ${finishedOn} is older than ${maxAge} seconds`
  if (maxAge !== undefined && age < 0) return `the result of ${finishedOn} is from the future`
  return undefined
}

/** Results about these bytes whose digest, signature and log entry hold; what doesn't is not a result. */
const signedResults = async (
  dataDigest: string,
  { root, trusted = trustedKeyFiles(root).map(readVerifier) }: GateOptions,
): Promise<Candidate[]> => {
  const paths = evidencePaths(root)
  const names = await readdir(paths.evidence).catch(() => [])
  const logged = loggedDigests(paths.log, trusted)
  const found: Candidate[] = []
  for (const name of names.sort()) {
    const digest = digestInName(name)
    if (digest === undefined || !logged.has(digest)) continue
    const bytes = await readFile(join(paths.evidence, name))
    if (sha256(bytes) !== digest) continue
    try {
      const statement = parseStatement(verifyEnvelope(parseEnvelope(bytes), trusted))
      const isAbout = statement.subject.some((subject) => subject.digest.sha256 === dataDigest)
      if (isAbout && statement.predicateType === testResultType)
        found.push({ digest, result: readTestResult(statement) })
    } catch (error) {
      if (!isBartizanError(error, 'EVIDENCE_INVALID')) throw error
    }
  }
  return found
}

/** A log that isn't there, or isn't signed by a trusted key, holds nothing. */
const loggedDigests = (folder: string, trusted: readonly Verifier[]): ReadonlySet<string> => {
  try {
    return new Set([...openLog(folder, trusted).entries()].map(digestOfEntry))
  } catch (error) {
    if (!isBartizanError(error)) throw error
    return new Set()
  }
}
