import { displayWidth, wrapText } from '../../assessment/report/table.ts'
import { oneLine } from '../../assessment/report/safe-text.ts'

/** Lines "name  value", the values one below the other. A field without a value is left out. */
export const fields = (pairs: readonly (readonly [string, string | undefined])[], width: number): string => {
  const shown = pairs.filter((pair): pair is readonly [string, string] => Boolean(pair[1]))
  const names = Math.max(...shown.map(([name]) => displayWidth(name)))
  const indent = ' '.repeat(names + 4)
  return shown
    .map(([name, value]) => `  ${name.padEnd(names)}  ${wrapText(oneLine(value), width - names - 4, '').replaceAll('\n', `\n${indent}`)}`)
    .join('\n')
}

/** "1 row", "2 rows". */
export const counted = (count: number, noun: string): string =>
  `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${noun}${count === 1 ? '' : 's'}`
