import type { PiiKind } from './hit.ts'
import type { Note } from './suppression.ts'

/**
 * What one pass over the text finds for all detectors: its words, and the few places where a detector may have work.
 * Text without digits, capitals, '@' and '://' costs this pass and no more.
 */
export interface Scan {
  readonly text: string
  /** Words: runs of letters and digits, split where a script without spaces (Han, kana, hangul) begins or ends. */
  readonly count: number
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly flags: Uint8Array
  /** Words that have a digit. */
  readonly digitWords: readonly number[]
  /** Words without digits that begin with a capital letter, or are of a script that has no capitals. */
  readonly nameWords: readonly number[]
  /** Offsets of '@'. */
  readonly ats: readonly number[]
  /** Offsets of ':' before '//'. */
  readonly schemes: readonly number[]
  /** Offsets of ':' that stand by a hexadecimal digit or another ':'. */
  readonly colons: readonly number[]
  /** What the column's name suggests, with its score. */
  readonly column: ReadonlyMap<PiiKind, number>
  /** The column's name in lower case, letters and digits only. */
  readonly columnName: string
  /** Whether rules of this region are wanted. */
  readonly wants: (region: string) => boolean
  readonly regions: readonly string[] | undefined
  /** Told why a candidate is no hit; only where somebody asks. */
  readonly note?: Note
}

export const hasDigit = 1
export const hasLower = 2
export const hasUpper = 4
export const startsUpper = 8
export const isUnspaced = 16
export const hasForeign = 32

const separator = 0
const digit = 1
const lower = 2
const upper = 3
const unspaced = 4

/** The class of every UTF-16 unit; surrogates count as separators. */
const classes = (() => {
  const table = new Uint8Array(65536)
  const letter = /[\p{L}\p{M}]/u
  for (let code = 0; code < 65536; code++) {
    if (code >= 0xd800 && code < 0xe000) continue
    const char = String.fromCharCode(code)
    if (code >= 48 && code < 58) table[code] = digit
    else if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}々ー]/u.test(char))
      table[code] = unspaced
    else if (/\p{Lu}/u.test(char)) table[code] = upper
    else if (letter.test(char)) table[code] = lower
  }
  return table
})()

const flagOf = [0, hasDigit, hasLower, hasUpper, isUnspaced]

/** Whether the unit at this offset belongs to a word. */
export const inWord = (text: string, at: number): boolean =>
  at >= 0 && at < text.length && classes[text.charCodeAt(at)] !== separator

/** Where words are written: one set serves many short texts, one after another, since making arrays is dear. */
export interface WordBuffers {
  starts: Int32Array
  ends: Int32Array
  flags: Uint8Array
}

export const wordBuffers = (size: number): WordBuffers => ({
  starts: new Int32Array(size),
  ends: new Int32Array(size),
  flags: new Uint8Array(size),
})

const grow = (buffers: WordBuffers): void => {
  const { starts, ends, flags } = buffers
  Object.assign(buffers, wordBuffers(starts.length * 2))
  buffers.starts.set(starts)
  buffers.ends.set(ends)
  buffers.flags.set(flags)
}

/** Words behind the last one that a detector may look at. */
const lookAhead = 16

const wantsAll = (): boolean => true

const wantsOf = (regions: readonly string[]): ((region: string) => boolean) => {
  const wanted = new Set(regions.map((region) => region.toUpperCase()))
  return (region) => wanted.has(region)
}

/** One pass over a text. With `buffers` of one's own, the scan is good until they are used again. */
export const scanOf = (
  text: string,
  column: ReadonlyMap<PiiKind, number>,
  regions: readonly string[] | undefined,
  columnName = '',
  buffers: WordBuffers = wordBuffers(Math.min(text.length + 1, 64 + (text.length >> 2))),
): Scan => {
  let { starts, ends, flags: allFlags } = buffers
  const digitWords: number[] = []
  const nameWords: number[] = []
  const ats: number[] = []
  const schemes: number[] = []
  const colons: number[] = []
  let count = 0
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    const first = classes[code]!
    if (first === separator) {
      // The line breaks and tabs of JSON and logs ("\\n") are separators, not the first letter of the next word.
      if (code === 92 && isEscape(text.charCodeAt(at + 1))) at++
      else if (code === 64) ats.push(at)
      else if (code === 58) {
        if (text.charCodeAt(at + 1) === 47 && text.charCodeAt(at + 2) === 47) schemes.push(at)
        else if (isHexOrColon(text.charCodeAt(at + 1))) colons.push(at)
      }
      at++
      continue
    }
    const start = at
    let flags = first === upper ? startsUpper : 0
    let kind = first
    let seen = code
    while (kind !== separator && (kind === unspaced) === (first === unspaced)) {
      flags |= flagOf[kind]!
      if (seen > 127) flags |= hasForeign
      if (++at === text.length) break
      seen = text.charCodeAt(at)
      kind = classes[seen]!
    }
    if (count === starts.length) {
      grow(buffers)
      ;({ starts, ends, flags: allFlags } = buffers)
    }
    starts[count] = start
    ends[count] = at
    allFlags[count] = flags
    if (flags & hasDigit) digitWords.push(count)
    else if (flags & (startsUpper | isUnspaced)) nameWords.push(count)
    count++
  }
  // Nothing of an earlier text stands behind the last word.
  allFlags.fill(0, count, count + lookAhead)
  starts.fill(0, count, count + lookAhead)
  ends.fill(0, count, count + lookAhead)
  return {
    text,
    count,
    starts,
    ends,
    flags: allFlags,
    digitWords,
    nameWords,
    ats,
    schemes,
    colons,
    column,
    columnName,
    regions,
    wants: regions ? wantsOf(regions) : wantsAll,
  }
}

/** n, r or t. */
const isEscape = (code: number): boolean => code === 110 || code === 114 || code === 116

const isHexOrColon = (code: number): boolean =>
  (code >= 48 && code <= 58) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102)

/** The word at an index as it is written. */
export const wordAt = (scan: Scan, index: number): string => scan.text.slice(scan.starts[index], scan.ends[index])

/** Index of the first word that ends after an offset. */
export const wordFrom = (scan: Scan, offset: number): number => {
  let low = 0
  let high = scan.count
  while (low < high) {
    const middle = (low + high) >> 1
    if (scan.ends[middle]! > offset) high = middle
    else low = middle + 1
  }
  return low
}
