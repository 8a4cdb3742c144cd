import { crc32 } from 'node:zlib'
import { bytesContent, type Content, damaged, latin1, partOf, readExactly, utf8, viewOf } from '../content.ts'
import { inflate } from './inflate.ts'
import { readLzma } from './unpack/lzma-alone.ts'
import { type Unpacked, type UnpackedFormat, type Unpacker, unpack, unpackWith } from './unpack/unpack.ts'
import type { ZipMember } from './zip-members.ts'

/** What a member's own header says; loaders that read from the start believe it. */
export interface LocalHeader {
  readonly name: string
  readonly method: number
  readonly flags: number
  readonly packedSize: number
  readonly size: number
  /** Where the data begin. */
  readonly start: number
}

/** Throws DATA_CORRUPT where no member begins there. */
export const readLocalHeader = (content: Content, at: number): LocalHeader => {
  const raw = readExactly(content, at, 30)
  if (latin1(raw.subarray(0, 4)) !== 'PK\x03\x04') throw damaged(`no member begins at byte ${at}`)
  const view = viewOf(raw)
  const nameLength = view.getUint16(26, true)
  return {
    method: view.getUint16(8, true),
    flags: view.getUint16(6, true),
    packedSize: view.getUint32(18, true),
    size: view.getUint32(22, true),
    start: at + 30 + nameLength + view.getUint16(28, true),
    name: utf8(readExactly(content, at + 30, nameLength)),
  }
}

export interface MemberData {
  readonly content: Content
  /** Bytes that were held in memory for it. */
  readonly inflated: number
  readonly limited: boolean
  readonly checksum: 'right' | 'wrong' | 'not checked'
  readonly error?: string
}

const crcOf = (content: Content): number => {
  let crc = 0
  const step = 2 ** 20
  for (let at = 0; at < content.size; at += step) crc = crc32(content.read(at, step), crc)
  return crc
}

/** CRC-32 of stored members is checked up to this size: tensors of gigabytes would take long and can't run. */
const largestChecked = 16 * 2 ** 20

const methods = { stored: 0, deflated: 8, lzma: 14 } as const
/** Methods whose data are files of a format of their own (PKWARE APPNOTE 6.3.10, 4.4.5); Python reads the first. */
const unpacked: Readonly<Record<number, UnpackedFormat>> = { 12: 'bzip2', 20: 'zstandard', 93: 'zstandard', 95: 'xz' }

/** Flag of LZMA members that end with a mark instead of after their size. */
const hasEndMark = 2

/** LZMA in a zip archive: version, length of the properties, the properties, then the data (APPNOTE 5.8.8). */
const lzmaMember =
  (size: number | undefined): Unpacker =>
  (input, output) => {
    const [, , low = 0, high = 0] = input.take(4)
    const properties = input.take(low + high * 256)
    readLzma(input, output, properties[0] ?? 255, size)
  }

/** The packed data unpacked up to a limit; undefined where the method is none that is read. */
const unpackMember = (
  packed: Content,
  { method, flags }: LocalHeader,
  size: number,
  limit: number,
): Promise<Unpacked> | undefined => {
  if (method === methods.deflated) return inflate(packed, 'raw', limit)
  if (method === methods.lzma)
    return unpackWith(packed, lzmaMember((flags & hasEndMark) === 0 ? size : undefined), limit)
  const format = unpacked[method]
  return format && unpack(packed, format, limit)
}

/**
 * The data of a member, stored or packed, whatever its flags claim. Undefined where the method is none that is read.
 */
export const memberData = async (
  content: Content,
  { crc, packedSize, size }: ZipMember,
  local: LocalHeader,
  limit: number,
): Promise<MemberData | undefined> => {
  const packed = partOf(content, local.start, packedSize)
  if (local.method === methods.stored) {
    const checked = packed.size <= largestChecked
    const checksum = !checked ? 'not checked' : crcOf(packed) === crc ? 'right' : 'wrong'
    return { content: packed, inflated: 0, limited: false, checksum }
  }
  const data = await unpackMember(packed, local, size, limit)
  if (data === undefined) return undefined
  const { bytes, complete, limited, error } = data
  const checksum = !complete ? 'not checked' : crc32(bytes) === crc ? 'right' : 'wrong'
  return { content: bytesContent(bytes), inflated: bytes.length, limited, checksum, ...(error && { error }) }
}
