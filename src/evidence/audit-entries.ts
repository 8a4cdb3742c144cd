import { isBartizanError } from '../base/errors.ts'
import type { LogAudit } from './audit-log.ts'
import { digestOfEntry } from './entry.ts'
import type { Report } from './finding.ts'
import { checkpointName } from './log-reader.ts'

/** Positions of the envelopes that a log, as it was signed, holds, by digest; reports entries that name no envelope. */
export const auditEntries = (log: LogAudit | undefined, report: Report): ReadonlyMap<string, number> => {
  const positions = new Map<string, number>()
  for (const [index, entry] of log?.entries.entries() ?? []) {
    try {
      if (entry !== undefined) positions.set(digestOfEntry(entry), index)
    } catch (error) {
      if (!isBartizanError(error, 'EVIDENCE_INVALID')) throw error
      report('entry-foreign', checkpointName, `entry ${index}`)
    }
  }
  return positions
}
