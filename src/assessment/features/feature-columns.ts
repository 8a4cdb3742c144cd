import type { Problem } from '../../base/yaml/problems.ts'
import { unknownKey } from '../../base/yaml/problems.ts'
import type { YamlPath } from '../../base/yaml/yaml-source.ts'
import type { Features } from '../../contract/index.ts'

/** What a configuration calls the values of a row: by column name; by index where they have no names. */
export interface FeatureColumns {
  readonly size: number
  readonly names?: readonly string[]
}

/** Where a column stands in a row; undefined where there is none. */
export const positionIn = ({ size, names }: FeatureColumns, name: string): number | undefined => {
  if (names) {
    const at = names.indexOf(name)
    return at === -1 ? undefined : at
  }
  const at = /^\d+$/.test(name) ? Number(name) : Number.NaN
  return at < size ? at : undefined
}

/** Every column that is named and isn't there. */
export const unknownColumns = (features: Features, columns: FeatureColumns): readonly Problem[] => {
  const known = columns.names ?? Array.from({ length: Math.min(columns.size, 8) }, (_, at) => String(at))
  const check = (name: string, path: YamlPath): readonly Problem[] => {
    if (positionIn(columns, name) !== undefined) return []
    const { message } = unknownKey([], name, known, 'there is no column')
    return [
      { path, message: columns.names ? message : `there is no value "${name}": rows have 0 to ${columns.size - 1}` },
    ]
  }
  return [
    ...Object.keys(features.columns).flatMap((name) =>
      check(name, ['columns', name]).map((problem): Problem => ({ ...problem, onKey: true })),
    ),
    ...features['one-hot'].flatMap((group, at) => group.flatMap((name, i) => check(name, ['one-hot', at, i]))),
    ...features.relations.flatMap(({ terms }, at) =>
      Object.keys(terms).flatMap((name) =>
        check(name, ['relations', at, 'terms', name]).map((problem): Problem => ({ ...problem, onKey: true })),
      ),
    ),
  ]
}
