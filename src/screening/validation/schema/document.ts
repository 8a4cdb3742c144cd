import { readFile } from 'node:fs/promises'
import { isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml'
import { sha256 } from '../../../base/canonical-json.ts'
import { BartizanError } from '../../../base/errors.ts'
import { statInput } from '../../../data/files.ts'
import type { SchemaPath } from './model.ts'

/** Something wrong with the value at `path`, or with the key itself. */
export interface SchemaProblem {
  readonly path: SchemaPath
  readonly onKey?: boolean
  readonly message: string
}

/** A schema file's value, and where each part of it stands. YAML 1.2, of which JSON is a part. */
export interface SchemaDocument {
  readonly file: string
  readonly sha256: string
  readonly value: unknown
  /** CONFIG_INVALID with every problem, each with file, line and column, in order of appearance. */
  error(problems: readonly SchemaProblem[]): BartizanError
}

const maxBytes = 4 << 20

/** Reads a schema file. Throws FILE_NOT_FOUND, FILE_UNREADABLE, and CONFIG_INVALID where it is no YAML or JSON. */
export const readSchemaDocument = async (file: string): Promise<SchemaDocument> => {
  const stats = await statInput(file)
  if (!stats.isFile()) throw invalid(file, [`${file} is a folder; name the schema file itself`])
  if (stats.size > maxBytes) throw invalid(file, [`${file} has ${stats.size} bytes; a schema has at most ${maxBytes}`])
  return parseSchemaDocument(await readFile(file, 'utf8'), file)
}

export const parseSchemaDocument = (text: string, file: string): SchemaDocument => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const placeOf = (path: SchemaPath, onKey: boolean): Place => {
    for (let length = path.length; length > 0; length--) {
      const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
      const pair = isMap(parent)
        ? parent.items.find((item) => isPair(item) && String(item.key) === String(path[length - 1]))
        : undefined
      const node = document.getIn(path.slice(0, length), true)
      const target = (onKey || !isNode(node)) && isNode(pair?.key) ? pair.key : node
      if (isNode(target) && target.range) return at(target.range[0])
    }
    return { line: 1, column: 1 }
  }
  const syntax = document.errors.map(({ message, pos }) => ({ ...at(pos[0]), message }))
  if (syntax.length > 0) throw invalid(file, placed(file, syntax))
  return {
    file,
    sha256: sha256(text),
    value: plainValue(document, file),
    error: (problems) =>
      invalid(
        file,
        placed(
          file,
          problems.map(({ path, onKey = false, message }) => ({ ...placeOf(path, onKey), message })),
        ),
      ),
  }
}

interface Place {
  readonly line: number
  readonly column: number
}

const placed = (file: string, problems: readonly (Place & { readonly message: string })[]): readonly string[] =>
  [...problems]
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`)

const plainValue = (document: ReturnType<typeof parseDocument>, file: string): unknown => {
  try {
    // A nest of aliases could otherwise grow without limit.
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw invalid(file, [
      `${file}:1:1: ${error instanceof Error ? error.message : 'it has an alias that leads nowhere'}`,
    ])
  }
}

const invalid = (file: string, lines: readonly string[]): BartizanError =>
  new BartizanError(
    'CONFIG_INVALID',
    (lines.length === 1 ? '' : `${lines.length} problems in ${file}\n  `) + lines.join('\n  '),
    {
      hint: 'correct the lines named; bartizan data infer FILE writes a commented schema',
      data: { file, problems: lines },
    },
  )
