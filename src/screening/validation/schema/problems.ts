import type { z } from 'zod'
import { nearest } from '../../../base/registry.ts'
import type { SchemaProblem } from './document.ts'
import type { SchemaPath } from './model.ts'

type Issue = z.core.$ZodIssue

/** The keys that may stand at a path, for naming the one that was meant. */
export type KnownKeys = (path: SchemaPath) => readonly string[]

/** As one would write it in a sentence: columns.age.rules[0]. */
export const pathText = (path: SchemaPath): string =>
  path.map((key, level) => (typeof key === 'number' ? `[${key}]` : `${level === 0 ? '' : '.'}${key}`)).join('')

const words: Readonly<Record<string, string>> = {
  object: 'a mapping of keys',
  record: 'a mapping of keys',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

const sentence = (issue: Issue): string => {
  if (issue.code === 'invalid_type') return `expected ${words[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_small')
    return issue.origin === 'number' || issue.origin === 'int'
      ? `must be ${issue.inclusive ? 'at least' : 'greater than'} ${issue.minimum}`
      : 'must not be empty'
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`
  return issue.message
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length <= 40 ? text : `${text.slice(0, 37)}...`
}

const valueAt = (root: unknown, path: SchemaPath): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    root,
  )

/** `unknown key "mni"; did you mean "min"?`, or the known ones. */
export const unknownKey = (path: SchemaPath, key: string, known: readonly string[]): SchemaProblem => {
  const meant = nearest(key, known)
  const where = path.length === 0 ? '' : ` in ${pathText(path)}`
  const help = meant === undefined ? `known: ${known.join(', ')}` : `did you mean "${meant}"?`
  return { path: [...path, key], onKey: true, message: `unknown key "${key}"${where}; ${help}` }
}

/** zod's issues about `root`, in words. */
export const problemsOf = (issues: readonly Issue[], root: unknown, known: KnownKeys): readonly SchemaProblem[] =>
  issues.flatMap((issue): readonly SchemaProblem[] => {
    const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)))
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, known(path)))
    const found = valueAt(root, path)
    if (found === undefined && issue.code === 'invalid_type')
      return [{ path, onKey: true, message: `${pathText(path) || 'the file'} is missing` }]
    const said = issue.code === 'custom' ? '' : `, found ${shown(found)}`
    return [{ path, message: `${pathText(path) || 'the file'}: ${sentence(issue)}${said}` }]
  })
