import { type ContentDetector, type ContentFinding, matches } from './finding.ts'
import { type HtmlTag, htmlTags } from './html-tag.ts'
import { scriptUrl } from './script-url.ts'

/** Elements that run code, load a document or another's resource, or change where a page's links lead. */
const active = new Set('script iframe frame frameset object embed applet base link meta style foreignobject'.split(' '))
/** Elements that go with what they hold. */
const whole = new Set(['script', 'style', 'iframe', 'object', 'applet'])
/** Without a colon there is no scheme. */
const urlHint = /:|&colon|&#/i
const handler = /(?:^|[\s"'/])on[a-z]{3,32}\s{0,16}=/i
const otherHarm = /(?:^|[\s"'/])(?:srcdoc|formaction|xlink:href)\s{0,16}=|expression\s{0,4}\(|-moz-binding/i

const ruleOf = ({ name, attributes, flood }: HtmlTag): string | undefined => {
  if (flood) return 'tag-flood'
  const bare = name.replace(/^\//, '').replace(/^.*:/, '')
  if (bare === 'script') return 'script-tag'
  if (active.has(bare)) return 'active-tag'
  if (name.startsWith('/')) return undefined
  if (handler.test(attributes)) return 'event-handler'
  return otherHarm.test(attributes) ? 'active-attribute' : undefined
}

/** Past the end tag of elements that go as a whole. A search that failed once isn't made again: it goes to the end. */
const elementEnds = (text: string) => {
  const unclosed = new Set<string>()
  return ({ name, end }: HtmlTag): number => {
    if (!whole.has(name) || unclosed.has(name)) return end
    const close = new RegExp(`</${name}(?:\\s[^<>]{0,64})?>`, 'gi')
    close.lastIndex = end
    const match = close.exec(text)
    if (match !== null) return match.index + match[0].length
    unclosed.add(name)
    return end
  }
}

const inTags = (text: string): readonly ContentFinding[] => {
  const found: ContentFinding[] = []
  const elementEnd = elementEnds(text)
  let done = 0
  for (const tag of htmlTags(text)) {
    if (tag.start < done) continue
    const rule = ruleOf(tag)
    if (rule === undefined) continue
    const end = elementEnd(tag)
    const part = text.slice(tag.start, end)
    // Without its `<` nothing in it is a tag, and the text stays as it reads.
    found.push({ start: tag.start, end, rule, score: 1, neutral: part.replaceAll('<', '&lt;').replaceAll('>', '&gt;') })
    done = end
  }
  return found
}

/**
 * HTML that acts: script and other active elements, event handlers, `javascript:` and active `data:` URLs. Ordinary
 * tags (`<b>`, `<p>`, `<a href>`) and comparisons (`a < b`) are none. Neutral form: `<` and `>` written as references,
 * and `unsafe:` before a URL.
 */
export const html: ContentDetector = {
  kind: 'html',
  find(text) {
    const tags = text.includes('<') ? inTags(text) : []
    if (!urlHint.test(text)) return tags
    let next = 0
    const urls = matches(text, scriptUrl, ({ index: start, 0: url }) => {
      const end = start + url.length
      while (next < tags.length && tags[next]!.end <= start) next++
      if (next < tags.length && tags[next]!.start < end) return undefined
      return { rule: 'script-url', score: 0.9, neutral: `unsafe:${url}` }
    })
    if (urls.length === 0) return tags
    return [...tags, ...urls].sort((a, b) => a.start - b.start)
  },
}
