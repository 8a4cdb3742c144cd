import type { CheckResult } from '../../../contract/validation.ts'
import type { Severity } from '../schema/model.ts'

/** What a section says of all its checks. */
export interface Grading {
  readonly severity?: Severity | undefined
  readonly message?: string | undefined
}

/** Checks of a section under its severity, with the author's words for a failure and, where given, ids that begin with it. */
export const graded = (
  checks: readonly CheckResult[],
  { severity, message }: Grading,
  prefix?: string,
): readonly CheckResult[] =>
  checks.map((check) => ({
    ...check,
    ...(prefix !== undefined && { id: `${prefix}.${check.id}` }),
    ...(severity === 'warning' && { severity }),
    ...(message !== undefined && check.verdict === 'failed' && { message: `${message} (${check.message})` }),
  }))

/** The members that are there: options with defaults must not be overwritten by undefined ones. */
export const present = <T extends object>(
  members: {
    readonly [K in keyof T]: T[K] | undefined
  },
): Partial<T> => {
  const kept: Partial<T> = {}
  for (const key in members) if (members[key] !== undefined) kept[key] = members[key]
  return kept
}
