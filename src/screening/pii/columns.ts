import { type PiiKind, piiKinds } from './hit.ts'
import { columnNames } from './words/column-names.ts'

/** Words that make a column one about the data ("email_verified", "phone_type"), not the data. */
const about = new Set(
  `is has count counts type types flag status sent opened verified valid confirmed bounced opt consent length len number_of total avg average score preference preferred provider domain class category
  version format enabled allowed required num_of hash hashed hint expiry expires changed updated created budget reset id_count ratio rate pct percent cost price tariff range`.split(
    /\s+/,
  ),
)

const longestPhrase = 5
const longestName = 200
const mostNames = 4096
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** The words of a column name: split at case changes, digits' ends and everything that is no letter or digit. */
const wordsOf = (name: string): readonly string[] =>
  name
    .slice(0, longestName)
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .map(plain)

interface Meaning {
  readonly kind: PiiKind
  readonly wholeOnly: boolean
}

const meanings = (() => {
  const found = new Map<string, Meaning[]>()
  for (const kind of piiKinds)
    for (const entry of columnNames[kind].split(',').map((phrase) => phrase.trim())) {
      const key = plain(entry.replace('=', '')).replaceAll(' ', '')
      found.set(key, [...(found.get(key) ?? []), { kind, wholeOnly: entry.startsWith('=') }])
    }
  return found
})()

export interface ColumnKind {
  readonly kind: PiiKind
  readonly score: number
}

const suggested = (name: string): readonly ColumnKind[] => {
  const words = wordsOf(name)
  const scores = new Map<PiiKind, number>()
  if (words.some((word) => about.has(word))) return []
  for (let first = 0; first < words.length; first++)
    for (let last = first; last < Math.min(words.length, first + longestPhrase); last++) {
      const whole = first === 0 && last === words.length - 1
      for (const { kind, wholeOnly } of meanings.get(words.slice(first, last + 1).join('')) ?? []) {
        if (wholeOnly && !whole) continue
        const score = whole ? 0.9 : Math.max(0.6, 0.8 - 0.05 * (words.length - (last - first + 1)))
        scores.set(kind, Math.max(scores.get(kind) ?? 0, score))
      }
    }
  return [...scores].map(([kind, score]) => ({ kind, score })).sort((a, b) => b.score - a.score)
}

/** What is known of a column by its name. */
export interface NamedColumn {
  readonly kinds: readonly ColumnKind[]
  readonly scores: ReadonlyMap<PiiKind, number>
  /** The name as phrases are written: letters and digits only, in lower case. */
  readonly joined: string
}

/** Answers by name: tables have few columns and many cells, and looking a name up is dear. */
const known = new Map<string, NamedColumn>()

/** What a column's name says, looked up once a name. */
export const namedColumn = (name: string): NamedColumn => {
  const before = known.get(name)
  if (before !== undefined) return before
  const kinds = suggested(name)
  const scores = new Map(kinds.map(({ kind, score }) => [kind, score]))
  const joined = name.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, '')
  const column = { kinds, scores, joined }
  // Names come from files: neither their number nor their length may fill the memory.
  if (known.size >= mostNames) known.clear()
  if (name.length <= longestName) known.set(name, column)
  return column
}

/**
 * What a column's name suggests, the most likely kind first: 0.9 when the name is a known one as a whole, 0.75 when it
 * holds one ("customer_email"), less the more of the name is left over; nothing for names about the data
 * ("email_verified"). Names of some 15 languages, in snake_case, camelCase or with spaces.
 */
export const columnKinds = (name: string): readonly ColumnKind[] => namedColumn(name).kinds
