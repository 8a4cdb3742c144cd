import type { Emit } from '../detector.ts'
import type { Scan } from '../scan.ts'
import { chineseFamilies, honorifics, japaneseFamilies, koreanFamilies, labels } from '../words/east-asian-names.ts'

const reach = 24
const han = /^[\u4e00-\u9fff々]+/
const hangul = /^[가-힣]+/

/** The length of the family name that the text begins with, the longest first; 0 for none. */
const familyLength = (text: string, korean: boolean): number => {
  if (korean) return koreanFamilies.has(text[0]!) ? 1 : 0
  for (const length of [3, 2])
    if (japaneseFamilies.has(text.slice(0, length)) || chineseFamilies.has(text.slice(0, length))) return length
  return chineseFamilies.has(text[0]!) || japaneseFamilies.has(text[0]!) ? 1 : 0
}

/**
 * Chinese, Japanese and Korean names, family name first. Without spaces a name has no ends, so a label before it or an
 * honorific after it is needed, or a Japanese family name of two characters that begins a run of four or so.
 */
export const eastAsianNames = (scan: Scan, word: number, emit: Emit): void => {
  const { text, starts, ends } = scan
  const from = starts[word]!
  const to = ends[word]!
  for (let at = from; at < Math.min(to, from + 400); at++) {
    const rest = text.slice(at, Math.min(to, at + 8))
    const korean = hangul.test(rest)
    const family = familyLength(rest, korean)
    if (family === 0) continue
    const run = (korean ? hangul : han).exec(rest)![0]
    const label = labels.exec(text.slice(Math.max(0, at - reach), at))
    const alone = at === from || !/[\u4e00-\u9fff々가-힣]/.test(text[at - 1]!)
    const lengths = korean ? [2, 1] : [2, 1, 3]
    const given = lengths.find(
      (length) =>
        family + length <= run.length && honorifics.test(text.slice(at + family + length, at + family + length + 3)),
    )
    if (given !== undefined && (alone || label)) {
      emit({
        kind: 'person',
        start: at,
        end: at + family + given,
        score: 0.8,
        rule: 'east-asian-name',
        evidence: ['family name', 'honorific'],
      })
      at += family + given
      continue
    }
    const rests = run.length - family
    if (label && rests >= 1) {
      const size = Math.min(rests, korean ? 2 : japaneseFamilies.has(run.slice(0, family)) && family > 1 ? 3 : 2)
      emit({
        kind: 'person',
        start: at,
        end: at + family + size,
        score: 0.75,
        rule: 'east-asian-name',
        evidence: ['family name', `context: "${label[0]}"`],
      })
      at += family + size
    } else if (
      alone &&
      !korean &&
      family >= 2 &&
      japaneseFamilies.has(run.slice(0, family)) &&
      rests >= 1 &&
      rests <= 3
    ) {
      emit({
        kind: 'person',
        start: at,
        end: at + run.length,
        score: 0.6,
        rule: 'east-asian-name',
        evidence: ['family name', 'form'],
      })
      at += run.length
    }
  }
}
