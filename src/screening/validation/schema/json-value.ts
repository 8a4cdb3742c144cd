import { pathText, unknownKey } from '../../../base/yaml/problems.ts'
import type { SchemaDocument } from './document.ts'
import type { SchemaPath } from './model.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** Throws CONFIG_INVALID for the keys of the object at `path` that aren't known; `what`: what such a key is called. */
export const refuseUnknown = (
  document: SchemaDocument,
  value: JsonObject,
  path: SchemaPath,
  known: readonly string[],
  what?: string,
): void => {
  const unknown = Object.keys(value).filter((key) => !known.includes(key))
  if (unknown.length > 0) throw document.error(unknown.map((key) => unknownKey(path, key, known, what)))
}

/** Reads members of one object of a schema document by type. Each throws CONFIG_INVALID with the place. */
export interface MemberReader {
  readonly path: SchemaPath
  at(key: string | number): SchemaPath
  text(key: string): string | undefined
  number(key: string): number | undefined
  count(key: string): number | undefined
  flag(key: string): boolean | undefined
  scalars(key: string): readonly (string | number | boolean)[] | undefined
  /** A list of text; a single text counts as a list of one. */
  texts(key: string): readonly string[] | undefined
  object(key: string): JsonObject | undefined
  fail(key: string, message: string): never
}

export const memberReader = (document: SchemaDocument, value: JsonObject, path: SchemaPath): MemberReader => {
  const at = (key: string | number): SchemaPath => [...path, key]
  const fail = (key: string, message: string): never => {
    throw document.error([{ path: at(key), onKey: true, message: `${pathText(at(key))}: ${message}` }])
  }
  const read =
    <T>(isRight: (member: unknown) => member is T, expected: string) =>
    (key: string): T | undefined => {
      const member = value[key]
      if (member === undefined) return undefined
      return isRight(member) ? member : fail(key, `expected ${expected}, found ${JSON.stringify(member)?.slice(0, 40)}`)
    }
  const isText = (member: unknown): member is string => typeof member === 'string'
  const isTexts = (member: unknown): member is string | readonly string[] =>
    isText(member) || (Array.isArray(member) && member.length > 0 && member.every(isText))
  const texts = read(isTexts, 'text or a list of text')
  return {
    path,
    at,
    fail,
    text: read(isText, 'text'),
    number: read((member): member is number => Number.isFinite(member), 'a number'),
    count: read(isCount, 'a whole number from 0 on'),
    flag: read((member): member is boolean => typeof member === 'boolean', 'true or false'),
    scalars: read(
      (member): member is readonly (string | number | boolean)[] =>
        Array.isArray(member) && member.length > 0 && member.every(isScalar),
      'a list of text, numbers, true or false',
    ),
    texts: (key) => {
      const found = texts(key)
      return typeof found === 'string' ? [found] : found
    },
    object: read(isObject, 'an object'),
  }
}
