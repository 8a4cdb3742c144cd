import { type Projection, projectionOnto } from './dykstra.ts'
import type { Rules } from './rules.ts'

/** How a feature's nearest value is found. */
export const valueKinds = { number: 0, few: 1, member: 2 } as const

/** Which features stand in groups and relations: worked out once for all rows. */
export interface Layout {
  readonly grouped: ReadonlySet<number>
  /** One of `valueKinds` a feature. */
  readonly kinds: Uint8Array
  /** In relations and of few values; places of one-hot groups stay as their group is. */
  readonly discrete: readonly number[]
  /** Features that change together: of a group, then every other by itself. */
  readonly parts: readonly (readonly number[])[]
  /** Onto the relations, by the features in them that may take any number. */
  readonly byNumbers: Projection
  /** By those of few values too. */
  readonly byAll: Projection
}

export const layoutOf = ({ features, groups, relations, unit }: Rules): Layout => {
  const grouped = new Set(groups.flatMap(({ members }) => members))
  const isFew = (feature: number): boolean =>
    features[feature]!.step !== undefined || features[feature]!.values !== undefined
  const related = [...new Set(relations.flatMap(({ terms }) => terms.map(({ feature }) => feature)))].filter(
    (feature) => !grouped.has(feature),
  )
  const continuous = related.filter((feature) => !isFew(feature))
  const discrete = related.filter(isFew)
  return {
    grouped,
    kinds: Uint8Array.from(features, (_, at) =>
      grouped.has(at) ? valueKinds.member : isFew(at) ? valueKinds.few : valueKinds.number,
    ),
    discrete,
    parts: [
      ...groups.map(({ members }) => members),
      ...[...features.keys()].filter((at) => !grouped.has(at)).map((at) => [at]),
    ],
    byNumbers: projectionOnto(relations, continuous, unit),
    byAll: projectionOnto(relations, [...continuous, ...discrete], unit),
  }
}
