import { oneLine } from './safe-text.ts'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Where the table is too wide, columns with the highest number go first; those without stay. */
  readonly dispensable?: number
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u
const plain = /^[ -~]*$/
const zeroWidth = /[\p{M}\u200b-\u200f]/u

/** Columns of a terminal that `text` takes: two for East Asian wide characters, none for combining marks. */
export const displayWidth = (text: string): number =>
  plain.test(text)
    ? text.length
    : [...text].reduce((sum, char) => sum + (zeroWidth.test(char) ? 0 : wide.test(char) ? 2 : 1), 0)

/** The columns of a terminal that the widest text takes; a spread `Math.max` would overflow the stack on many. */
export const widest = (texts: Iterable<string>): number => {
  let width = 0
  for (const text of texts) width = Math.max(width, displayWidth(text))
  return width
}

const clipped = (text: string, width: number): string => {
  if (displayWidth(text) <= width) return text
  let kept = ''
  for (const char of text) {
    if (displayWidth(kept + char) > width - 1) break
    kept += char
  }
  return `${kept}…`
}

const gap = 2

/**
 * Aligned plain text, at most `width` wide: dispensable columns are left out first, then the widest column is cut. The
 * cells may hold untrusted text: control characters, and so escape sequences, never reach the terminal.
 */
export const renderTable = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string => {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map((cell) => oneLine(cell)))
  const natural = columns.map((_, i) => widest(cells.map((row) => row[i] ?? '')))
  let shown = columns.map((_, i) => i)
  const total = () => shown.reduce((sum, i) => sum + natural[i]!, gap * (shown.length - 1))
  while (total() > width) {
    const dispensable = shown.filter((i) => columns[i]!.dispensable !== undefined)
    if (dispensable.length === 0) break
    const first = dispensable.reduce((a, b) => (columns[b]!.dispensable! > columns[a]!.dispensable! ? b : a))
    shown = shown.filter((i) => i !== first)
  }
  const widths = [...natural]
  const broadest = shown.reduce((a, b) => (natural[b]! > natural[a]! ? b : a), shown[0] ?? 0)
  if (total() > width) widths[broadest] = Math.max(4, natural[broadest]! - (total() - width))
  const line = (row: readonly string[]): string =>
    shown
      .map((i) => {
        const text = clipped(row[i] ?? '', widths[i]!)
        const padding = ' '.repeat(Math.max(0, widths[i]! - displayWidth(text)))
        return columns[i]!.align === 'right' ? padding + text : text + padding
      })
      .join(' '.repeat(gap))
      .trimEnd()
  const rule = shown.map((i) => '-'.repeat(widths[i]!)).join(' '.repeat(gap))
  const [head, ...body] = cells
  return [line(head!), rule, ...body.map(line)].join('\n')
}

/** `text` on lines of at most `width`, every line but the first indented by `indent`. Words longer than a line are kept whole. */
export const wrapText = (text: string, width: number, indent = ''): string => {
  const lines: string[] = ['']
  for (const word of oneLine(text).split(' ')) {
    const line = lines.at(-1)!
    const longer = line === '' || line === indent ? line + word : `${line} ${word}`
    if (displayWidth(longer) <= width || line === '' || line === indent) lines[lines.length - 1] = longer
    else lines.push(indent + word)
  }
  return lines.join('\n')
}
