import { familyNames } from './family-names.ts'
import { givenNames } from './given-names.ts'
import { moreFamilyNames } from './more-family-names.ts'
import { moreGivenNames } from './more-given-names.ts'
import { alsoWords, doubtful, notNames } from './ordinary.ts'

/** Lower case without diacritics: how names are looked up. */
export const folded = (word: string): string =>
  word
    .toLowerCase()
    .replace(
      /[ıİłŁøØđĐßæÆœŒ]/g,
      (char) =>
        ({
          ı: 'i',
          İ: 'i',
          ł: 'l',
          Ł: 'l',
          ø: 'o',
          Ø: 'o',
          đ: 'd',
          Đ: 'd',
          ß: 'ss',
          æ: 'ae',
          Æ: 'ae',
          œ: 'oe',
          Œ: 'oe',
        })[char] ?? char,
    )
    .normalize('NFD')
    .replace(/\p{M}/gu, '')

export const isGiven = 1
export const isFamily = 2
export const isDoubtful = 4
export const isNoName = 8

/** What a folded word is known as, as bits; 0 for a word that is in no list. */
const index = (): ReadonlyMap<string, number> => {
  const bits = new Map<string, number>()
  const add = (word: string, bit: number) => bits.set(word, (bits.get(word) ?? 0) | bit)
  for (const list of [...Object.values(givenNames), ...Object.values(moreGivenNames)])
    for (const name of list.split(/[\s-]+/)) if (name) add(folded(name), isGiven)
  for (const list of [...Object.values(familyNames), ...Object.values(moreFamilyNames)])
    for (const name of list.split(/\s+/)) if (name) add(folded(name.replace(/^.['’]/, '')), isFamily)
  for (const word of [...doubtful, ...alsoWords]) if (bits.has(word)) add(word, isDoubtful)
  for (const word of notNames) {
    const key = folded(word)
    // A name that is also an ordinary word of some language stays a name, a doubtful one.
    add(key, bits.has(key) && key.length > 2 && !hard.has(key) ? isDoubtful : isNoName)
  }
  return bits
}

/** Ordinary words that win over a rare name of the same spelling. */
const hard = new Set(
  'the and for may june april july august will case post park street road lane hill bay north south west east german french english spanish dutch new best dear mark may art page price order note number chapter index bank church court law long day major minor prince general china india america europe'.split(
    ' ',
  ),
)

let built: ReadonlyMap<string, number> | undefined

/** Words lately asked for, as they are written: text repeats its capitals. */
const recent = new Map<string, number>()
const mostRecent = 20_000

/** The bits of a word as it is written. Built at the first question: a program that looks at no names pays nothing. */
export const nameBits = (word: string): number => {
  const known = recent.get(word)
  if (known !== undefined) return known
  built ??= index()
  const bits = built.get(folded(word)) ?? 0
  if (recent.size >= mostRecent) recent.clear()
  recent.set(word, bits)
  return bits
}
