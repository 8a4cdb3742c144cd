import { BartizanError } from '../errors.ts'
import type { Problem } from './problems.ts'
import { type AliasLimit, type Position, type YamlSource, yamlSource } from './yaml-source.ts'

/** A YAML or JSON file without syntax problems, which can say where others stand. */
export interface YamlFile extends Omit<YamlSource, 'syntaxProblems'> {
  /** As it was named. */
  readonly file: string
  /** CONFIG_INVALID with every problem, each with file, line and column, in order of appearance. */
  readonly error: (problems: readonly Problem[]) => BartizanError
}

interface PlacedProblem extends Position {
  readonly path?: Problem['path']
  readonly message: string
}

const invalid = (file: string, hint: string, problems: readonly PlacedProblem[]): BartizanError => {
  const ordered = [...problems].sort((a, b) => a.line - b.line || a.column - b.column)
  const lines = ordered.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`)
  const count = lines.length === 1 ? '' : `${lines.length} problems in ${file}\n  `
  return new BartizanError('CONFIG_INVALID', count + lines.join('\n  '), { hint, data: { file, problems: ordered } })
}

/** Parses the text of `file`; `hint` helps whoever has to correct it. Throws CONFIG_INVALID with every syntax problem. */
export const yamlFile = (
  text: string,
  { file, hint, maxAliases }: AliasLimit & { readonly file: string; readonly hint: string },
): YamlFile => {
  const { value, syntaxProblems, positionOf, positionOfKey } = yamlSource(text, { maxAliases })
  if (syntaxProblems.length > 0) throw invalid(file, hint, syntaxProblems)
  const placed = ({ path, onKey = false, message }: Problem): PlacedProblem => ({
    path,
    message,
    ...(onKey ? positionOfKey(path) : positionOf(path)),
  })
  return { file, value, positionOf, positionOfKey, error: (problems) => invalid(file, hint, problems.map(placed)) }
}
