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
  /** Rows (of the second table, where there are two) that are nearly the first of their group. */
  readonly redundant: number
  /** The hundred most alike. */
  readonly pairs: readonly NearPair[]
}

export interface NearFinding {
  readonly found: NearDuplicates
  /** Numbers of the redundant rows. */
  readonly rows: readonly number[]
}

const mostPairs = 100

interface DistinctText {
  readonly text: string
  /** Numbers of the rows that hold it, the first one first. */
  readonly rows: readonly number[]
}

/** Texts once each: what is equal after folding is an exact duplicate, and is looked at elsewhere. */
const distinctOf = ({ rows, numbers }: Texts): readonly DistinctText[] => {
  const byText = new Map<string, number[]>()
  rows.forEach((cells, i) => {
    const text = foldRow(cells)
    if (text === '') return
    const known = byText.get(text)
    if (known === undefined) byText.set(text, [numbers[i]])
    else known.push(numbers[i])
  })
  return [...byText].map(([text, found]) => ({ text, rows: found }))
}

const foldRow = (cells: readonly (string | null)[]): string =>
  cells.length === 1 ? foldText(cells[0] ?? '') : cells.map((cell) => cell ?? '').join('\u0000')

const setsOf = (texts: readonly DistinctText[], wholeRows: boolean): readonly Uint32Array[] =>
  texts.map(({ text }) => (wholeRows ? cellShingles(text.split('\u0000')) : textShingles(text)))

const rowsOf = (texts: readonly DistinctText[]): readonly number[] => texts.flatMap(({ rows }) => rows)

/** Near-duplicates within one table's column of text, or among its whole rows (several columns). */
export const nearWithin = async (
  table: ScreenedTable,
  columns: readonly TableColumn[],
  { nullLike, textRows, similarity, seed }: DuplicateOptions,
): Promise<NearFinding> => {
  const texts = await textsOf(table, columns, nullLike, textRows)
  const distinct = distinctOf(texts)
  const { groups, pairs } = similarSets(setsOf(distinct, columns.length > 1), similarity, seed)
  const rows = rowsOf(groups.flatMap(([, ...others]) => others.map((index) => distinct[index])))
  return {
    found: {
      ...(columns.length === 1 && { column: columns[0].name }),
      compared: texts.rows.length,
      cut: texts.cut,
      groups: groups.length,
      redundant: rows.length,
      pairs: pairs.slice(0, mostPairs).map(({ a, b, similarity: alike }) => ({
        row: distinct[a].rows[0],
        other: distinct[b].rows[0],
        similarity: alike,
      })),
    },
    rows,
  }
}

/** Texts of the second table that are nearly, but not quite, some text of the first. */
export const nearAcross = (train: Texts, test: Texts, column: string, options: DuplicateOptions): NearFinding => {
  const known = distinctOf(train)
  const seen = new Set(known.map(({ text }) => text))
  const unseen = distinctOf(test).filter(({ text }) => !seen.has(text))
  const { groups, pairs } = similarSets(setsOf([...known, ...unseen], false), options.similarity, options.seed)
  const isTrain = (index: number) => index < known.length
  const mixed = groups.filter((group) => isTrain(group[0]) && !isTrain(group[group.length - 1]))
  const rows = rowsOf(
    mixed.flatMap((group) => group.filter((index) => !isTrain(index)).map((index) => unseen[index - known.length])),
  )
  return {
    found: {
      column,
      compared: test.rows.length,
      cut: train.cut || test.cut,
      groups: mixed.length,
      redundant: rows.length,
      pairs: pairs
        .filter(({ a, b }) => isTrain(a) && !isTrain(b))
        .slice(0, mostPairs)
        .map(({ a, b, similarity }) => ({
          row: known[a].rows[0],
          other: unseen[b - known.length].rows[0],
          similarity,
        })),
    },
    rows,
  }
}
