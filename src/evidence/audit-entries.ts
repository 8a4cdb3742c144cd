import type { LogAudit } from './audit-log.ts'
import { tryEntry } from './entry.ts'
import type { Report } from './finding.ts'
import { createLogIndex, type LogIndex } from './log-index.ts'
import { checkpointName } from './log-reader.ts'

/** Where a log, as it was signed, holds which envelope; reports entries that name none. */
export const auditEntries = (log: LogAudit | undefined, report: Report): LogIndex => {
  const index = createLogIndex()
  for (const [position, bytes] of log?.entries.entries() ?? []) {
    const entry = bytes && tryEntry(bytes)
    if (bytes !== undefined && entry === undefined) report('entry-foreign', checkpointName, `entry ${position}`)
    index.add(entry)
  }
  return index
}
