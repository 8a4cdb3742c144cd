import type { CheckResult } from '../../../contract/validation.ts'
import type { ValidationState } from '../../../contract/validation-state.ts'
import { isMergedLeakage } from './leaked-rows.ts'

/** Checks beside the rules that can't be told from parts: what is merged is left out. */
export const openChecks = (checks: readonly CheckResult[]) =>
  checks
    .filter(({ id }) => !/^(labels|duplicates)[.]/.test(id) && !isMergedLeakage(id))
    .map(({ id, column, severity, required }) => ({
      id,
      ...(column !== undefined && { column }),
      ...(severity === 'warning' && { severity }),
      required,
    }))

export const openMessage = "it can't be told from the results of parts: validate all rows as one file for it"

/** They looked at nothing of the whole. */
export const openResults = (open: ValidationState['open']): readonly CheckResult[] =>
  open.map(({ id, column, severity, required }) => ({
    id,
    ...(column !== undefined && { column }),
    ...(severity !== undefined && { severity }),
    verdict: 'inconclusive',
    measured: null,
    required,
    n: 0,
    message: openMessage,
  }))
