/** Parses JSON; undefined where it is none. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\ufeff/, '').replace(/\0+$/, ''))
  } catch {
    return undefined
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every object within a JSON value with the path to it, parents first. Iterative: hostile files nest deep. */
export function* recordsIn(
  root: unknown,
): Generator<{ readonly record: Readonly<Record<string, unknown>>; readonly path: string }> {
  const open: { readonly value: unknown; readonly path: string }[] = [{ value: root, path: '' }]
  while (open.length > 0) {
    const { value, path } = open.pop()!
    if (typeof value !== 'object' || value === null) continue
    if (isRecord(value)) yield { record: value, path }
    const shown = path.length > 200 ? '…' : path
    for (const [key, child] of Object.entries(value).reverse())
      if (typeof child === 'object')
        open.push({ value: child, path: shown === '' ? key.slice(0, 60) : `${shown}.${key.slice(0, 60)}` })
  }
}

/** Names that stand more than once in an object of the JSON text, at its top level; JSON.parse keeps the last one only. */
export const duplicateKeys = (text: string): readonly string[] => {
  const seen = new Set<string>()
  const twice = new Set<string>()
  let depth = 0
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    const token = match[0]
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (match[1] !== undefined && depth === 1) {
      const key = token.slice(0, -match[1].length)
      if (seen.has(key)) twice.add(key)
      seen.add(key)
    }
  }
  return [...twice]
}
