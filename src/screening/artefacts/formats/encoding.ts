import { utf8 } from '../content.ts'

/** UTF-16 and UTF-32 by their marks and, without one, by the zero bytes that ASCII has in them: as Python's json guesses. */
const wideOf = (bytes: Uint8Array): { readonly width: 2 | 4; readonly little: boolean } | undefined => {
  const [a = 1, b = 1, c = 1, d = 1] = bytes
  if (a === 0xff && b === 0xfe) return { width: c === 0 && d === 0 ? 4 : 2, little: true }
  if (a === 0xfe && b === 0xff) return { width: 2, little: false }
  if (bytes.length < 4) return undefined
  if (a === 0 && b === 0 && (c === 0xfe ? d === 0xff : c === 0)) return { width: 4, little: false }
  if (a === 0 && b !== 0 && c === 0) return { width: 2, little: false }
  if (a !== 0 && b === 0) return { width: c === 0 && d === 0 ? 4 : 2, little: true }
  return undefined
}

/** Text in UTF-8, or in UTF-16 or UTF-32, which parsers of JSON and YAML take too. */
export const decoded = (bytes: Uint8Array): string => {
  const wide = wideOf(bytes)
  if (wide === undefined) return utf8(bytes).replace(/^\ufeff/, '')
  const { width, little } = wide
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const parts: string[] = []
  for (let at = 0; at + width <= bytes.length; at += width) {
    const code = width === 2 ? view.getUint16(at, little) : view.getUint32(at, little)
    parts.push(width === 2 ? String.fromCharCode(code) : code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code))
  }
  return parts.join('').replace(/^\ufeff/, '')
}
