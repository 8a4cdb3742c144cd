import { type Content, latin1, utf8 } from '../content.ts'
import { instructionReader, opcodes } from './opcodes.ts'

/** Longer strings name nothing that can be imported. */
const longest = 4096

const simple: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
}

/** Python's escapes in a STRING literal (codecs.escape_decode). */
const unescapeBytes = (text: string): string =>
  text.replace(/\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g, (whole, hex, octal, char) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255)
    return char === '\n' ? '' : (simple[char] ?? whole)
  })

/** Python's raw-unicode-escape of a UNICODE literal. */
const unescapeUnicode = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g, (whole, short, long) => {
    const point = Number.parseInt(short ?? long, 16)
    return point > 0x10ffff ? whole : String.fromCodePoint(point)
  })

/** The string that the instruction at `at` pushes; undefined where it pushes none, or one too long for a name. */
export const stringAt = (content: Content, at: number): string | undefined => {
  const instruction = instructionReader(content, at)
  if (!instruction.next()) return undefined
  const { op, start, end } = instruction
  if (end - start > longest) return undefined
  const bytes = content.read(start, end - start)
  switch (op) {
    case opcodes.STRING: {
      const text = latin1(bytes).trim()
      return unescapeBytes(/^(['"])[\s\S]*\1$/.test(text) ? text.slice(1, -1) : text)
    }
    case opcodes.UNICODE:
      return unescapeUnicode(latin1(bytes))
    case opcodes.BINSTRING:
    case opcodes.SHORT_BINSTRING:
    case opcodes.BINUNICODE:
    case opcodes.SHORT_BINUNICODE:
    case opcodes.BINUNICODE8:
      return utf8(bytes)
    default:
      return undefined
  }
}

/** A whole number as Python's int() reads it: signs, spaces and underscores are allowed. */
export const decimalLine = (bytes: Uint8Array): number => {
  const text = latin1(bytes.subarray(0, 64)).trim().replace(/L$/, '').replaceAll('_', '')
  return /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
}
