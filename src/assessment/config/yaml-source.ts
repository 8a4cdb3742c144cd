import { type Document, isMap, isNode, isPair, LineCounter, type Node, parseDocument } from 'yaml'

export type ConfigPath = readonly (string | number)[]

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
  readonly value: unknown
  readonly syntaxProblems: readonly SyntaxProblem[]
  /** Where the value at `path` stands; of the nearest enclosing value, where `path` leads nowhere. */
  readonly positionOf: (path: ConfigPath) => Position
  /** Where the key itself stands, not its value. */
  readonly positionOfKey: (path: ConfigPath) => Position
}

/** Parses YAML 1.2, keeping positions. Aliases are bounded, so a nest of them can't grow without limit. */
export const yamlSource = (text: string): YamlSource => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const nodeAt = (path: ConfigPath): Node | undefined => {
    const node = document.getIn(path, true)
    return isNode(node) ? node : undefined
  }
  const positionOf = (path: ConfigPath): Position => {
    for (let length = path.length; length >= 0; length--) {
      const range = nodeAt(path.slice(0, length))?.range
      if (range) return at(range[0])
    }
    return { line: 1, column: 1 }
  }
  const positionOfKey = (path: ConfigPath): Position => {
    const parent = path.length === 0 ? undefined : nodeAt(path.slice(0, -1))
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && String(item.key) === String(path.at(-1)))
      if (isNode(pair?.key) && pair.key.range) return at(pair.key.range[0])
    }
    return positionOf(path)
  }
  const written = document.errors.map(({ message, pos }): SyntaxProblem => ({ message, ...at(pos[0]) }))
  const { value, problem } = written.length > 0 ? {} : plainValue(document)
  const syntaxProblems = problem === undefined ? written : [{ message: problem, line: 1, column: 1 }]
  return { value, syntaxProblems, positionOf, positionOfKey }
}

const plainValue = (document: Document.Parsed): { readonly value?: unknown; readonly problem?: string } => {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'it holds an alias that leads nowhere' }
  }
}
