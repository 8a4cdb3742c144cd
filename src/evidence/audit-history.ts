import type { LogAudit } from './audit-log.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Report } from './finding.ts'
import { checkpointName } from './log-reader.ts'
import { rootHash, sameHash } from './merkle.ts'
import { nodesOf } from './stored-tree.ts'

/** Checks that the log still begins with what an earlier checkpoint signed: nothing was rolled back or rewritten. */
export const auditHistory = (earlier: Checkpoint, { checkpoint, tree }: LogAudit, report: Report): void => {
  if (checkpoint.size < earlier.size)
    report('log-rolled-back', checkpointName, `${checkpoint.size} entries, ${earlier.size} before`)
  else if (checkpoint.origin !== earlier.origin)
    report('log-forked', checkpointName, `the earlier checkpoint is of ${earlier.origin}`)
  else if (tree !== undefined && !sameHash(rootHash(nodesOf(tree), earlier.size), earlier.root))
    report('log-forked', checkpointName, `the first ${earlier.size} entries are others`)
}
