/** Elements of HTML that have no end tag. */
const voids = new Set(['meta', 'br', 'img', 'link', 'input', 'hr'])

/**
 * For tests: what keeps `text` from being well-formed XML, undefined if nothing does. With `html`, elements without end
 * tags are allowed and a style element's content isn't looked at.
 */
export const malformed = (text: string, html = false): string | undefined => {
  const body = text
    .replace(/^<\?xml[^>]*\?>|^<!doctype html>/i, '')
    .replace(html ? /<style>[^<]*<\/style>/g : /(?!)/g, '')
  const open: string[] = []
  let roots = 0
  let at = 0
  for (const tag of body.matchAll(/<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const between = body.slice(at, tag.index)
    if (/[<]/.test(between)) return `a stray < in ${JSON.stringify(between.slice(0, 60))}`
    if (/&(?!(amp|lt|gt|quot|#39);)/.test(between + (tag[3] ?? ''))) return `a stray & near ${tag[0].slice(0, 80)}`
    if (open.length === 0 && between.trim() !== '') return 'text outside the root'
    at = tag.index + tag[0].length
    const name = tag[2]!
    const names = [...(tag[3] ?? '').matchAll(/([\w:-]+)="/g)].map(([, attribute]) => attribute)
    if (new Set(names).size !== names.length) return `an attribute twice in ${tag[0]}`
    if (tag[1] === '/') {
      if (open.pop() !== name) return `</${name}> closes something else`
    } else if (tag[4] !== '/' && !(html && voids.has(name))) {
      if (open.length === 0) roots++
      open.push(name)
    }
  }
  if (body.slice(at).trim() !== '') return `text after the root: ${body.slice(at, at + 60)}`
  if (open.length > 0) return `<${open.at(-1)}> is not closed`
  return roots === 1 ? undefined : `${roots} roots`
}
