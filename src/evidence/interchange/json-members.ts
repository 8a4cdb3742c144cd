import { z } from 'zod'

const members = z.record(z.string(), z.unknown())

/** The members of an object of JSON; none where it is something else. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> => members.safeParse(value).data ?? {}

/** A list as it is, one value as a list of one, and nothing as an empty one. */
export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]

/** What a text of JSON holds; undefined where it is none. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
