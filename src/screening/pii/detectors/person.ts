import { clamp, type Detector, type Emit } from '../detector.ts'
import { isUnspaced, type Scan, startsUpper, wordAt } from '../scan.ts'
import { isFamily, isGiven, isNoName, nameBits } from '../words/name-index.ts'
import { particles, patronymic } from '../words/person-context.ts'
import { institutions, personVerbs } from '../words/person-neighbours.ts'
import { eastAsianNames } from './east-asian-person.ts'
import { before, isTitle } from './name-context.ts'
import { gapAfter, mostParts, type Part, partsFrom } from './name-parts.ts'
import { judge, sure } from './name-score.ts'

/** Whether the word before is a title; most capitals begin a sentence, and this is all that is asked of those. */
const titledBefore = (scan: Scan, first: number): boolean =>
  first > 0 && scan.ends[first - 1]! - scan.starts[first - 1]! <= 12 && isTitle(scan, first - 1)

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
      full.length > 1 && !introduced.loose
        ? 0.6
        : sure(full[0]!.bits, isGiven)
          ? 0.6
          : sure(full[0]!.bits, isFamily)
            ? 0.55
            : 0,
    )
    evidence.push(`context: "${introduced.phrase}"`)
  }
  const next = parts.at(-1)!.last + 1
  if (next < count && scan.starts[next]! - end <= 2 && !/[\n,;.!?]/.test(text.slice(end, scan.starts[next]))) {
    const word = wordAt(scan, next)
    const key = word.toLowerCase()
    if (flags[next]! & startsUpper && institutions.has(key)) {
      score -= 0.5
      scan.note?.({
        kind: 'person',
        rule: 'full-name',
        start,
        end,
        reason: 'stop-word',
        evidence: [`against: "${key}"`],
      })
    } else if (personVerbs.has(key) && full.length > 1) {
      score += 0.1
      evidence.push(`context: "${key}"`)
    }
  }
  if (introduced.place) score -= 0.4
  if (parts.some(({ capitals }) => capitals)) score -= full.every(({ capitals }) => capitals) ? 0.15 : 0.3
  if (/[@_\\/#$]/.test(text[start - 1] ?? ' ') || /^(?:[@_/]|\\(?![nrt])|\.\w|:\/\/|\()/.test(text.slice(end, end + 3)))
    score -= 0.5
  if (score >= minScore)
    emit({ kind: 'person', start, end, score: clamp(score), rule: full.length > 1 ? 'full-name' : 'name', evidence })
}

/** "Bericht von Talea Evers": an unknown word, a particle and two more words are a noun and whose it is. */
const linked = (scan: Scan, parts: readonly Part[]): number =>
  parts.length >= 4 &&
  parts[0]!.bits === 0 &&
  !parts[0]!.initial &&
  /^(?:von|di|da|av|af|de)$/.test(wordAt(scan, parts[1]!.first)) &&
  parts.slice(2).every(({ particle, initial }) => !particle && !initial)
    ? 2
    : 0

/** Whether a capitalised word can be no name or part of one, told without looking further: most begin a sentence. */
const isNothing = (scan: Scan, word: number): boolean => {
  const { starts, ends, flags, count } = scan
  if (ends[word]! - starts[word]! === 1) return false
  const bits = nameBits(wordAt(scan, word))
  if (bits !== 0) return (bits & isNoName) !== 0
  const next = word + 1
  const goesOn =
    next < count &&
    starts[next]! - ends[word]! <= 2 &&
    (flags[next]! & startsUpper || (ends[next]! - starts[next]! <= 5 && particles.has(wordAt(scan, next))))
  return !goesOn && !titledBefore(scan, word)
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
      if (isNothing(scan, word)) continue
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
        !parts[0]!.capitals &&
        !/['’]/.test(text[parts[0]!.start - 1] ?? ' ')
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
          : linked(scan, parts)
      emitRun(scan, parts.slice(lead, lead + mostParts), emit, minScore)
    }
  },
}
