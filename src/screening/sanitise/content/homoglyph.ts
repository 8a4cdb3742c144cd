import { cyrillicLookalike, latinLookalike } from './confusables.ts'
import { type ContentDetector, matches } from './finding.ts'

const word = /[\p{L}\p{M}]{3,64}/gu
const latin = /\p{Script=Latin}/u
const plainLatin = /[A-Za-z\u00c0-\u024f]/
const cyrillic = /\p{Script=Cyrillic}/u

/** Every letter through `table` where `foreign` says so; nothing where one of them has no look-alike. */
const translated = (
  found: string,
  foreign: (letter: string) => boolean,
  table: (letter: string) => string | undefined,
) => {
  let result = ''
  for (const letter of found) {
    if (/\p{M}/u.test(letter) || !foreign(letter)) result += letter
    else {
      const twin = table(letter)
      if (twin === undefined) return undefined
      result += twin
    }
  }
  return result
}

/**
 * Words that mix scripts so that they read as one: a Latin word with Cyrillic, Greek, Armenian, Cherokee, mathematical or
 * full-width look-alikes, or a Cyrillic word with Latin ones. A word in a single script is never touched, nor one whose
 * foreign letters have no look-alike. Neutral form: the word in the script of its other letters.
 */
export const homoglyph: ContentDetector = {
  kind: 'homoglyph',
  find: (text) =>
    matches(text, word, ([found]) => {
      if (!/[^\u0020-\u024f]/.test(found) || !plainLatin.test(found)) return undefined
      const isForeign = (letter: string) => !plainLatin.test(letter) && (!latin.test(letter) || letter >= '\uff00')
      if (![...found].some(isForeign)) return undefined
      const asLatin = translated(found, isForeign, latinLookalike)
      if (asLatin !== undefined) return { rule: 'mixed-script-latin', score: 0.9, neutral: asLatin }
      const asCyrillic = translated(found, (letter) => !cyrillic.test(letter), cyrillicLookalike)
      return asCyrillic === undefined ? undefined : { rule: 'mixed-script-cyrillic', score: 0.8, neutral: asCyrillic }
    }),
}
