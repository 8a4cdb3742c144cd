import { readFile } from 'node:fs/promises'
import { isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { sha256 } from '../../../base/canonical-json.ts'
import { BartizanError } from '../../../base/errors.ts'
import { statInput } from '../../../data/files.ts'
import { meant } from './action.ts'
import type { PolicyOptions } from './policy.ts'
import { rulesKeys, rulesSchema } from './rules-schema.ts'

export interface RulesFile {
  readonly path: string
  readonly sha256: string
  readonly options: PolicyOptions
}

type Path = readonly (string | number)[]
type Issue = z.core.$ZodIssue
type Problem = { readonly path: Path; readonly message: string }

const mostBytes = 2 ** 20

const pathOf = (path: readonly PropertyKey[]): Path => path.map((key) => (typeof key === 'number' ? key : String(key)))

/** The problems behind zod's issues, in words. Of a choice, the variant that got furthest speaks. */
const problemsOf = (issues: readonly Issue[], prefix: Path = []): readonly Problem[] =>
  issues.flatMap((issue): readonly Problem[] => {
    const path = [...prefix, ...pathOf(issue.path)]
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `unknown key "${key}"; ${meant(key, rulesKeys(path))}`,
      }))
    if (issue.code === 'invalid_union') {
      const variant = issue.errors.find((errors) =>
        errors.every((one) => one.path.length > 0 || one.code === 'unrecognized_keys'),
      )
      if (variant !== undefined) return problemsOf(variant, path)
      return [{ path, message: `${path.join('.')}: expected "skip" or a mapping of as, action, actions, min-score` }]
    }
    return [
      { path, message: `${path.join('.') || 'the file'}: ${issue.message.replace(/^Invalid (?:input|option): /, '')}` },
    ]
  })

/** Parses a rules file's text. Throws CONFIG_INVALID with every problem, each with file, line and column. */
export const parseRules = (text: string, file: string): PolicyOptions => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const refuse = (problems: readonly { line: number; column: number; message: string }[]): never => {
    const ordered = [...problems].sort((a, b) => a.line - b.line || a.column - b.column)
    const shown = ordered.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`)
    throw new BartizanError('CONFIG_INVALID', shown.join('\n  '), {
      hint: 'docs/how-to/sanitise-data.md shows a rules file',
      data: { file, problems: ordered },
    })
  }
  /** Of the key at the end of `path`, or of the nearest part that exists. */
  const placeOf = (path: Path) => {
    for (let length = path.length; length > 0; length--) {
      const parent = document.getIn(path.slice(0, length - 1), true)
      const pair = isMap(parent)
        ? parent.items.find((item) => isPair(item) && String(item.key) === String(path[length - 1]))
        : undefined
      if (isNode(pair?.key) && pair.key.range) return at(pair.key.range[0])
    }
    return at(0)
  }
  if (document.errors.length > 0) refuse(document.errors.map(({ message, pos }) => ({ message, ...at(pos[0]) })))
  const parsed = rulesSchema.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {})
  if (!parsed.success)
    return refuse(problemsOf(parsed.error.issues).map(({ path, message }) => ({ message, ...placeOf(path) })))
  const { actions, columns, regions, nfc, 'min-score': minScore } = parsed.data
  return {
    ...(actions && { actions }),
    ...(columns && { columns }),
    ...(regions && { regions }),
    ...(nfc !== undefined && { nfc }),
    ...(minScore !== undefined && { minScore }),
  }
}

export const readRules = async (path: string): Promise<RulesFile> => {
  const { size } = await statInput(path)
  if (size > mostBytes)
    throw new BartizanError('CONFIG_INVALID', `${path} has ${size} bytes; a rules file has at most ${mostBytes}`, {
      hint: 'is this the right file? The data go first on the command line',
      data: { path, bytes: size },
    })
  const text = await readFile(path, 'utf8')
  return { path, sha256: sha256(text), options: parseRules(text, path) }
}
