/** What Python's json takes beyond the standard, and texts, within which it stands for itself. */
const beyondStandard = /"(?:[^"\\]|\\[\s\S])*"|-?\bInfinity\b|\bNaN\b/g

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Parses JSON as Python does, which takes NaN and Infinity as numbers (here null); undefined where it is none. */
export const parseJson = (text: string): unknown => {
  const bare = text.replace(/^\ufeff/, '').replace(/\0+$/, '')
  const value = parsed(bare)
  if (value !== undefined || !/NaN|Infinity/.test(bare)) return value
  return parsed(bare.replace(beyondStandard, (token) => (token.startsWith('"') ? token : 'null')))
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

/** Names that stand more than once in one object of the JSON text, escapes apart; JSON.parse keeps the last one only. */
export const duplicateKeys = (text: string): readonly string[] => {
  const open: Set<string>[] = []
  const twice = new Set<string>()
  for (const [token, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') open.push(new Set())
    else if (token === '}' || token === ']') open.pop()
    else if (colon !== undefined) {
      const key = String(parsed(token.slice(0, -colon.length)))
      if (open.at(-1)?.has(key)) twice.add(key)
      open.at(-1)?.add(key)
    }
  }
  return [...twice]
}
