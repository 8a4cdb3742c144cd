import { oneLine } from '../../assessment/report/safe-text.ts'
import { type Column, renderTable, widest, wrapText } from '../../assessment/report/table.ts'

/** Lines "name  value", the values one below the other. A field without a value is left out. */
export const fields = (pairs: readonly (readonly [string, string | undefined])[], width: number): string => {
  const shown = pairs.filter((pair): pair is readonly [string, string] => Boolean(pair[1]))
  const names = widest(shown.map(([name]) => name))
  const indent = ' '.repeat(names + 4)
  return shown
    .map(
      ([name, value]) =>
        `  ${name.padEnd(names)}  ${wrapText(oneLine(value), width - names - 4, '').replaceAll('\n', `\n${indent}`)}`,
    )
    .join('\n')
}

/** "1 row", "2 rows". */
export const counted = (count: number, noun: string): string =>
  `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${noun}${count === 1 ? '' : 's'}`

/** A table whose last column goes on over as many lines as it needs. */
export const wrappedTable = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string => {
  const last = columns.length - 1
  const taken = columns
    .slice(0, -1)
    .reduce((sum, { title }, i) => sum + 2 + widest([title, ...rows.map((row) => row[i]!)]), 0)
  const lines = rows.flatMap((row) =>
    wrapText(row[last]!, Math.max(20, width - taken))
      .split('\n')
      .map((line, i) => [...row.slice(0, -1).map((cell) => (i === 0 ? cell : '')), line]),
  )
  return renderTable(columns, lines, width)
}
