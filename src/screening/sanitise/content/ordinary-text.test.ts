import { describe, expect, it } from 'vitest'
import { contentDetectors } from './index.ts'

/** What the detectors, but that of formulas (which only cells have), find in a text. */
const found = (text: string): readonly string[] =>
  Object.values(contentDetectors)
    .filter(({ kind }) => kind !== 'formula')
    .flatMap(({ kind, find }) => find(text).map(({ rule }) => `${kind} ${rule}: ${text}`))

/** Languages of many scripts whose names of countries, money, dates and amounts the runtime knows as people write them. */
const locales = Intl.DisplayNames.supportedLocalesOf(
  (
    'ar ar-EG fa he ur ps ckb sd ug yi hi mr ne bn as pa gu or ta te kn ml si th lo my km bo dz ka hy am ti ru uk be bg ' +
    'mk sr kk ky mn tg tt el zh zh-Hant ja ko vi tr az pl cs hu is ga cy yo ig ha sw zu chr nqo mni sat ks de fr es fi ' +
    'lv lt mt sq ro hr haw to fil'
  ).split(' '),
)

const codes = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].flatMap((a) => [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((b) => `${a}${b}`))

const namesIn = (locale: string): readonly string[] => {
  const names = (type: Intl.DisplayNamesType, list: readonly string[]) => {
    const display = new Intl.DisplayNames([locale], { type, fallback: 'none' })
    return list.map((code) => display.of(code) ?? '')
  }
  return [...names('region', codes), ...names('currency', Intl.supportedValuesOf('currency'))]
}

const momentsIn = (locale: string): readonly string[] =>
  (['full', 'long', 'medium', 'short'] as const).flatMap((dateStyle) =>
    [0, 3, 7, 11].map((month) =>
      new Intl.DateTimeFormat(locale, { dateStyle, timeStyle: 'short' }).format(new Date(2026, month, 17, 13, 5)),
    ),
  )

const amountsIn = (locale: string): readonly string[] =>
  ['USD', 'ILS', 'EGP', 'IRR', 'INR', 'RUB'].flatMap((currency) =>
    [1234.5, -1234.5].map((value) => new Intl.NumberFormat(locale, { style: 'currency', currency }).format(value)),
  )

/** The flag for properties of strings; the compiler's target is older than it. */
const emojiSets = 'v'

describe('ordinary text', () => {
  it.each(locales)('in %s stays as it is', (locale) => {
    const texts = [...namesIn(locale), ...momentsIn(locale), ...amountsIn(locale)]
    expect(texts.length).toBeGreaterThan(700)
    expect(texts.flatMap(found)).toEqual([])
  })

  it.each([
    ['Arabic with marks', '\u0642\u0627\u0644 \u200f"\u0645\u0631\u062d\u0628\u0627"\u200e (hello) \u061c123'],
    ['Hebrew with points', '\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd \u2067abc\u2069 \u05d5\u05e2\u05d5\u05d3'],
    ['an Arabic date', '1\u200f/2\u200f/2026'],
    ['an Arabic amount', '\u200f\u200e-1,234.50 US$'],
    ['Hindi with joiners', '\u0930\u094d\u200d\u092f \u0915\u094d\u200d\u0937 \u0936\u094d\u200c\u0930\u0940'],
    ['Sinhala', '\u0dc1\u0dca\u200d\u0dbb\u0dd3 \u0dbd\u0d82\u0d9a\u0dcf'],
    ['Persian that shows a joined form', '\u200d\u0647 \u0648 \u0647\u200d'],
    ['Thai with breaks', '\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u200b\u0e0a\u0e32\u0e27\u0e42\u0e25\u0e01'],
    ['Yoruba', 'As\u1eb9\u0301b\u00e1j\u00e1n\u00ec'],
    ['Vietnamese, decomposed', 'Vie\u0323\u0302t Nam'],
    ['Russian with stress', '\u0437\u0430\u0301\u043c\u043e\u043a'],
    ['a Latin abbreviation with a Russian ending', 'SMS\u043a\u0430 VIP\u043e\u0432 PDF\u043a\u0443'],
    ['a formula of physics', '\u03c1gh = p, \u03bdmax, \u0394T'],
    ['Cyrillic beside Latin', '\u041c\u043e\u0441\u043a\u0432\u0430 Moscow, IT-\u043e\u0442\u0434\u0435\u043b'],
  ])('%s stays', (_, text) => {
    expect(found(text)).toEqual([])
  })

  it('every emoji that Unicode recommends stays', () => {
    const emoji = new RegExp('^\\p{RGI_Emoji}$', emojiSets)
    const people = ['\u{1f468}', '\u{1f469}', '\u{1f9d1}']
    const tones = ['', ...Array.from({ length: 5 }, (_, i) => String.fromCodePoint(0x1f3fb + i))]
    const things = ['\u2695\ufe0f', '\u2708\ufe0f', '\u{1f33e}', '\u{1f373}', '\u{1f393}', '\u{1f9af}', '\u{1f9bd}']
    const sequences = people.flatMap((person) =>
      tones.flatMap((tone) => [
        `${person}${tone}`,
        ...things.map((thing) => `${person}${tone}\u200d${thing}`),
        ...people.flatMap((other) =>
          tones.map((second) => `${person}${tone}\u200d\u2764\ufe0f\u200d${other}${second}`),
        ),
      ]),
    )
    const flags = codes.map((code) => [...code].map((c) => String.fromCodePoint(0x1f1a5 + c.charCodeAt(0))).join(''))
    const regional = ['gbeng', 'gbsct', 'gbwls'].map(
      (code) => `\u{1f3f4}${[...code].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('')}\u{e007f}`,
    )
    const keycaps = [...'0123456789#*'].map((key) => `${key}\ufe0f\u20e3`)
    const all = [...sequences, ...flags, ...regional, ...keycaps].filter((text) => emoji.test(text))
    expect(all.length).toBeGreaterThan(500)
    expect(all.flatMap(found)).toEqual([])
    expect(found(`so ${all.join('')} it is`)).toEqual([])
  })
})

describe('what hides in text of such scripts', () => {
  it.each([
    ['three joiners', '\u0915\u094d\u200d\u200d\u200d\u0937', 3],
    ['a mixture of joiners', '\u0e2a\u200b\u200c\u0e27', 2],
    ['a zero-width space in Arabic', '\u0645\u0631\u200b\u062d\u0628\u0627', 1],
    ['a joiner between Latin letters', 'pass\u200dword', 1],
    ['tags after a flag that is none', '\u{1f3f4}\u{e0068}\u{e0069}', 2],
    ['bytes in variation selectors', '\u{1f600}\u{e0101}\u{e0102}', 2],
  ])('%s is found', (_, text, count) => {
    expect(contentDetectors.invisible.find(text)).toHaveLength(count)
  })

  it.each([
    ['a mark that splits a number', '1\u200f23'],
    ['a mark in English', 'pay\u200f now'],
    ['an override in Hebrew', '\u05d0\u202e\u05d1\u202c'],
  ])('%s is found', (_, text) => {
    expect(contentDetectors.bidi.find(text).length).toBeGreaterThan(0)
  })

  it.each([
    ['a Latin abbreviation that goes on in Cyrillic', 'API\u043a\u0435\u0443', 'APIkey'],
    ['a Greek first letter', '\u03c1aypal', 'paypal'],
    ['one letter of a Yoruba word', '\u0410s\u1eb9\u0301b\u00e1j\u00e1n\u00ec', 'As\u1eb9\u0301b\u00e1j\u00e1n\u00ec'],
  ])('%s is turned back', (_, text, neutral) => {
    expect(contentDetectors.homoglyph.find(text)).toMatchObject([{ neutral }])
  })
})
