import type { TableColumn } from '../../data/formats/table-relation.ts'
import type { ScreenedTable } from '../table/index.ts'
import type { DuplicateOptions } from './options.ts'
import { cellShingles, foldText, textShingles } from './shingles.ts'
import { similarSets } from './similar-sets.ts'
import { type Texts, textsOf } from './texts.ts'

/** Two rows that are nearly alike; `row` of the first table, `other` of the second (or the same). */
export interface NearPair {
  readonly row: number
  readonly other: number
  /** Exact Jaccard similarity of their shingles. */
  readonly similarity: number
}

export interface NearDuplicates {
  /** The column of text; whole rows where it is left out. */
  readonly column?: string
  readonly compared: number
  readonly cut: boolean
  readonly groups: number
  /** Rows (of the second table, where there are two) beyond the first of their group. */
  readonly redundant: number
  /** The hundred most alike. */
  readonly pairs: readonly NearPair[]
}

const mostPairs = 100

/** Texts once each: what is equal after folding is an exact duplicate, and is looked at elsewhere. */
const distinctOf = (texts: readonly string[]) => {
  const first = new Map<string, number>()
  texts.forEach((text, row) => {
    if (text !== '' && !first.has(text)) first.set(text, row)
  })
  return [...first]
}

const foldRow = (cells: readonly (string | null)[]): string =>
  cells.length === 1 ? foldText(cells[0] ?? '') : cells.map((cell) => cell ?? '').join('\u0000')

const setsOf = (texts: readonly string[], wholeRows: boolean): readonly Uint32Array[] =>
  texts.map((text) => (wholeRows ? cellShingles(text.split('\u0000')) : textShingles(text)))

/** Near-duplicates within one table's column of text, or among its whole rows (several columns). */
export const nearWithin = async (
  table: ScreenedTable,
  columns: readonly TableColumn[],
  { nullLike, textRows, similarity, seed }: DuplicateOptions,
): Promise<NearDuplicates> => {
  const { rows, cut } = await textsOf(table, columns, nullLike, textRows)
  const distinct = distinctOf(rows.map(foldRow))
  const sets = setsOf(
    distinct.map(([text]) => text),
    columns.length > 1,
  )
  const { groups, pairs } = similarSets(sets, similarity, seed)
  return {
    ...(columns.length === 1 && { column: columns[0].name }),
    compared: rows.length,
    cut,
    groups: groups.length,
    redundant: groups.reduce((sum, group) => sum + group.length - 1, 0),
    pairs: pairs
      .slice(0, mostPairs)
      .map((pair) => ({ row: distinct[pair.a][1], other: distinct[pair.b][1], similarity: pair.similarity })),
  }
}

/** Texts of the second table that are nearly, but not quite, some text of the first. */
export const nearAcross = (train: Texts, test: Texts, column: string, options: DuplicateOptions): NearDuplicates => {
  const known = distinctOf(train.rows.map(foldRow))
  const seen = new Set(known.map(([text]) => text))
  const unseen = distinctOf(test.rows.map(foldRow)).filter(([text]) => !seen.has(text))
  const sets = setsOf(
    [...known, ...unseen].map(([text]) => text),
    false,
  )
  const { groups, pairs } = similarSets(sets, options.similarity, options.seed)
  const isTrain = (index: number) => index < known.length
  const mixed = groups.filter((group) => isTrain(group[0]) && !isTrain(group[group.length - 1]))
  return {
    column,
    compared: test.rows.length,
    cut: train.cut || test.cut,
    groups: mixed.length,
    redundant: mixed.reduce((sum, group) => sum + group.filter((index) => !isTrain(index)).length, 0),
    pairs: pairs
      .filter(({ a, b }) => isTrain(a) && !isTrain(b))
      .slice(0, mostPairs)
      .map(({ a, b, similarity }) => ({ row: known[a][1], other: unseen[b - known.length][1], similarity })),
  }
}
