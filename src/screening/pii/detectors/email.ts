import tlds from 'tlds'
import { clamp, type Detector } from '../detector.ts'

const topLevel: ReadonlySet<string> = new Set(tlds)

const longestLocal = 64
const longestDomain = 255

/** RFC 5322 atext, and letters of other scripts (RFC 6531). */
const inLocal = (char: string): boolean => /[\w.!#$%&'*+/=?^`{|}~\p{L}\p{M}-]/u.test(char)
const inDomain = (char: string): boolean => /[\p{L}\p{M}\p{N}.-]/u.test(char)

const label = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u

/** Names that RFC 2606 and RFC 6761 keep for documentation and tests: no person is behind them, but text has them as examples. */
const reserved = /(?:^|\.)(?:test|invalid|localhost|example)$/

/** A host name: two labels or more, the last a top-level domain of today (or punycode). */
const isDomain = (domain: string): boolean => {
  const labels = domain.split('.')
  const last = labels.at(-1)!.toLowerCase()
  return labels.length > 1 && labels.every((one) => label.test(one)) && (topLevel.has(last) || last.startsWith('xn--'))
}

/** The end of the longest domain that starts here: trailing labels that make no domain are left out. */
const domainEnd = (text: string, start: number): number | undefined => {
  let end = start
  while (end < text.length && end - start < longestDomain && inDomain(text[end]!)) end++
  // A domain followed at once by other words ("a@b.com-and-more") ends at its last whole label. All searches are in the
  // short piece, never in the text: many '@' in a long text must not each go through all of it.
  let domain = text.slice(start, end)
  while (domain !== '') {
    if (isDomain(domain)) return start + domain.length
    domain = domain.slice(0, Math.max(0, domain.lastIndexOf('.'), domain.lastIndexOf('-')))
  }
  return undefined
}

const joiners = ['=', "'", '`', '/', '|', '?', '&', '{', '}']

const localStart = (text: string, at: number): number | undefined => {
  if (text[at - 1] === '"') {
    const from = Math.max(0, at - longestLocal)
    const open = text.slice(from, at - 1).lastIndexOf('"')
    return open >= 0 && !text.slice(from + open, at).includes('\n') ? from + open : undefined
  }
  let start = at
  while (start > 0 && at - start <= longestLocal && inLocal(text[start - 1]!)) start--
  if (at - start > longestLocal) return undefined
  // Quotes and brackets of the text around, and what joins it to a key ("to='a@b.com'", "mailto=a@b.com").
  const local = text.slice(start, at)
  const inner = start + Math.max(...joiners.map((char) => local.lastIndexOf(char))) + 1
  if (inner < at) start = inner
  if (text[start - 1] === '\\' && /[nrt]/.test(text[start]!)) start++
  while (start < at && /[.'*~^!#$%-]/.test(text[start]!)) start++
  return start < at && text[at - 1] !== '.' && !text.slice(start, at).includes('..') ? start : undefined
}

/** E-mail addresses: RFC 5322 dot-atoms and quoted strings, internationalised ones too; the domain must end in a real TLD. */
export const email: Detector = {
  kinds: ['email'],
  find({ text, ats, column }, emit) {
    for (const at of ats) {
      const start = localStart(text, at)
      const end = start === undefined ? undefined : domainEnd(text, at + 1)
      if (start === undefined || end === undefined || text[end] === '@') continue
      // "https://user:secret@host" is the login part of a URL, not an address.
      const before = text.slice(Math.max(0, start - longestDomain), start)
      if (/:\/\/[^\s/?#]*$/.test(before)) continue
      const domain = text.slice(at + 1, end).toLowerCase()
      const evidence = ['form', 'top-level domain', ...(column.has('email') ? ['column name'] : [])]
      const isReserved = reserved.test(domain)
      emit({
        kind: 'email',
        start,
        end,
        score: clamp(isReserved ? 0.6 : 0.96),
        rule: 'email',
        evidence: isReserved ? [...evidence, 'reserved domain'] : evidence,
      })
    }
  },
}
