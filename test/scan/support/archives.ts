import { crc32, deflateRawSync } from 'node:zlib'
import { bytes, u16, u32, utf8 } from './bytes.ts'

export interface Member {
  readonly name: string
  readonly data: Uint8Array
  readonly deflate?: boolean
  readonly flags?: number
  readonly crc?: number
  readonly method?: number
  readonly mode?: number
  /** What the member's own header says, where that differs. */
  readonly localName?: string
  readonly localMethod?: number
  /** What the directory says. */
  readonly declaredSize?: number
  readonly declaredPackedSize?: number
  /** Left out of the directory. */
  readonly hidden?: boolean
}

export const zip = (members: readonly Member[], before: Uint8Array = new Uint8Array(0), comment = ''): Uint8Array => {
  const parts: Uint8Array[] = [before]
  const directory: Uint8Array[] = []
  let at = before.length
  for (const member of members) {
    const { name, data, deflate = false, flags = 0, mode = 0o100644 } = member
    const packed = deflate ? deflateRawSync(data) : data
    const method = member.method ?? (deflate ? 8 : 0)
    const crc = member.crc ?? crc32(data)
    const localName = utf8(member.localName ?? name)
    const size = member.declaredSize ?? data.length
    const packedSize = member.declaredPackedSize ?? packed.length
    const local = bytes('PK\x03\x04', u16(20), u16(flags), u16(member.localMethod ?? method), u32(0), u32(crc))
    const header = bytes(local, u32(packed.length), u32(data.length), u16(localName.length), u16(0), localName)
    parts.push(header, packed)
    if (!member.hidden) {
      const fixed = bytes(
        'PK\x01\x02',
        u16(0x31e),
        u16(20),
        u16(flags),
        u16(method),
        u32(0),
        u32(crc),
        u32(packedSize),
        u32(size),
      )
      const tail = bytes(u16(utf8(name).length), u16(0), u16(0), u16(0), u16(0), u32(mode * 65536), u32(at), utf8(name))
      directory.push(bytes(fixed, tail))
    }
    at += header.length + packed.length
  }
  const listed = bytes(...directory)
  const count = directory.length
  return bytes(
    ...parts,
    listed,
    'PK\x05\x06',
    u16(0),
    u16(0),
    u16(count),
    u16(count),
    u32(listed.length),
    u32(at),
    u16(comment.length),
    comment,
  )
}

export interface TarMember {
  readonly name: string
  readonly data?: Uint8Array
  readonly type?: string
  readonly link?: string
}

const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`

export const tar = (members: readonly TarMember[]): Uint8Array =>
  bytes(
    ...members.flatMap(({ name, data = new Uint8Array(0), type = '0', link = '' }) => {
      const head = bytes(
        name.padEnd(100, '\0'),
        octal(0o644, 8),
        octal(0, 8),
        octal(0, 8),
        octal(data.length, 12),
        octal(0, 12),
      )
      const rest = bytes(type, link.padEnd(100, '\0'), 'ustar\0', '00', '\0'.repeat(247))
      const sum = [...head, ...rest].reduce((total, byte) => total + byte, 0) + 8 * 32
      return [head, bytes(`${octal(sum, 7)} `), rest, data, new Uint8Array((512 - (data.length % 512)) % 512)]
    }),
    new Uint8Array(1024),
  )
