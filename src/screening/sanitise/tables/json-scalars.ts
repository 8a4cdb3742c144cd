/** A string, a number or a key in a line of JSON, by its place in the line. */
export interface JsonScalar {
  readonly start: number
  readonly end: number
  readonly type: 'string' | 'number' | 'key'
  /** `user.emails[]`: where it stands. */
  readonly path: string
  /** The last key of that path. */
  readonly name: string
}

interface Level {
  readonly array: boolean
  readonly path: string
  key: string
}

const stringEnd = (line: string, at: number): number => {
  for (let i = at + 1; i < line.length; i++) {
    if (line[i] === '\\') i++
    else if (line[i] === '"') return i + 1
  }
  return line.length
}

const scalar = /[^\s,\]}]+/y

/** The strings, numbers and keys of a line that JSON.parse accepts, in order. */
export function* jsonScalars(line: string): Generator<JsonScalar> {
  const levels: Level[] = []
  let isKey = false
  const place = () => {
    const level = levels.at(-1)
    if (level === undefined) return { path: '', name: '' }
    if (level.array) return { path: `${level.path}[]`, name: level.key }
    return { path: level.path === '' ? level.key : `${level.path}.${level.key}`, name: level.key }
  }
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!
    const level = levels.at(-1)
    if (c === '{' || c === '[') {
      const { path, name } = place()
      levels.push({ array: c === '[', path, key: name })
      isKey = c === '{'
    } else if (c === '}' || c === ']') {
      levels.pop()
      isKey = false
    } else if (c === ',') isKey = level?.array === false
    else if (c === ':') isKey = false
    else if (c === '"') {
      const end = stringEnd(line, i)
      if (isKey && level !== undefined) level.key = JSON.parse(line.slice(i, end)) as string
      yield { start: i, end, type: isKey ? 'key' : 'string', ...place() }
      i = end - 1
    } else if (c > ' ') {
      scalar.lastIndex = i
      const end = i + (scalar.exec(line)?.[0].length ?? 1)
      if (c === '-' || (c >= '0' && c <= '9')) yield { start: i, end, type: 'number', ...place() }
      i = end - 1
    }
  }
}

/** Where each UTF-16 unit of a string's value stands in its literal; one entry more for the end. */
export const literalOffsets = (literal: string): readonly number[] => {
  const offsets: number[] = []
  let i = 1
  while (i < literal.length - 1) {
    offsets.push(i)
    i += literal[i] !== '\\' ? 1 : literal[i + 1] === 'u' ? 6 : 2
  }
  offsets.push(i)
  return offsets
}
