/** What a token of base64, a digest, a UUID or a cookie is made of. */
const inToken = (code: number): boolean =>
  (code >= 48 && code <= 57) ||
  (code >= 65 && code <= 90) ||
  (code >= 97 && code <= 122) ||
  code === 43 ||
  code === 45 ||
  code === 47 ||
  code === 61 ||
  code === 95

const reach = 96

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** How often a token changes between digits, small and capital letters; words and ids of one form change rarely. */
const changes = (token: string): number => {
  let count = 0
  let before = -1
  for (let i = 0; i < token.length; i++) {
    const code = token.charCodeAt(i)
    const kind = code < 48 ? before : code <= 57 ? 0 : code <= 90 ? 1 : 2
    if (before >= 0 && kind !== before) count++
    before = kind
  }
  return count
}

/**
 * Whether the span lies in a longer token that a machine wrote: a UUID, a hexadecimal digest, base64. The span itself
 * may be the whole of a short token; only what is around it makes it opaque.
 */
export const inOpaque = (text: string, start: number, end: number): boolean => {
  let from = start
  let to = end
  while (from > 0 && start - from < reach && inToken(text.charCodeAt(from - 1))) from--
  while (to < text.length && to - end < reach && inToken(text.charCodeAt(to))) to++
  if (from === start && to === end && end - start < 24) return false
  if (to - from < 16) return false
  const token = text.slice(from, to)
  if (uuid.test(token)) return true
  if (from === start && to === end) return false
  if (/^[0-9a-f]+$/i.test(token)) return token.length >= 20 && /[a-f]/i.test(token)
  return token.length >= 20 && changes(token) * 4 >= token.length && /[a-z]/i.test(token)
}
