import { attacks } from '../../attacks/index.ts'
import type { Diagnostic, Flag } from '../../contract/index.ts'
import type { ProbeRecord } from '../probe-record.ts'

/** One check of one probe: what was measured, and the flags that it raises where it fired. */
export interface Checked {
  readonly probe: string
  readonly diagnostic: Diagnostic
  readonly flags: readonly Flag[]
}

/** A flag, and the probe whose good grade it casts doubt on. */
export interface Doubt {
  readonly probe: string
  readonly flag: Flag
}

export const doubtsOf = (checked: readonly Checked[]): readonly Doubt[] =>
  checked.flatMap(({ probe, flags }) => flags.map((flag) => ({ probe, flag })))

interface Finding {
  /** Id of the flag that is raised where it fired. */
  readonly flag: string
  readonly fired: boolean
  readonly measured: Diagnostic['measured']
  /** What the figure means: where it fired, why the attack is to be doubted. */
  readonly message: string
}

/** The check `id` of one probe; one flag of its own where it fired. */
export const checked = (
  probe: string,
  { id, title }: { readonly id: string; readonly title: string },
  { flag, fired, measured, message }: Finding,
): Checked => ({
  probe,
  diagnostic: { check: id, title, verdict: fired ? 'fired' : 'passed', measured, message },
  flags: fired ? [{ id: flag, message, measured }] : [],
})

/** Attacks that follow the gradient: the ones that masking can fool. */
export const followsGradients = ({ access }: Pick<ProbeRecord, 'access'>): boolean => access === 'gradients'

/** One step for each row, or one change for all of them, is weak without anything being wrong. */
export const weakByDesign = ({ attack }: Pick<ProbeRecord, 'attack'>): boolean =>
  attack === 'fgsm' || attacks.get(attack)?.makes !== undefined

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
