import type { AttackContext } from '../../../threat/attack.ts'
import type { Constraints } from '../../../threat/constraints/constraints.ts'
import { packRows } from '../rows/pack-rows.ts'
import { outputsOf } from './one-row.ts'

/** A row's point, which the search moves. */
export interface SearchedPoint {
  readonly row: number
  readonly clean: Float32Array
  x: Float32Array
  /** How far from being broken it is; lower is nearer. */
  lead: number
}

/** Values of a category that one search tries, and features that are searched. */
const mostChoices = 16

/** Every other category and every other place of a one-hot group, each by itself. */
const alternatives = (constraints: Constraints, { clean, x }: SearchedPoint): readonly Float32Array[] => [
  ...constraints.groups.flatMap((members) =>
    members
      .filter((chosen) => x[chosen]! < Math.max(...members.map((member) => x[member]!)))
      .map((chosen) => {
        const moved = x.slice()
        for (const member of members) moved[member] = 0
        moved[chosen] = Math.max(...members.map((member) => x[member]!))
        return moved
      }),
  ),
  ...[...x.keys()]
    .filter((at) => constraints.kind(at) === 'category')
    .flatMap((at) =>
      [clean[at]!, ...constraints.choices(clean, at, mostChoices)]
        .filter((value) => value !== x[at])
        .map((value) => {
          const moved = x.slice()
          moved[at] = value
          return moved
        }),
    ),
]

/**
 * Moves each point to the other category, or place of a one-hot group, that lowers its lead most, if any does: between
 * codes there is no direction that a gradient could tell. Returns the points that moved.
 */
export const searchCategories = async <P extends SearchedPoint>(
  { target, goal, norm, epsilon }: AttackContext,
  constraints: Constraints,
  points: readonly P[],
): Promise<ReadonlySet<P>> => {
  const asked = points.flatMap((point) =>
    alternatives(constraints, point).map((moved) => ({
      point,
      x: constraints.repair(point.clean, moved, { norm, epsilon }),
    })),
  )
  const found = new Set<P>()
  if (asked.length === 0) return found
  const outputs = outputsOf(await target.logits(packRows(asked), asked.length), asked.length)
  for (const [i, { point, x }] of asked.entries()) {
    const lead = goal.lead(point.row, outputs[i]!)
    if (!(lead < point.lead)) continue
    point.x = x
    point.lead = lead
    found.add(point)
  }
  return found
}
