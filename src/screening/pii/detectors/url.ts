import { clamp, type Detector } from '../detector.ts'
import { hasDigit, wordAt } from '../scan.ts'

const longest = 2048
const schemes =
  /^(?:https?|ftps?|sftp|wss?|ssh|git|svn|file|ldaps?|rtsp|s3|gs|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqps?|jdbc)$/i

const stops = /[\s<>"`{}|\\^\u3000-\u303f\uff00-\uffef]/

/** Ends where the text around a URL goes on: closing punctuation, a bracket that has no partner inside. */
export const urlEnd = (text: string, start: number): number => {
  let end = start
  while (end < text.length && end - start < longest && !stops.test(text[end]!)) end++
  let open = 0
  for (let i = start; i < end; i++) open += text[i] === '(' ? 1 : text[i] === ')' ? -1 : 0
  for (; end > start; end--) {
    const last = text[end - 1]!
    if (last === ')' && open < 0) open++
    else if (!/[.,;:!?'*\]]/.test(last)) break
  }
  return end
}

/** URLs with a scheme that leads somewhere, and `www.` names. */
export const url: Detector = {
  kinds: ['url'],
  find(scan, emit) {
    const { text, schemes: marks, starts, ends, column, count } = scan
    const named = column.has('url') ? ['column name'] : []
    for (const colon of marks) {
      let start = colon
      while (start > 0 && colon - start < 16 && /[a-z0-9+]/i.test(text[start - 1]!)) start--
      if (!schemes.test(text.slice(start, colon))) continue
      const end = urlEnd(text, start)
      if (end <= colon + 4) continue
      const login = /^[^\s/?#@]+:[^\s/?#@]+@/.test(text.slice(colon + 3, end))
      emit({
        kind: login ? 'secret' : 'url',
        start,
        end,
        score: clamp(login ? 0.97 : 0.9),
        rule: login ? 'url-login' : 'url',
        evidence: ['scheme', ...named],
      })
    }
    for (let i = 0; i < count; i++) {
      if (ends[i]! - starts[i]! !== 3 || text[ends[i]!] !== '.' || scan.flags[i]! & hasDigit) continue
      if (wordAt(scan, i).toLowerCase() !== 'www' || text[starts[i]! - 1] === '/' || text[starts[i]! - 1] === '@')
        continue
      const end = urlEnd(text, starts[i]!)
      if (/^www\.[\p{L}\p{N}-]+\.[\p{L}\p{N}]/iu.test(text.slice(starts[i], end)))
        emit({ kind: 'url', start: starts[i]!, end, score: 0.85, rule: 'www', evidence: ['form', ...named] })
    }
  },
}
