import { cyrillicLookalike, latinLookalike } from './confusables.ts'
import { type ContentDetector, matches } from './finding.ts'

const word = /[\p{L}\p{M}]{3,64}/gu
const latin = /\p{Script=Latin}/u
const plainLatin = /[A-Za-z\u00c0-\u024f]/
const mark = /\p{M}/u
const cyrillic = /\p{Script=Cyrillic}/u

/** A Latin abbreviation with a Russian ending, as "SMSка", "VIPов" are written. */
const inflected = /^[A-Z]{2,}(?:[аеиуы]|о[вйм]|а[мх]|ами|к[аеиу]|ко[йю]|ка[мх]|ками)$/
/** A quantity with what it is of: "ρgh", "νmax". */
const quantity = /^[ρν][A-Za-z]{1,3}$/

/** Every letter through `table` where `foreign` says so; nothing where one of them has no look-alike. */
const translated = (
  found: string,
  foreign: (letter: string) => boolean,
  table: (letter: string) => string | undefined,
) => {
  let result = ''
  for (const letter of found) {
    if (mark.test(letter) || !foreign(letter)) result += letter
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
 * foreign letters have no look-alike, nor the usual mixtures (a Latin abbreviation with a Russian ending, a Greek letter
 * before an index). Combining marks belong to the letter before them. Neutral form: the word in the script of its other letters.
 */
export const homoglyph: ContentDetector = {
  kind: 'homoglyph',
  find: (text) =>
    matches(text, word, ([found]) => {
      if (!/[^\u0020-\u024f]/.test(found) || !plainLatin.test(found)) return undefined
      if (inflected.test(found) || quantity.test(found)) return undefined
      const isForeign = (letter: string) =>
        !plainLatin.test(letter) && !mark.test(letter) && (!latin.test(letter) || letter >= '\uff00')
      if (![...found].some(isForeign)) return undefined
      const asLatin = translated(found, isForeign, latinLookalike)
      if (asLatin !== undefined) return { rule: 'mixed-script-latin', score: 0.9, neutral: asLatin }
      const asCyrillic = translated(found, (letter) => !cyrillic.test(letter), cyrillicLookalike)
      return asCyrillic === undefined ? undefined : { rule: 'mixed-script-cyrillic', score: 0.8, neutral: asCyrillic }
    }),
}
