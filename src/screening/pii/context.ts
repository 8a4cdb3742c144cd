import { isUnspaced, type Scan, wordAt, wordFrom } from './scan.ts'

/** Words and phrases that make a look-alike more or less likely; whole words, never parts of words. */
export interface Topic {
  /** Phrases without spaces, in lower case: a phrase of several words matches the same words in a row. */
  readonly phrases: ReadonlySet<string>
  /** Phrases of scripts without spaces, looked for inside their runs. */
  readonly runs: readonly string[]
}

const unspacedScript = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

/** A topic from a list of phrases separated by commas. */
export const topic = (list: string): Topic => {
  const phrases = list
    .split(',')
    .map((phrase) => phrase.trim().toLowerCase())
    .filter((phrase) => phrase !== '')
  return {
    phrases: new Set(phrases.map((phrase) => phrase.replace(/[\s'’"״.°/-]+/g, ''))),
    runs: phrases.filter((phrase) => unspacedScript.test(phrase)),
  }
}

/** A phrase beside a span: of words in a row, written together in lower case. */
export interface Phrase {
  readonly text: string
  /** A run of a script without spaces: what is looked for may be any part of it. */
  readonly unspaced: boolean
}

const reachBefore = 6
const reachAfter = 3
const farthest = 64
const longestPhrase = 4
const longestText = 48

/** The phrases that begin at a word and end before another, the longest first. */
const phrasesAt = ({ text, starts, ends, flags }: Scan, index: number, stop: number, into: Phrase[]): void => {
  const joined: Phrase[] = []
  let words = ''
  for (let i = index; i < stop && i < index + longestPhrase; i++) {
    if (i > index && starts[i]! - ends[i - 1]! > 2) break
    words += text.slice(starts[i], ends[i]).toLowerCase()
    if (words.length > longestText) break
    joined.push({ text: words, unspaced: i === index && (flags[i]! & isUnspaced) !== 0 })
  }
  for (let i = joined.length - 1; i >= 0; i--) into.push(joined[i]!)
}

/**
 * The phrases around the span [start, end), nearest first: of up to six words before it, then of up to three after it on
 * the same line, at most 64 units away.
 */
export const phrasesAround = (scan: Scan, start: number, end: number): readonly Phrase[] => {
  const { text, starts, ends } = scan
  const phrases: Phrase[] = []
  const first = wordFrom(scan, start)
  for (let i = first - 1; i >= Math.max(0, first - reachBefore) && start - ends[i]! <= farthest; i--)
    phrasesAt(scan, i, first, phrases)
  for (let i = wordFrom(scan, end), n = 0; i < scan.count && n < reachAfter && starts[i]! - end <= farthest; i++, n++) {
    if (starts[i]! < end || text.slice(end, starts[i]).includes('\n')) break
    phrasesAt(scan, i, Math.min(scan.count, i + longestPhrase), phrases)
  }
  return phrases
}

/** The part of a phrase that is in a topic. */
export const within = ({ phrases, runs }: Topic, { text, unspaced }: Phrase): string | undefined =>
  phrases.has(text) ? text : unspaced ? runs.find((run) => text.includes(run)) : undefined

export interface Near {
  readonly phrase: string
  /** 1 for the first topic, -1 for the second. */
  readonly sign: 1 | -1
}

/** The nearest phrase around a span that is in either topic. */
export const nearest = (scan: Scan, start: number, end: number, wanted: Topic, unwanted?: Topic): Near | undefined => {
  for (const phrase of phrasesAround(scan, start, end)) {
    const good = within(wanted, phrase)
    if (good !== undefined) return { phrase: good, sign: 1 }
    const bad = unwanted && within(unwanted, phrase)
    if (bad !== undefined) return { phrase: bad, sign: -1 }
  }
  return undefined
}

/** The words just before an offset on its line, lower case, nearest first. */
export const wordsBefore = (scan: Scan, offset: number, count: number): readonly string[] => {
  const found: string[] = []
  for (let i = wordFrom(scan, offset) - 1; i >= 0 && found.length < count; i--) {
    if (offset - scan.ends[i]! > farthest || scan.text.slice(scan.ends[i], offset).includes('\n')) break
    found.push(wordAt(scan, i).toLowerCase())
  }
  return found
}
