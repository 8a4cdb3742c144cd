import type { RuleId } from '../../../src/screening/artefacts/index.ts'
import { calling, pickle } from './pickle.ts'

/** A malicious file and the rule that has to report it. */
export interface Sample {
  readonly what: string
  readonly file: string
  readonly data: Uint8Array
  readonly rule: RuleId
}

export const sample = (
  what: string,
  data: Uint8Array,
  rule: RuleId = 'pickle-dangerous-import',
  file = 'm.pkl',
): Sample => ({ what, file, data, rule })

export const listed = (
  rule: RuleId,
  file: string,
  samples: readonly (readonly [string, Uint8Array])[],
): readonly Sample[] => samples.map(([what, data]) => ({ what, file, data, rule }))

/** A pickle that runs a program. */
export const evilPickle = pickle(calling('os', 'system'))
