import { wordsBefore } from '../context.ts'
import { clamp, type Detector, type Emit } from '../detector.ts'
import { hasDigit, hasLower, isUnspaced, type Scan, startsUpper, wordAt } from '../scan.ts'
import { folded, isDoubtful, isFamily, isGiven, isNoName, nameBits } from '../words/name-index.ts'
import {
  cyrillicEndings,
  familyEndings,
  namePhrases,
  particles,
  patronymic,
  strongEndings,
  titles,
} from '../words/person-context.ts'
import { institutions, personVerbs, placePrefixes } from '../words/person-neighbours.ts'
import { eastAsianNames } from './east-asian-person.ts'

const mostParts = 5

/** One part of a name: a word, or words joined by a hyphen or an apostrophe. */
interface Part {
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

const gapAfter = ({ text, starts, ends, count }: Scan, word: number): string =>
  word + 1 < count ? text.slice(ends[word], Math.min(starts[word + 1]!, ends[word]! + 4)) : '\n'

const partAt = (scan: Scan, word: number): Part | undefined => {
  const { text, starts, ends, flags, count } = scan
  if (word >= count || flags[word]! & (isUnspaced | hasDigit)) return undefined
  const written = wordAt(scan, word)
  const base = { start: starts[word]!, end: ends[word]!, first: word, last: word }
  if (!(flags[word]! & startsUpper)) {
    return particles.has(written)
      ? { ...base, bits: 0, initial: false, capitals: false, ending: false, strong: false, particle: true }
      : undefined
  }
  if (written.length > 24) return undefined
  let last = word
  let bits = nameBits(written)
  if (bits & isNoName && written.length > 1) return undefined
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
  const whole = text.slice(base.start, ends[last])
  if (flags[last]! & hasDigit) return undefined
  const capitals = !(flags[last]! & hasLower) && whole.length > 1
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
  return { ...part, ending: ending || prefixed, strong }
}

/** The parts from a word on that stand one after another on a line, up to an ordinary word. */
const partsFrom = (scan: Scan, word: number): readonly Part[] => {
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

interface Verdict {
  readonly score: number
  readonly evidence: readonly string[]
}

const sure = (bits: number, wanted: number): boolean => (bits & wanted) !== 0 && !(bits & isDoubtful)

/** How likely the parts are one person's name by themselves: the tables of `docs/how-to/find-personal-data.md`. */
const judge = (parts: readonly Part[]): Verdict => {
  const full = parts.filter(({ initial, particle }) => !initial && !particle)
  const [one] = full
  const last = full.at(-1)
  if (!one || !last) return { score: 0, evidence: [] }
  if (full.length === 1) {
    if (parts.length > 1 && one.bits & isFamily && parts[0]!.initial)
      return { score: one.bits & isDoubtful ? 0.45 : 0.6, evidence: ['initial', 'family name'] }
    if (parts.length > 1 && parts[0]!.initial && one.ending)
      return { score: 0.55, evidence: ['initial', 'family name ending'] }
    return sure(one.bits, isGiven)
      ? { score: 0.3, evidence: ['given name alone'] }
      : { score: one.bits & (isGiven | isFamily) ? 0.15 : 0, evidence: [] }
  }

  if (sure(one.bits, isGiven)) {
    if (sure(last.bits, isFamily)) return { score: 0.9, evidence: ['given name', 'family name'] }
    if (last.bits & isFamily || last.ending)
      return { score: 0.8, evidence: ['given name', last.ending ? 'family name ending' : 'family name'] }
    return { score: last.bits & isGiven ? 0.6 : 0.65, evidence: ['given name', 'capital'] }
  }
  if (one.bits & isGiven) {
    if (sure(last.bits, isFamily)) return { score: 0.7, evidence: ['given name', 'family name'] }
    if (last.ending) return { score: 0.6, evidence: ['given name', 'family name ending'] }
    return last.bits & isFamily
      ? { score: 0.45, evidence: ['given name', 'family name'] }
      : { score: 0.3, evidence: ['given name'] }
  }
  if (sure(one.bits, isFamily) && sure(last.bits, isGiven))
    return { score: 0.75, evidence: ['family name', 'given name'] }
  if (sure(last.bits, isFamily)) return { score: 0.5, evidence: ['family name'] }
  if (last.strong && !(one.bits & (isDoubtful | isNoName)) && one.end < last.start)
    return { score: 0.55, evidence: ['family name ending'] }
  if (last.ending && one.bits === 0) return { score: 0.35, evidence: ['family name ending'] }
  return { score: 0.1, evidence: [] }
}

interface Before {
  readonly title?: string
  readonly phrase?: string
  readonly place?: boolean
}

/** What may stand between a title or an introduction and the name. */
const gaps: ReadonlySet<string> = new Set(
  [
    ' ',
    '\u00a0',
    ': ',
    ':',
    ', ',
    '. ',
    '.',
    ' : ',
    '. : ',
    ' - ',
    ' – ',
    '="',
    ': "',
    ':"',
    '=',
    " '",
    ' "',
    ' (',
    '\t',
    ':\t',
    ' = ',
  ].concat(['  ', ':  ']),
)

/** What stands just before a word: a title, or a phrase such as `my name is` (`mynameis`). */
const before = (scan: Scan, first: number): Before => {
  const { starts, ends, text } = scan
  if (first === 0 || starts[first]! - ends[first - 1]! > 4) return {}
  const gap = text.slice(ends[first - 1], starts[first])
  if (!gaps.has(gap)) return {}
  const word = wordAt(scan, first - 1).toLowerCase()
  if (titles.has(word)) return { title: word }
  if (gap.startsWith('.')) return {}
  let joined = ''
  let phrase: string | undefined
  for (const one of wordsBefore(scan, starts[first]!, 4)) {
    joined = one + joined
    if (namePhrases.has(joined)) phrase = joined
  }
  return { phrase, place: placePrefixes.has(word) }
}

/** Whether the word before is a title; most capitals begin a sentence, and this is all that is asked of those. */
const titledBefore = (scan: Scan, first: number): boolean =>
  first > 0 &&
  scan.ends[first - 1]! - scan.starts[first - 1]! <= 12 &&
  titles.has(wordAt(scan, first - 1).toLowerCase())

const emitRun = (scan: Scan, parts: readonly Part[], emit: Emit, minScore: number): void => {
  const { text, flags, count } = scan
  const start = parts[0]!.start
  const end = parts.at(-1)!.end
  const full = parts.filter(({ initial, particle }) => !initial && !particle)
  if (full.length === 0 || (parts.length === 1 && parts[0]!.bits === 0 && !titledBefore(scan, parts[0]!.first))) return
  const verdict = judge(parts)
  let { score } = verdict
  const evidence = [...verdict.evidence]
  if (full.length > 2 && full.slice(1).some(({ first }) => patronymic.test(wordAt(scan, first).toLowerCase()))) {
    score = Math.max(score, 0.85)
    evidence.push('patronymic')
  }
  const introduced = before(scan, parts[0]!.first)
  if (introduced.title !== undefined) {
    // A title makes a person of any capitalised word: "Herr Runge", "Dr. Jekyll".
    score = Math.max(score + 0.2, full.length > 1 ? 0.85 : full[0]!.bits & isNoName ? 0 : 0.75)
    evidence.push(`title: "${introduced.title}"`)
  } else if (introduced.phrase !== undefined) {
    score = Math.max(
      score + 0.2,
      full.length > 1 ? 0.6 : sure(full[0]!.bits, isGiven) ? 0.6 : sure(full[0]!.bits, isFamily) ? 0.55 : 0,
    )
    evidence.push(`context: "${introduced.phrase}"`)
  }
  const next = parts.at(-1)!.last + 1
  if (next < count && scan.starts[next]! - end <= 2 && !/[\n,;.!?]/.test(text.slice(end, scan.starts[next]))) {
    const word = wordAt(scan, next)
    const key = word.toLowerCase()
    if (flags[next]! & startsUpper && institutions.has(key)) score -= 0.5
    else if (personVerbs.has(key) && full.length > 1) {
      score += 0.1
      evidence.push(`context: "${key}"`)
    }
  }
  if (introduced.place) score -= 0.4
  if (parts.some(({ capitals }) => capitals)) score -= full.every(({ capitals }) => capitals) ? 0.15 : 0.3
  if (/[@_\\/#$]/.test(text[start - 1] ?? ' ') || /^(?:[@_\\/]|\.\w|:\/\/|\()/.test(text.slice(end, end + 3)))
    score -= 0.5
  if (score >= minScore)
    emit({ kind: 'person', start, end, score: clamp(score), rule: full.length > 1 ? 'full-name' : 'name', evidence })
}

const cell = /^\p{Lu}?[\p{L}\p{M}][\p{L}\p{M}'’.,\- ]{0,59}$/u

/**
 * Names of people: runs of capitalised words judged by lists of given and family names, endings, titles and what
 * introduces a name. A word of ordinary language, digits, and codes in capitals are no names; one given name alone
 * scores low.
 */
export const person: Detector = {
  kinds: ['person'],
  find(scan, emit, minScore) {
    const { text, nameWords, flags, column } = scan
    const trimmed = text.trim()
    if (column.has('person') && trimmed !== '' && trimmed.length <= 60 && cell.test(trimmed)) {
      const start = text.indexOf(trimmed)
      const known = scan.nameWords.some((word) => nameBits(wordAt(scan, word)) & (isGiven | isFamily))
      const only = nameWords.length > 0 && nameWords.every((word) => nameBits(wordAt(scan, word)) & isNoName)
      if (!only)
        emit({
          kind: 'person',
          start,
          end: start + trimmed.length,
          score: known ? 0.95 : 0.8,
          rule: 'name-column',
          evidence: [...(known ? ['known name'] : []), 'column name'],
        })
      return
    }
    let done = -1
    for (const word of nameWords) {
      if (word <= done) continue
      if (flags[word]! & isUnspaced) {
        eastAsianNames(scan, word, emit)
        continue
      }
      const parts = partsFrom(scan, word)
      if (parts.length === 0) continue
      done = parts.at(-1)!.last
      // "Family, Given" is one name too.
      const single =
        parts.length === 1 && parts[0]!.bits & isFamily && gapAfter(scan, done) === ', '
          ? partsFrom(scan, done + 1)
          : []
      const [given] = single
      if (
        given &&
        single.length <= 2 &&
        sure(given.bits, isGiven) &&
        sure(parts[0]!.bits, isFamily) &&
        !parts[0]!.capitals
      ) {
        done = single.at(-1)!.last
        emit({
          kind: 'person',
          start: parts[0]!.start,
          end: single.at(-1)!.end,
          score: 0.75,
          rule: 'family-first',
          evidence: ['family name', 'given name'],
        })
        continue
      }
      // Words before the first known given name belong to the sentence, not to the name.
      const from = parts.findIndex(({ bits, initial }) => bits & isGiven && !initial)
      const lead =
        from > 0 &&
        from < parts.length - 1 &&
        parts
          .slice(0, from)
          .every(({ bits, initial, ending, particle }) => !(bits & isFamily) && !initial && !ending && !particle)
          ? from
          : 0
      emitRun(scan, parts.slice(lead, lead + mostParts), emit, minScore)
    }
  },
}
