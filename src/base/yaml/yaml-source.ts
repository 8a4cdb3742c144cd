import {
  type Alias,
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml'

/** Where something stands in a file's value: keys and positions from the top. */
export type YamlPath = readonly (string | number)[]

/** A place in a text file; lines and columns count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface SyntaxProblem extends Position {
  readonly message: string
}

/** The value of a YAML text, and where each part of it stands. */
export interface YamlSource {
  /** Nothing where there are syntax problems. */
  readonly value: unknown
  readonly syntaxProblems: readonly SyntaxProblem[]
  /** Where the value at `path` stands; of the nearest enclosing part, where `path` leads nowhere. */
  readonly positionOf: (path: YamlPath) => Position
  /** Where the key itself stands, not its value. */
  readonly positionOfKey: (path: YamlPath) => Position
}

/** How often and how deep aliases may be used, as `yaml` counts it; 0: not at all. */
export interface AliasLimit {
  readonly maxAliases?: number
}

const pairAt = (parent: unknown, key: string | number) =>
  isMap(parent) ? parent.items.find((pair) => String(pair.key) === String(key)) : undefined

const memberOf = (parent: unknown, key: string | number): unknown =>
  isSeq(parent) ? parent.items[Number(key)] : pairAt(parent, key)?.value

const offsetOf = (part: unknown): number | undefined => (isNode(part) ? part.range?.[0] : undefined)

/**
 * Parses YAML 1.2, of which JSON is a part, keeping positions. Aliases are bounded, so a nest of them can't grow without
 * limit.
 */
export const yamlSource = (text: string, { maxAliases = 100 }: AliasLimit = {}): YamlSource => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const partAt = (path: YamlPath): unknown => path.reduce<unknown>(memberOf, document.contents)
  const keyAt = (path: YamlPath): unknown =>
    path.length === 0 ? undefined : pairAt(partAt(path.slice(0, -1)), path.at(-1)!)?.key
  const positionOf = (path: YamlPath): Position => {
    for (let length = path.length; length >= 0; length--) {
      const part = path.slice(0, length)
      const offset = offsetOf(partAt(part)) ?? offsetOf(keyAt(part))
      if (offset !== undefined) return at(offset)
    }
    return { line: 1, column: 1 }
  }
  const positionOfKey = (path: YamlPath): Position => {
    const offset = offsetOf(keyAt(path))
    return offset === undefined ? positionOf(path) : at(offset)
  }
  const places = { positionOf, positionOfKey }
  if (document.errors.length > 0) {
    const syntaxProblems = document.errors.map(({ message, pos }) => ({ message, ...at(pos[0]) }))
    return { value: undefined, syntaxProblems, ...places }
  }
  const endless = endlessAlias(document)
  if (endless !== undefined) {
    const message = `the alias *${endless.source} stands within what it stands for`
    return { value: undefined, syntaxProblems: [{ message, ...at(offsetOf(endless) ?? 0) }], ...places }
  }
  const unusable = unusableKey(document)
  if (unusable !== undefined) {
    const message = 'the key __proto__ has a meaning of its own in JavaScript, and can not be used'
    return { value: undefined, syntaxProblems: [{ message, ...at(offsetOf(unusable) ?? 0) }], ...places }
  }
  try {
    return { value: document.toJS({ maxAliasCount: maxAliases }), syntaxProblems: [], ...places }
  } catch (error) {
    const message = error instanceof Error ? error.message : 'it holds an alias that leads nowhere'
    return { value: undefined, syntaxProblems: [{ message, line: 1, column: 1 }], ...places }
  }
}

/** The first key that an object of JavaScript would not hold like any other: what stands under it would be lost. */
const unusableKey = (document: Document): Scalar | undefined => {
  let found: Scalar | undefined
  visit(document, {
    Pair: (_, { key }) => {
      if (!isScalar(key) || key.value !== '__proto__') return undefined
      found = key
      return visit.BREAK
    },
  })
  return found
}

/** The first alias inside the list or mapping that it stands for: a value that holds itself has no text to show. */
const endlessAlias = (document: Document): Alias | undefined => {
  let found: Alias | undefined
  visit(document, {
    Alias: (_, alias, above) => {
      if (!above.some((part) => isCollection(part) && part.anchor === alias.source)) return undefined
      found = alias
      return visit.BREAK
    },
  })
  return found
}
