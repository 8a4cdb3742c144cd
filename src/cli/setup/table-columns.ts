import { BartizanError } from '../../base/errors.ts'
import type { FoundColumn } from '../../data/index.ts'

export interface ChosenColumns {
  readonly label: string
  /** Undefined where all columns but the label are features. */
  readonly features?: readonly string[]
}

const labelNames = /^(label|labels|target|y|class|class_?(id|name|label)|outcome|diagnosis|species)$/i
const neverFeatures = /^(id|index|idx|row|row_?(id|number)|split|fold|set|uuid|unnamed.*|__index_level_0__)$/i
const wholeType = /INT$|INTEGER$|^BOOLEAN$/

/**
 * The label and the features of a table, for a model that reads `size` numbers a row. Throws CONFIG_INVALID, with the
 * columns that there are, where it can't be told.
 */
export const chooseColumns = (
  path: string,
  columns: readonly FoundColumn[],
  size: number,
  given: string | undefined,
  features: readonly string[] | undefined,
): ChosenColumns => {
  if (features !== undefined) {
    const rest = columns.filter(({ name }) => !features.includes(name))
    return { label: given ?? labelAmong(path, rest, 0), features }
  }
  const label = given ?? labelAmong(path, columns, size)
  const others = columns.filter(({ name }) => name !== label)
  const likely = likelyFeatures(path, others, size, `the label "${label}"`)
  return { label, ...(likely.length < others.length && { features: likely }) }
}

/** The features of a table beside several columns that are to be predicted. Throws CONFIG_INVALID where it can't be told. */
export const featuresBeside = (
  path: string,
  columns: readonly FoundColumn[],
  size: number,
  labels: readonly string[],
): readonly string[] =>
  likelyFeatures(
    path,
    columns.filter(({ name }) => !labels.includes(name)),
    size,
    labels.join(', '),
  )

const likelyFeatures = (
  path: string,
  others: readonly FoundColumn[],
  size: number,
  beside: string,
): readonly string[] => {
  const numeric = others.filter((column) => column.numeric)
  const likely = numeric.length === size ? numeric : numeric.filter(({ name }) => !neverFeatures.test(name))
  if (likely.length !== size)
    throw new BartizanError(
      'CONFIG_INVALID',
      `the model reads ${size} numbers a row; ${path} has ${numeric.length} columns of numbers beside ${beside}`,
      {
        hint: `name the columns to feed, in the model's order: --columns ${numeric
          .slice(0, 3)
          .map(({ name }) => name)
          .join(',')},…`,
        data: { path, size, columns: numeric.map(({ name }) => name) },
      },
    )
  return likely.map(({ name }) => name)
}

/** By name; else the one column that the model doesn't need, if it could hold classes. */
const labelAmong = (path: string, columns: readonly FoundColumn[], size: number): string => {
  const named = columns.filter(({ name }) => labelNames.test(name))
  const numeric = columns.filter((column) => column.numeric)
  const spare =
    numeric.length === size
      ? columns.filter((column) => !column.numeric && !neverFeatures.test(column.name))
      : numeric.filter(({ type, name }) => wholeType.test(type) && !neverFeatures.test(name))
  const candidates = named.length > 0 ? named : spare
  if (candidates.length === 1) return candidates[0]!.name
  throw new BartizanError('CONFIG_INVALID', `which column of ${path} holds the labels?`, {
    hint: `name it with --label; likely are: ${(candidates.length > 0 ? candidates : columns)
      .slice(0, 20)
      .map(({ name }) => name)
      .join(', ')}`,
    data: { path, columns: columns.map(({ name }) => name) },
  })
}
