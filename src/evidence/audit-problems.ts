import type { AuditedEnvelope } from './audit-evidence.ts'
import type { FindingKind, Report } from './finding.ts'

/**
 * Turns what is wrong with envelopes into findings: one for each file of its own, and one for all lines of a bundle that
 * have the same fault, so that ten thousand lines under an unknown key are one finding. Lines that are gone or changed
 * are left out: whoever compared the bundle has told of them.
 */
export const collectProblems = (report: Report) => {
  interface Fault {
    readonly kind: FindingKind
    readonly name: string
    readonly first: string
    count: number
  }
  const faults = new Map<string, Fault>()
  return {
    add: ({ name, line, problem }: AuditedEnvelope): void => {
      if (problem === undefined) return
      const { kind, detail } = problem
      if (line === undefined) {
        report(kind, name, detail)
        return
      }
      if (kind === 'evidence-missing' || kind === 'evidence-changed') return
      const key = `${kind} ${name}`
      const fault = faults.get(key) ?? { kind, name, first: `line ${line}: ${detail}`, count: 0 }
      fault.count++
      faults.set(key, fault)
    },
    /** Reports the faults of the bundles. */
    end: (): void => {
      for (const { kind, name, first, count } of faults.values())
        report(kind, name, count === 1 ? first : `${first}; and ${count - 1} more lines`)
    },
  }
}
