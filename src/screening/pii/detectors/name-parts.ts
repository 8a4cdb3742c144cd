import { hasDigit, hasLower, isUnspaced, type Scan, startsUpper, wordAt } from '../scan.ts'
import { folded, isFamily, isGiven, isNoName, nameBits } from '../words/name-index.ts'
import { cyrillicEndings, familyEndings, particles, strongEndings } from '../words/person-context.ts'

export const mostParts = 5

/** One part of a name: a word, or words joined by a hyphen or an apostrophe. */
export interface Part {
  readonly start: number
  readonly end: number
  /** First and last word. */
  readonly first: number
  readonly last: number
  readonly bits: number
  readonly initial: boolean
  readonly capitals: boolean
  readonly ending: boolean
  /** The ending is one that names alone have. */
  readonly strong: boolean
  /** A lower-case particle. */
  readonly particle: boolean
}

export const gapAfter = ({ text, starts, ends, count }: Scan, word: number): string =>
  word + 1 < count ? text.slice(ends[word], Math.min(starts[word + 1]!, ends[word]! + 4)) : '\n'

const particle = (base: Pick<Part, 'start' | 'end' | 'first' | 'last'>): Part => ({
  ...base,
  bits: 0,
  initial: false,
  capitals: false,
  ending: false,
  strong: false,
  particle: true,
})

const partAt = (scan: Scan, word: number): Part | undefined => {
  const { text, starts, ends, flags, count } = scan
  if (word >= count || flags[word]! & (isUnspaced | hasDigit)) return undefined
  const written = wordAt(scan, word)
  const base = { start: starts[word]!, end: ends[word]!, first: word, last: word }
  if (!(flags[word]! & startsUpper)) {
    return particles.has(written) ? particle(base) : undefined
  }
  if (written.length > 24) return undefined
  let last = word
  let bits = nameBits(written)
  // "Gloria Di Rocco", "Karel Van Dam": a particle may have a capital.
  if (bits & isNoName && written.length > 1) return particles.has(written.toLowerCase()) ? particle(base) : undefined
  const initial = written.length === 1
  while (
    last + 1 < count &&
    last - word < 2 &&
    flags[last + 1]! & startsUpper &&
    starts[last + 1]! - ends[last]! === 1 &&
    "-'’".includes(text[ends[last]!]!)
  ) {
    last++
    bits |= nameBits(wordAt(scan, last)) & (isGiven | isFamily | isNoName)
  }
  if (flags[last]! & hasDigit) return undefined
  const capitals = !(flags[last]! & hasLower) && ends[last]! - base.start > 1
  return {
    ...base,
    last,
    end: ends[last]!,
    bits,
    initial: initial && last === word,
    capitals,
    ending: false,
    strong: false,
    particle: false,
  }
}

/** The part with what its ending says; only names of several parts are asked. */
const withEnding = (scan: Scan, part: Part): Part => {
  if (part.particle || part.initial) return part
  const key = folded(wordAt(scan, part.last))
  const ending =
    key.length > 4 && (familyEndings.test(key) || cyrillicEndings.test(key) || /^(?:mc|mac)[a-z]{4}/.test(key))
  const strong = ending && (strongEndings.test(key) || cyrillicEndings.test(key))
  const prefixed = part.last > part.first && /^[OD]['’]/.test(scan.text.slice(part.start, part.start + 2))
  return { ...part, ending: ending || prefixed, strong: strong || prefixed }
}

/** The parts from a word on that stand one after another on a line, up to an ordinary word. */
export const partsFrom = (scan: Scan, word: number): readonly Part[] => {
  const parts: Part[] = []
  let at = word
  while (parts.length < mostParts + 2) {
    const part = partAt(scan, at)
    if (!part || (part.bits & isNoName && !part.initial)) break
    parts.push(part)
    const gap = gapAfter(scan, part.last)
    if (gap !== ' ' && gap !== '\u00a0' && !(part.initial && (gap === '. ' || gap === '.'))) break
    at = part.last + 1
  }
  while (parts.at(-1)?.particle) parts.pop()
  return parts.length > 1 ? parts.map((part) => withEnding(scan, part)) : parts
}
