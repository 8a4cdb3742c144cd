import { oneLine } from './safe-text.ts'

/** Untrusted text as plain text of one Markdown table cell or line. */
export const plain = (text: string): string => oneLine(text).replace(/[\\`*_{}[\]()#+!|<>&~@]/g, (char) => `\\${char}`)

/** Cells are escaped; the head is not. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  '',
  `| ${head.join(' | ')} |`,
  `|${head.map(() => ' --- ').join('|')}|`,
  ...rows.map((row) => `| ${row.map(plain).join(' | ')} |`),
]
