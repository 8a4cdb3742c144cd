/** A tag in a text: from its `<` to past its `>`, or to where the text or the limit ends. */
export interface HtmlTag {
  readonly start: number
  readonly end: number
  /** Lower case; `/script` for an end tag. */
  readonly name: string
  readonly attributes: string
  /** Whether so many tags lie within one another that this one wasn't read. */
  readonly flood: boolean
}

const longest = 65_536
const opening = /<(\/?[a-z][a-z0-9:-]{0,63})/gi

/** Past the `>` of a tag whose attributes begin at `at`; quoted values may hold one. */
const tagEnd = (text: string, at: number, limit: number): number => {
  const close = text.slice(at, limit).indexOf('>')
  if (close === -1) return limit
  let quote = ''
  let value = false
  for (let i = at; i < limit; i++) {
    const c = text[i]!
    if (quote !== '') {
      if (c === quote) quote = ''
    } else if ((c === '"' || c === "'") && value) quote = c
    else if (c === '>') return i + 1
    if (c === '=') value = true
    else if (quote === '' && c > ' ') value = false
  }
  // A quote that is never closed: a browser may end the tag at the first `>` after all.
  return at + close + 1
}

/**
 * The tags of a text, in order, as far as a browser would take them for tags. Each is read for itself, since another may
 * begin inside what looks like an attribute; what is read in all is bounded by eight times the text.
 */
export function* htmlTags(text: string): Generator<HtmlTag> {
  const pattern = new RegExp(opening)
  let left = 8 * text.length + longest
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const at = match.index + match[0].length
    const flood = left <= 0
    const end = flood ? at : tagEnd(text, at, Math.min(text.length, at + longest))
    left -= end - at
    yield { start: match.index, end, name: match[1]!.toLowerCase(), attributes: text.slice(at, end), flood }
  }
}
