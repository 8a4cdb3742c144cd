import type { z } from 'zod'
import { nearest } from '../../base/registry.ts'
import { configJsonSchema } from './json-schema.ts'
import { knownKeys } from './known-keys.ts'
import type { ConfigPath } from './yaml-source.ts'

/** What is wrong with the value at `path`, or with the key itself. */
export interface Problem {
  readonly path: ConfigPath
  readonly onKey: boolean
  readonly message: string
}

type Issue = z.core.$ZodIssue

const joined = (prefix: ConfigPath, path: readonly PropertyKey[]): ConfigPath => [
  ...prefix,
  ...path.map((key) => (typeof key === 'number' ? key : String(key))),
]

/** As one would write it in a sentence: gates[0].norm. */
export const pathText = (path: ConfigPath): string =>
  path.map((key, level) => (typeof key === 'number' ? `[${key}]` : `${level === 0 ? '' : '.'}${key}`)).join('')

const unknownKey = (path: ConfigPath, key: string): Problem => {
  const known = knownKeys(configJsonSchema(), path)
  const meant = nearest(key, known)
  const where = path.length === 0 ? '' : ` in ${pathText(path)}`
  const help = meant === undefined ? `known keys: ${known.join(', ')}` : `did you mean "${meant}"?`
  return { path: [...path, key], onKey: true, message: `unknown key "${key}"${where}; ${help}` }
}

const isMissing = (issue: Issue): boolean => issue.code === 'invalid_type' && /received undefined$/.test(issue.message)

const typeWords: Readonly<Record<string, string>> = {
  object: 'a mapping of keys',
  array: 'a list',
  tuple: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

const sentence = (issue: Issue): string => {
  if (issue.code === 'invalid_type') return `expected ${typeWords[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_small')
    return issue.origin === 'number' || issue.origin === 'int'
      ? `must be ${issue.inclusive ? 'at least' : 'greater than'} ${issue.minimum}`
      : 'must not be empty'
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`
  return issue.message.replace(/^Invalid input: /, '')
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length <= 40 ? text : `${text.slice(0, 37)}...`
}

const valueAt = (root: unknown, path: ConfigPath): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    root,
  )

/**
 * The problems behind zod's issues about `root`, in words and in order of appearance. Of a choice, the variant that
 * got furthest speaks: its problems lie deeper than the choice itself.
 */
export const problemsOf = (issues: readonly Issue[], root: unknown, prefix: ConfigPath = []): readonly Problem[] =>
  issues.flatMap((issue): readonly Problem[] => {
    const path = joined(prefix, issue.path)
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key))
    if (issue.code === 'invalid_union') {
      const deeper = issue.errors.find((variant) => variant.length > 0 && variant.every(reachesInside))
      if (deeper !== undefined) return problemsOf(deeper, root, path)
    }
    if (isMissing(issue)) return [{ path, onKey: true, message: `${pathText(path)} is missing` }]
    const found = issue.code === 'custom' ? '' : `, found ${shown(valueAt(root, path))}`
    return [{ path, onKey: false, message: `${pathText(path) || 'the file'}: ${sentence(issue)}${found}` }]
  })

const reachesInside = (issue: Issue): boolean => issue.path.length > 0 || issue.code === 'custom'
