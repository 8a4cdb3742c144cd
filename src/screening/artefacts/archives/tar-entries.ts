import { type Content, latin1, utf8 } from '../content.ts'
import { limits } from '../limits.ts'

export interface TarEntry {
  readonly name: string
  readonly link: string
  /** The format's type flag: "0" file, "1" hard link, "2" symbolic link, "3" and "4" devices, "5" folder, "6" pipe. */
  readonly type: string
  readonly mode: number
  readonly size: number
  /** Of the header. */
  readonly at: number
  readonly start: number
}

export interface TarListing {
  readonly entries: readonly TarEntry[]
  /** Where the end mark stands, or reading stopped. */
  readonly end: number
  /** Why reading stopped before the end mark, if it did. */
  readonly broken?: string
}

const text = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0)
  return utf8(end < 0 ? bytes : bytes.subarray(0, end))
}

/** Octal digits, or, for large sizes, a big-endian number behind a high bit (GNU). */
const number = (bytes: Uint8Array): number => {
  if ((bytes[0]! & 0x80) !== 0) return bytes.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0)
  const digits = latin1(bytes).replace(/[\0 ]+/g, '')
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : Number.NaN
}

/** Sum of the header's bytes, its own field taken as spaces. */
const checksum = (header: Uint8Array): number =>
  header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0)

/** Whether a header of the format (POSIX ustar, pax, GNU or old V7) stands at `at`. */
export const isTarHeader = (content: Content, at: number): boolean => {
  const header = content.read(at, 512)
  if (header.length < 512 || header[0] === 0) return false
  return checksum(header) === number(header.subarray(148, 156))
}

/** Key and value pairs of a pax header: "length key=value\n". */
const paxFields = (bytes: Uint8Array): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>()
  for (let at = 0; at < bytes.length; ) {
    const match = /^(\d{1,9}) /.exec(latin1(bytes.subarray(at, at + 11)))
    if (match === null) break
    const length = Number(match[1])
    const record = utf8(bytes.subarray(at + match[0].length, at + length - 1))
    const split = record.indexOf('=')
    if (length < 5 || split < 0) break
    fields.set(record.slice(0, split), record.slice(split + 1))
    at += length
  }
  return fields
}

/** Headers that extend others: pax for one entry (x, and X of Solaris) or for all that follow (g), long names of GNU. */
const extensions: ReadonlySet<string> = new Set(['x', 'X', 'g', 'L', 'K'])

/** Lists the entries; extended headers are applied to the entry that follows them. */
export const readTar = (content: Content): TarListing => {
  const entries: TarEntry[] = []
  /** Fields for all entries that follow, and those for the next one only. */
  let global: ReadonlyMap<string, string> = new Map()
  let extended = new Map<string, string>()
  let at = 0
  while (at + 512 <= content.size) {
    if (entries.length > limits.members)
      return { entries, end: at, broken: `it has more than ${limits.members} members` }
    const header = content.read(at, 512)
    if (header.every((byte) => byte === 0)) return { entries, end: at }
    if (checksum(header) !== number(header.subarray(148, 156)))
      return { entries, end: at, broken: `the header at byte ${at} has a wrong checksum` }
    const type = String.fromCharCode(header[156]! || 48)
    const declared = number(header.subarray(124, 136))
    const isExtended = extensions.has(type)
    const size = isExtended ? declared : Number(extended.get('size') ?? global.get('size') ?? declared)
    if (!Number.isSafeInteger(size)) return { entries, end: at, broken: `the size at byte ${at} is no number` }
    const next = at + 512 + Math.ceil(size / 512) * 512
    if (isExtended) {
      if (size > limits.text) return { entries, end: at, broken: `the extended header at byte ${at} is too long` }
      const data = content.read(at + 512, size)
      if (type === 'g') global = new Map([...global, ...paxFields(data)])
      else if (type === 'L' || type === 'K') extended.set(type === 'L' ? 'path' : 'linkpath', text(data))
      else extended = new Map([...extended, ...paxFields(data)])
    } else {
      const prefix = latin1(header.subarray(257, 262)) === 'ustar' ? text(header.subarray(345, 500)) : ''
      const plain = text(header.subarray(0, 100))
      const field = (key: string): string | undefined => extended.get(key) ?? global.get(key)
      entries.push({
        name: field('GNU.sparse.name') ?? field('path') ?? (prefix === '' ? plain : `${prefix}/${plain}`),
        link: field('linkpath') ?? text(header.subarray(157, 257)),
        type,
        mode: number(header.subarray(100, 108)),
        size,
        at,
        start: at + 512,
      })
      extended = new Map()
    }
    at = next
  }
  return { entries, end: content.size, broken: 'it has no end mark' }
}
