import { BartizanError } from '../../base/errors.ts'
import { nearest } from '../../base/registry.ts'
import type { Aim } from '../../contract/index.ts'
import { defenses } from '../../defenses/index.ts'
import type { AnyDefense } from '../../threat/defense.ts'

export const aimOf = ({ aim = 'robustness' }: AnyDefense): Aim => aim

/** Throws USAGE, with the nearest name, where there is no such method. */
export const methodNamed = (id: string): AnyDefense => {
  const method = defenses.get(id)
  if (method) return method
  const guess = nearest(id, defenses.keys())
  throw new BartizanError('USAGE', `there is no method "${id}"`, {
    hint: guess ? `did you mean "${guess}"?` : `bartizan harden list shows them: ${[...defenses.keys()].join(', ')}`,
  })
}
