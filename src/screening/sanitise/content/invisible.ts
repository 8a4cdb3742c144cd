import { type ContentDetector, type ContentFinding, codePointName } from './finding.ts'

const candidate =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each of them is looked for by itself
  /[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu

/** Scripts whose spelling needs joiners: Persian and Urdu write ZWNJ, Indic scripts choose conjuncts by ZWJ and ZWNJ. */
const joining =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Balinese}\p{Script=Javanese}]/u
/** Scripts without spaces between words: a zero-width space says where a line may break (UAX 14). */
const unspaced =
  /[\p{Script=Lao}\p{Script=Thai}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Tai_Le}\p{Script=New_Tai_Lue}\p{Script=Tai_Tham}\p{Script=Tai_Viet}]/u
const widthless = /[\u200b-\u200d\u2060]/
const pictograph = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}/u
const emojiBase = /\p{Emoji}|\p{Extended_Pictographic}/u
const ideograph = /\p{Unified_Ideograph}/u
const variable = /[\p{L}\p{S}\p{N}\p{P}]/u
const flagTags = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{2,6}\u{e007f}/gu

const before = (text: string, at: number): string => {
  const low = text.charCodeAt(at - 1)
  return at <= 0 ? '' : low >= 0xdc00 && low <= 0xdfff && at > 1 ? text.slice(at - 2, at) : text.slice(at - 1, at)
}
const after = (text: string, at: number): string => {
  const code = text.codePointAt(at)
  return code === undefined ? '' : String.fromCodePoint(code)
}

/** The character that a variation selector or a skin tone before `at` belongs to. */
const baseBefore = (text: string, at: number): string => {
  const previous = before(text, at)
  return previous === '\ufe0f' || previous === '\ufe0e' ? before(text, at - 1) : previous
}

/** One joiner or zero-width space, or the same one twice (a usual slip of the keyboard), beside a letter of `scripts`. */
const standsBy = (text: string, at: number, scripts: RegExp): boolean => {
  const isFirst = text[at - 1] !== text[at]
  const start = isFirst ? at : at - 1
  const end = isFirst && text[at + 1] !== text[at] ? at + 1 : start + 2
  const [previous, next] = [before(text, start), after(text, end)]
  return !widthless.test(previous) && !widthless.test(next) && (scripts.test(previous) || scripts.test(next))
}

/** ZWJ within an emoji, or a joiner where a script spells with it. */
const joinerBelongs = (text: string, at: number): boolean =>
  (text[at] === '\u200d' && pictograph.test(baseBefore(text, at)) && pictograph.test(after(text, at + 1))) ||
  standsBy(text, at, joining)

/** A single selector after something that has variants. Runs of them carry hidden bytes. */
const selectorBelongs = (text: string, at: number, selector: string): boolean => {
  const base = before(text, at)
  if (selector >= '\ufe00' && selector <= '\ufe0d') return variable.test(base)
  if (selector === '\ufe0e' || selector === '\ufe0f') return emojiBase.test(base) || /[\p{P}\p{S}]/u.test(base)
  return ideograph.test(base)
}

const ruleOf = (code: number): string => {
  if (code >= 0xe0000 && code <= 0xe007f) return 'tag-character'
  if ((code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef)) return 'variation-selector'
  if (code === 0xad) return 'soft-hyphen'
  return 'zero-width'
}

const belongs = (text: string, at: number, found: string, code: number): boolean => {
  if (code === 0x200b) return standsBy(text, at, unspaced)
  if (code === 0x200c || code === 0x200d) return joinerBelongs(text, at)
  if ((code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef))
    return selectorBelongs(text, at, found)
  // Mongolian has selectors and a vowel separator of its own; Khmer has inherent vowels.
  if (code >= 0x180b && code <= 0x180e) return /\p{Script=Mongolian}/u.test(before(text, at))
  return false
}

/**
 * Characters that take no room and can hide text from a reader, or text from a filter: zero-width, tag characters
 * (U+E0000 to U+E007F), fillers, soft hyphens, runs of variation selectors. Kept: joiners within emoji and in Arabic,
 * Indic and related scripts (compare RFC 5892, appendix A), zero-width spaces in Thai, Lao, Khmer and others that write
 * without spaces, a single variation selector after what has variants, and the flags of regions that Unicode spells with
 * tags.
 */
export const invisible: ContentDetector = {
  kind: 'invisible',
  find(text) {
    const found: ContentFinding[] = []
    const flags = text.includes('\u{1f3f4}')
      ? Array.from(text.matchAll(flagTags), ({ index, 0: flag }) => [index, index + flag.length] as const)
      : []
    candidate.lastIndex = 0
    for (let match = candidate.exec(text); match !== null; match = candidate.exec(text)) {
      const { index: start, 0: character } = match
      const code = character.codePointAt(0)!
      const end = start + character.length
      if (belongs(text, start, character, code) || flags.some(([from, to]) => start >= from && end <= to)) continue
      found.push({ start, end, rule: ruleOf(code), score: code === 0xad ? 0.6 : 1, neutral: codePointName(character) })
    }
    return found
  },
}
