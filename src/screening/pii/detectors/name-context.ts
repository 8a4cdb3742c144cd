import { wordsBefore } from '../context.ts'
import { type Scan, wordAt } from '../scan.ts'
import { nameNouns, namePhrases, titles } from '../words/person-context.ts'
import { placePrefixes } from '../words/person-neighbours.ts'

export interface Before {
  readonly title?: string
  readonly phrase?: string
  /** The phrase is a noun without a colon ("client Query Tool"): it introduces known names only. */
  readonly loose?: boolean
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

/** Titles that in capitals are something else: "MS Outlook", "6 p.m. PDT". */
const notInCapitals: ReadonlySet<string> = new Set(
  'ms m g fr dl hr sr col gen lt hon ing avv sig bay don pan'.split(' '),
)

/** Whether a word is a title: by its letters, their case, and what stands before it. */
export const isTitle = (scan: Scan, word: number): boolean => {
  const written = wordAt(scan, word)
  const key = written.toLowerCase()
  if (!titles.has(key)) return false
  if (key.length === 1) return written !== key && scan.text[scan.starts[word]! - 1] !== '.'
  return written !== written.toUpperCase() || written === key || !notInCapitals.has(key)
}

/** What stands just before a word: a title, or a phrase such as `my name is` (`mynameis`). */
export const before = (scan: Scan, first: number): Before => {
  const { starts, ends, text } = scan
  if (first === 0 || starts[first]! - ends[first - 1]! > 4) return {}
  const gap = text.slice(ends[first - 1], starts[first])
  if (!gaps.has(gap)) return {}
  const word = wordAt(scan, first - 1).toLowerCase()
  if (isTitle(scan, first - 1)) return { title: word }
  if (gap.startsWith('.')) return {}
  let joined = ''
  let phrase: string | undefined
  for (const one of wordsBefore(scan, starts[first]!, 4)) {
    joined = one + joined
    if (namePhrases.has(joined)) phrase = joined
  }
  const loose = phrase !== undefined && !/[:=]/.test(gap) && nameNouns.has(phrase)
  return { phrase, loose, place: placePrefixes.has(word) }
}
