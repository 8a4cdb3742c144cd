import type { ContentDetector } from './finding.ts'

const trigger = /^[\s\u00a0\u3000\ufeff]*([=+\-@\uff1d\uff0b\uff0d\uff20])/u
/** A number, a phone number, a date, an amount: a spreadsheet shows it or computes with digits alone. */
const numeric =
  /^[+\-\uff0b\uff0d]\s?[\p{Sc}]?\s?[\d*.,:\s()/%\-\u00a0\u202f'’]*(?:[eE][+-]?\d+)?\s?(?:[%\p{Sc}]|[A-Z]{3})?$/u
/** A list item, a signature, a handle: words, and nothing that calls, refers, pipes or computes. */
const words = /^[+\-@\uff0b\uff0d\uff20][\s\w\p{L}\p{M}.,:;?'"’/#-]*$/u
const reference = /\b\$?[A-Za-z]{1,3}\$?\d{1,7}\b/

const ruleOf = (sign: string): string =>
  ({ '=': 'equals', '+': 'plus', '-': 'minus', '@': 'at' })[sign.normalize('NFKC')] ?? 'sign'

/** Whether a cell that begins with a sign is no formula. */
const harmless = (cell: string, sign: string): boolean => {
  const plain = sign.normalize('NFKC')
  if (plain === '=') return /^[=\s-]*$/.test(cell)
  if (plain !== '@' && numeric.test(cell)) return true
  return words.test(cell) && (plain === '@' || !reference.test(cell)) && cell.length < 10_000
}

/** What is left without the characters that start a formula. */
const stripped = (text: string): string => text.replace(/^[\s\u00a0\u3000\ufeff=+\-@\uff1d\uff0b\uff0d\uff20]+/u, '')

/**
 * A cell that a spreadsheet would run (CWE-1236; OWASP, CSV injection): it begins with =, +, -, @, or their full-width
 * forms, after white space or not, or with a tab or a carriage return. Numbers (-5, +49 30 1234), list items (- milk)
 * and handles (@name) are none. Neutral form: an apostrophe before it, which makes a spreadsheet take it as text.
 */
export const formula: ContentDetector = {
  kind: 'formula',
  find(text) {
    const sign = trigger.exec(text)?.[1]
    const control = text[0] === '\t' || text[0] === '\r'
    if (sign === undefined && !control) return []
    if (sign !== undefined && !control && harmless(text.trim(), sign)) return []
    if (sign === undefined && text.trim() === '') return []
    const rest = stripped(text)
    return [
      {
        start: 0,
        end: text.length - rest.length,
        rule: sign === undefined ? 'leading-control' : `leading-${ruleOf(sign)}`,
        score: sign === '=' || control ? 1 : 0.8,
        neutral: `'${text.slice(0, text.length - rest.length)}`,
      },
    ]
  },
}
