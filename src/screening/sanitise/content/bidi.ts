import { type ContentDetector, codePointName, matches } from './finding.ts'

const control = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
const openers = /[\u202a\u202b\u2066-\u2068]/

/** Whether every embedding and isolate is closed by its own kind of closer within its line, and nothing overrides. */
const wellFormed = (text: string): boolean => {
  const open: string[] = []
  for (const [found] of text.matchAll(/[\u202a-\u202e\u2066-\u2069\n]/g)) {
    if (found === '\u202d' || found === '\u202e') return false
    if (found === '\n' && open.length > 0) return false
    if (openers.test(found)) open.push(found >= '\u2066' ? '\u2069' : '\u202c')
    else if (found !== '\n' && open.pop() !== found) return false
  }
  return open.length === 0
}

/** Of a text at most as many letters as a currency has: an amount or a date, which Arabic and Hebrew write with marks. */
const figures = /^[^\p{L}]*\p{L}{0,3}[^\p{L}]*$/u
const digit = /\p{Nd}/u

/** Between two digits a mark shows a number that isn't there: "1\u200f23" may look like 231. */
const splitsNumber = (text: string, at: number): boolean =>
  digit.test(text[at - 1] ?? '') && digit.test(text[at + 1] ?? '')

/**
 * Bidirectional controls that show a text in another order than it is read by a program (Boucher and Anderson 2021,
 * arXiv:2111.00169). Kept where a text has letters written from right to left: the marks, and embeddings and isolates
 * that are closed in their line. Marks are also kept in an amount or a date without words. Overrides are never kept.
 */
export const bidi: ContentDetector = {
  kind: 'bidi',
  find(text) {
    control.lastIndex = 0
    if (!control.test(text)) return []
    const natural = rightToLeft.test(text)
    const balanced = natural && wellFormed(text)
    const isFigure = !natural && digit.test(text) && figures.test(text)
    return matches(text, control, ({ 0: found, index }) => {
      const mark = found === '\u061c' || found === '\u200e' || found === '\u200f'
      if (natural && (mark || balanced)) return undefined
      if (mark && isFigure && !splitsNumber(text, index)) return undefined
      const override = found === '\u202d' || found === '\u202e'
      return {
        rule: override ? 'bidi-override' : mark ? 'bidi-mark' : 'bidi-embedding',
        score: mark ? 0.6 : 1,
        neutral: codePointName(found),
      }
    })
  },
}
