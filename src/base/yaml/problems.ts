import type { z } from 'zod'
import { nearest } from '../registry.ts'
import type { YamlPath } from './yaml-source.ts'

/** What is wrong with the value at `path`, or with the key itself. */
export interface Problem {
  readonly path: YamlPath
  readonly onKey?: boolean
  readonly message: string
}

/** The keys that may stand in the mapping at a path, for naming the one that was meant. */
export type KnownKeys = (path: YamlPath) => readonly string[]

type Issue = z.core.$ZodIssue

/** As one would write it in a sentence: gates[0].norm. */
export const pathText = (path: YamlPath): string =>
  path.map((key, level) => (typeof key === 'number' ? `[${key}]` : `${level === 0 ? '' : '.'}${key}`)).join('')

/** `unknown key "mni" in rows; did you mean "min"?`, or the known ones. `what`: what an unknown one is called. */
export const unknownKey = (path: YamlPath, key: string, known: readonly string[], what = 'unknown key'): Problem => {
  const meant = nearest(key, known)
  const where = path.length === 0 ? '' : ` in ${pathText(path)}`
  const help = meant === undefined ? `known keys: ${known.join(', ')}` : `did you mean "${meant}"?`
  return { path: [...path, key], onKey: true, message: `${what} "${key}"${where}; ${help}` }
}

const typeWords: Readonly<Record<string, string>> = {
  object: 'a mapping of keys',
  record: 'a mapping of keys',
  array: 'a list',
  tuple: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

const isNumeric = (origin: string): boolean => origin === 'number' || origin === 'int'
const units = (origin: string): string => (origin === 'string' ? 'characters' : 'entries')

const sentence = (issue: Issue): string => {
  if (issue.code === 'invalid_type') return `expected ${typeWords[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value')
    return `expected ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_small') {
    if (isNumeric(issue.origin)) return `must be ${issue.inclusive ? 'at least' : 'greater than'} ${issue.minimum}`
    return issue.minimum === 1 ? 'must not be empty' : `must have at least ${issue.minimum} ${units(issue.origin)}`
  }
  if (issue.code === 'too_big') {
    if (isNumeric(issue.origin)) return `must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`
    return `must have at most ${issue.maximum} ${units(issue.origin)}`
  }
  return issue.message.replace(/^Invalid input: /, '')
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length <= 40 ? text : `${text.slice(0, 37)}...`
}

const valueAt = (root: unknown, path: YamlPath): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    root,
  )

/** Whether an issue of a choice's variant lies deeper than the choice itself. */
const reachesInside = (issue: Issue): boolean =>
  issue.path.length > 0 || issue.code === 'custom' || issue.code === 'unrecognized_keys'

/**
 * The problems behind zod's issues about `root`, in words and in order of appearance. Of a choice, the variant that
 * got furthest speaks: its problems lie deeper than the choice itself.
 */
export const problemsOf = (
  issues: readonly Issue[],
  root: unknown,
  known: KnownKeys,
  prefix: YamlPath = [],
): readonly Problem[] =>
  issues.flatMap((issue): readonly Problem[] => {
    const path = [...prefix, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))]
    if (issue.code === 'unrecognized_keys') {
      const keys = known(path)
      return issue.keys.map((key) => unknownKey(path, key, keys))
    }
    if (issue.code === 'invalid_union') {
      const deeper = issue.errors.find((variant) => variant.length > 0 && variant.every(reachesInside))
      if (deeper !== undefined) return problemsOf(deeper, root, known, path)
    }
    const name = pathText(path) || 'the file'
    const value = valueAt(root, path)
    if (value === undefined && issue.code === 'invalid_type')
      return [{ path, onKey: true, message: `${name} is missing` }]
    const found = issue.code === 'custom' ? '' : `, found ${shown(value)}`
    return [{ path, message: `${name}: ${sentence(issue)}${found}` }]
  })
