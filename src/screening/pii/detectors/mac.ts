import { clamp, type Detector } from '../detector.ts'

const pairs = /^[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}$/i
const dotted = /^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$/i

/** Hardware addresses: six pairs with ':' or '-', or Cisco's three groups of four. */
export const mac: Detector = {
  kinds: ['mac'],
  find({ text, starts, ends, count, column, digitWords, colons }, emit) {
    const named = column.has('mac') ? ['column name'] : []
    const tryAt = (start: number, length: number, form: RegExp, score: number): void => {
      const end = start + length
      const written = text.slice(start, end)
      if (
        !form.test(written) ||
        /[\w:.-]/.test(text[start - 1] ?? ' ') ||
        /^(?:[\w]|[:.-]\w)/.test(text.slice(end, end + 2))
      )
        return
      const nothing = /^(?:00.)+00$|^(?:ff.)+ff$/i.test(written)
      if (!/[a-f]/i.test(written) && named.length === 0) score -= 0.3
      emit({
        kind: 'mac',
        start,
        end,
        score: clamp(nothing ? 0.3 : score + (named.length > 0 ? 0.1 : 0)),
        rule: 'mac',
        evidence: ['form', ...named],
      })
    }
    for (const colon of colons)
      if (/^[0-9a-f]{2}$/i.test(text.slice(colon - 2, colon)) && !/[\w:]/.test(text[colon - 3] ?? ' '))
        tryAt(colon - 2, 17, pairs, 0.95)
    for (const word of digitWords) {
      const first = Math.max(0, word - 5)
      for (let i = first; i <= word && i < count; i++) {
        const length = ends[i]! - starts[i]!
        if (i > 0 && starts[i]! - ends[i - 1]! === 1 && i > first) continue
        if (length === 2 && text[ends[i]!] === '-') tryAt(starts[i]!, 17, pairs, 0.9)
        if (length === 4 && text[ends[i]!] === '.') tryAt(starts[i]!, 14, dotted, 0.75)
      }
    }
  },
}
