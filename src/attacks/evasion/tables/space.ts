import type { AttackContext } from '../../../threat/attack.ts'
import type { Constraints } from '../../../threat/constraints/constraints.ts'
import { constraintsFrom } from '../../../threat/constraints/from-rules.ts'

type Room = Pick<AttackContext, 'constraints' | 'size' | 'low' | 'high'>

/** The constraints of a context; where it has none, those of numbers within the range. */
export const constraintsOf = ({ constraints, size, low, high }: Room): Constraints =>
  constraints ??
  constraintsFrom({
    features: Array.from({ length: size }, (_, at) => ({ name: `columns[${at}]`, change: 'any', low, high })),
    groups: [],
    relations: [],
    unit: new Float64Array(size).fill(1),
  })

/** Features that change together, those of a one-hot group, and every other that may change at all by itself. */
export const partsOf = (constraints: Constraints, x0: Float32Array): readonly (readonly number[])[] => [
  ...constraints.groups,
  ...[...x0.keys()]
    .filter((at) => {
      if (constraints.kind(at) === 'member') return false
      const [low, high] = constraints.interval(x0, at)
      return low < high
    })
    .map((at) => [at]),
]
