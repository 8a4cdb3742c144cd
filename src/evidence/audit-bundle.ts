import { sha256 } from '../base/canonical-json.ts'
import { linesOf } from './envelope-bundle.ts'
import type { LoggedBundle, LogIndex } from './log-index.ts'

export interface BundleLine {
  /** Line of the bundle, from 1. */
  readonly line: number
  readonly sha256: string
  readonly bytes: Uint8Array
}

export interface BundleAudit {
  /** Lines by the digest of their envelope. */
  readonly lines: ReadonlyMap<string, BundleLine>
  readonly lineAt: (line: number) => BundleLine | undefined
  /** How the file differs from what was logged, or from its name where the log does not hold it. */
  readonly damage: string | undefined
}

/** Compares a bundle's content with its digest, and with the envelopes that the log (where it holds it) names for it. */
export const auditBundle = (
  bytes: Uint8Array,
  digest: string,
  log: LogIndex,
  logged: LoggedBundle | undefined,
): BundleAudit => {
  const found = linesOf(bytes).map((line, i): BundleLine => ({ line: i + 1, sha256: sha256(line), bytes: line }))
  const expected =
    logged &&
    Array.from({ length: Math.min(logged.envelopes, log.size - logged.first) }, (_, i) =>
      log.digestAt(logged.first + i),
    )
  return {
    lines: new Map(found.map((line) => [line.sha256, line])),
    lineAt: (line) => found[line - 1],
    damage: damageOf(bytes, found, expected) ?? (sha256(bytes) === digest ? undefined : 'its digest is another'),
  }
}

const andMore = (count: number): string => (count > 1 ? ` and ${count - 1} more` : '')

/** In what a bundle differs from its envelopes as they were logged; undefined where it does not. */
const damageOf = (
  bytes: Uint8Array,
  found: readonly BundleLine[],
  expected: readonly (string | undefined)[] | undefined,
): string | undefined => {
  if (expected === undefined) return undefined
  if (bytes.length === 0) return 'it is empty'
  if (bytes[bytes.length - 1] !== 0x0a) return `it is cut off in line ${found.length}, ${expected.length} were logged`
  const wrong = expected.findIndex((sha256, i) => sha256 !== undefined && sha256 !== found[i]?.sha256)
  if (wrong < 0 && found.length === expected.length) return undefined
  const known = new Set(expected)
  const here = new Set(found.map(({ sha256 }) => sha256))
  // An entry of the log that can't be read leaves it open which line it stands for.
  const foreign = expected.includes(undefined) ? [] : found.filter(({ sha256 }) => !known.has(sha256))
  const gone = expected.flatMap((sha256, i) => (sha256 === undefined || here.has(sha256) ? [] : [i + 1]))
  if (foreign.length === 0 && gone.length > 0) return `line ${gone[0]}${andMore(gone.length)} is gone`
  if (foreign.length > 0 && gone.length === 0) return `line ${foreign[0].line}${andMore(foreign.length)} was added`
  if (foreign.length > 0)
    return found.length === expected.length
      ? `line ${foreign[0].line}${andMore(foreign.length)} is not as it was logged`
      : `line ${wrong + 1} is not as it was logged, and it has ${found.length} lines of ${expected.length}`
  return found.length > expected.length
    ? `it has ${found.length} lines, ${expected.length} were logged`
    : `its lines stand in another order from line ${wrong + 1}`
}
