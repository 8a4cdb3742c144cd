import { hasDigit, type Scan, startsUpper, wordAt } from '../scan.ts'
import { isFamily, isGiven, nameBits } from '../words/name-index.ts'
import { streetParticles } from '../words/streets.ts'

export const mostWords = 6

export interface Found {
  readonly start: number
  readonly end: number
  readonly score: number
  readonly rule: string
}

export const gapBefore = ({ text, starts, ends }: Scan, word: number): string =>
  word > 0 ? text.slice(Math.max(ends[word - 1]!, starts[word]! - 5), starts[word]) : '\n'
export const isCapital = ({ flags }: Scan, word: number): boolean => (flags[word]! & startsUpper) !== 0
export const lower = (scan: Scan, word: number): string => wordAt(scan, word).toLowerCase()
export const joinsTight = /^(?:[ \u00a0]{1,2}|[-'’.]|\. )$/

export const isName = (scan: Scan, word: number): boolean => (nameBits(wordAt(scan, word)) & (isGiven | isFamily)) !== 0

/** The end of a street's name after its first word, over capitals and particles; undefined where there is no capital. */
export const nameEnd = (scan: Scan, prefix: number): number | undefined => {
  const { ends, count, flags } = scan
  let end: number | undefined
  for (
    let at = prefix + 1;
    at < Math.min(count, prefix + 1 + mostWords) && joinsTight.test(gapBefore(scan, at));
    at++
  ) {
    if (isCapital(scan, at) && !(flags[at]! & hasDigit)) end = ends[at]!
    else if (!streetParticles.has(lower(scan, at))) break
    if (gapBefore(scan, at) === '. ' && wordAt(scan, at - 1).length > 3) break
  }
  return end
}
