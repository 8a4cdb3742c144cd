import type { ContentKind } from '../kind.ts'

/** Harmful content in a text, in UTF-16 units, and what would take its place. */
export interface ContentFinding {
  readonly start: number
  readonly end: number
  /** Which pattern: `script-tag`, `zero-width`, … */
  readonly rule: string
  /** How sure, 0 to 1. */
  readonly score: number
  /** What makes it harmless and keeps the rest readable. */
  readonly neutral: string
}

/** One kind of harmful content. `find` gives findings that are sorted and don't overlap. */
export interface ContentDetector {
  readonly kind: ContentKind
  readonly find: (text: string) => readonly ContentFinding[]
}

/** Findings of a regex with the flag g, one a match. */
export const matches = (
  text: string,
  pattern: RegExp,
  finding: (match: RegExpExecArray) => Omit<ContentFinding, 'start' | 'end'> | undefined,
): readonly ContentFinding[] => {
  const found: ContentFinding[] = []
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const rest = finding(match)
    if (rest !== undefined) found.push({ start: match.index, end: match.index + match[0].length, ...rest })
    if (match[0].length === 0) pattern.lastIndex++
  }
  return found
}

/** U+200B as a reader sees it: [U+200B]. */
export const codePointName = (text: string): string =>
  Array.from(text, (c) => `[U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`).join('')
