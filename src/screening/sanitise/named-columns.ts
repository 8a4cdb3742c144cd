import { BartizanError } from '../../base/errors.ts'
import { nearest } from '../../base/registry.ts'
import type { Policy } from './policy/policy.ts'
import type { Worker } from './worker.ts'

/** Column names that are remembered for a hint. */
const mostSeen = 1000

/** Which columns a run saw, of those that its rules name. */
interface NamedColumns {
  /** The worker, watched. */
  readonly worker: Worker
  /** Columns of the rules that the data lack. Throws CONFIG_INVALID where one of `onlyColumns` is among them. */
  readonly absent: (path: string) => readonly string[]
}

/** Watches a worker for columns that rules name: a name that is mistyped leaves its column as it is, unnoticed. */
export const namedColumns = (policy: Policy, worker: Worker): NamedColumns => {
  const { onlyColumns = [], columns } = policy
  const missing = new Set([...onlyColumns, ...Object.keys(columns)])
  if (missing.size === 0) return { worker, absent: () => [] }
  const seen = new Set<string>()
  const see = (column: string | null): void => {
    if (column === null) return
    missing.delete(column)
    if (seen.size < mostSeen) seen.add(column)
  }
  return {
    worker: {
      ...worker,
      cell(text, column, name) {
        see(column)
        return worker.cell(text, column, name)
      },
      look(text, column) {
        see(column)
        worker.look(text, column)
      },
      declares(column) {
        see(column)
        return worker.declares(column)
      },
    },
    absent(path) {
      const wanted = seen.size === 0 ? undefined : onlyColumns.find((name) => missing.has(name))
      if (wanted === undefined) return [...missing]
      const near = nearest(wanted, [...seen])
      throw new BartizanError('CONFIG_INVALID', `${path} has no column "${wanted}"`, {
        hint: near === undefined ? `it has: ${[...seen].slice(0, 20).join(', ')}` : `did you mean "${near}"?`,
        data: { path, column: wanted },
      })
    },
  }
}
