import type { TableColumn } from '../../data/formats/table-relation.ts'
import { cellsSql, type ScreenedTable, streamed } from '../table/index.ts'

/** Characters kept at most of all texts together. */
const mostCharacters = 2 ** 26
const longest = 20_000

export interface Texts {
  /** Cells of each row, from the first row on; null where a cell is missing. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** The number of each of them. */
  readonly numbers: readonly number[]
  /** Whether the rows end before the table does. */
  readonly cut: boolean
}

/** The cells of some columns, of at most `most` rows and 64 million characters. */
export const textsOf = async (
  table: ScreenedTable,
  columns: readonly TableColumn[],
  nullLike: readonly string[],
  most: number,
): Promise<Texts> => {
  const cells = columns.map((_, i) => `left(c${i}, ${longest})`)
  const sql = `SELECT CAST(r AS DOUBLE), ${cells.join(', ')} FROM ${cellsSql(table, columns, nullLike, { numbered: true })} LIMIT ${most + 1}`
  const rows: (readonly (string | null)[])[] = []
  const numbers: number[] = []
  let characters = 0
  for await (const piece of streamed(table, sql))
    for (const [number, ...row] of piece) {
      const texts = row.map((cell) => (typeof cell === 'string' ? cell : null))
      characters += texts.reduce((sum, text) => sum + (text?.length ?? 0), 0)
      if (rows.length === most || characters > mostCharacters) return { rows, numbers, cut: true }
      rows.push(texts)
      numbers.push(Number(number))
    }
  return { rows, numbers, cut: false }
}

/** Columns of running text, found by their content: no numbers, mostly different, 20 characters or more on average. */
export const textColumns = async (
  table: ScreenedTable,
  columns: readonly TableColumn[],
  nullLike: readonly string[],
): Promise<readonly TableColumn[]> => {
  if (columns.length === 0) return []
  const sums = columns.map(
    (_, i) =>
      `avg(length(c${i})) AS a${i}, count(c${i}) AS n${i}, approx_count_distinct(c${i}) AS d${i}, count(n${i}) AS q${i}`,
  )
  const [row] = await table.engine.rows(`SELECT ${sums.join(', ')} FROM ${cellsSql(table, columns, nullLike)}`)
  return columns.filter((column, i) => {
    const [mean, n, distinct, numbers] = ['a', 'n', 'd', 'q'].map((key) => Number(row?.[`${key}${i}`]))
    return !/^(DATE|TIME)/.test(column.type) && mean >= 20 && numbers < n / 2 && distinct > n / 2
  })
}
