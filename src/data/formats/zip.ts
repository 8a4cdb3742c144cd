import { BartizanError } from '../../base/errors.ts'
import { type ByteSource, sliceBytes } from '../bytes.ts'
import { rawInflatedBytes } from '../inflate.ts'

/** A member as the central directory describes it. */
export interface ZipMember {
  readonly name: string
  readonly method: number
  readonly encrypted: boolean
  readonly crc: number
  readonly packedSize: number
  readonly size: number
  /** Of the member's local header. */
  readonly offset: number
}

const largestDirectory = 16 * 2 ** 20
const endSignature = 0x06054b50
const end64LocatorSignature = 0x07064b50
const end64Signature = 0x06064b50
const directorySignature = 0x02014b50
const localSignature = 0x04034b50

const corrupt = (path: string, what: string): BartizanError =>
  new BartizanError('DATA_CORRUPT', `${path} is a damaged zip archive: ${what}`, {
    hint: 'copy or download the file again',
    data: { path },
  })

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** A 64-bit number of the format as a number; offsets and sizes beyond 2^53 are damage. */
const safe = (path: string, value: bigint): number => {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw corrupt(path, `the size or offset ${value} is impossible`)
  return Number(value)
}

interface Directory {
  readonly offset: number
  readonly size: number
}

/** Finds the central directory from the end record (which an archive comment may follow), zip64 included. */
const findDirectory = async (bytes: ByteSource): Promise<Directory> => {
  const { path } = bytes
  const tailSize = Math.min(bytes.size, 22 + 65_535)
  const tailStart = bytes.size - tailSize
  const tail = viewOf(await bytes.read(tailStart, tailSize))
  let at = tailSize - 22
  while (at >= 0 && tail.getUint32(at, true) !== endSignature) at--
  if (at < 0) throw corrupt(path, 'it has no end record, so it is cut off')
  const directory = { size: tail.getUint32(at + 12, true), offset: tail.getUint32(at + 16, true) }
  if (at < 20 || tail.getUint32(at - 20, true) !== end64LocatorSignature) return directory
  const at64 = safe(path, tail.getBigUint64(at - 12, true))
  const end64 = viewOf(await bytes.read(at64, 56))
  if (end64.getUint32(0, true) !== end64Signature) throw corrupt(path, 'its zip64 end record is missing')
  return { size: safe(path, end64.getBigUint64(40, true)), offset: safe(path, end64.getBigUint64(48, true)) }
}

/** Sizes that don't fit 32 bits stand in the extra field 1, in a fixed order, only those that are needed. */
const widened = (path: string, extra: DataView, values: readonly number[]): readonly number[] => {
  const full = 0xffffffff
  if (!values.includes(full)) return values
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue
    let next = at + 4
    return values.map((value) => {
      if (value !== full) return value
      if (next + 8 > extra.byteLength) throw corrupt(path, 'a zip64 field is too short')
      next += 8
      return safe(path, extra.getBigUint64(next - 8, true))
    })
  }
  return values
}

/** The members of a zip archive by name, from its central directory (PKWARE APPNOTE 6.3.10), sizes checked. */
export const readZipDirectory = async (bytes: ByteSource): Promise<ReadonlyMap<string, ZipMember>> => {
  const { path } = bytes
  if (bytes.size < 22) throw corrupt(path, 'it is too short')
  const { offset: start, size } = await findDirectory(bytes)
  if (start + size > bytes.size) throw corrupt(path, 'its directory lies beyond its end')
  if (size > largestDirectory) throw corrupt(path, `its directory of ${size} bytes is beyond the limit`)
  const raw = await bytes.read(start, size)
  const view = viewOf(raw)
  const members = new Map<string, ZipMember>()
  for (let at = 0; at < size; ) {
    if (at + 46 > size || view.getUint32(at, true) !== directorySignature)
      throw corrupt(path, 'its directory is broken')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true))
    const extraAt = at + 46 + nameLength!
    const next = extraAt + extraLength! + commentLength!
    if (next > size) throw corrupt(path, 'its directory is broken')
    const name = new TextDecoder().decode(raw.subarray(at + 46, extraAt))
    const extra = viewOf(raw.subarray(extraAt, extraAt + extraLength!))
    const written = [24, 20, 42].map((field) => view.getUint32(at + field, true))
    const [inflated, packedSize, offset] = widened(path, extra, written)
    if (members.has(name)) throw corrupt(path, `it holds two members named "${name}"`)
    members.set(name, {
      name,
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      crc: view.getUint32(at + 16, true),
      packedSize: packedSize!,
      size: inflated!,
      offset: offset!,
    })
    at = next
  }
  return members
}

/** The content of a member, stored or deflated, read forward without holding it in memory. */
export const zipMemberBytes = async (bytes: ByteSource, member: ZipMember): Promise<ByteSource> => {
  const { path } = bytes
  if (member.encrypted || (member.method !== 0 && member.method !== 8))
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path}: "${member.name}" is packed in a way that isn't read`, {
      hint: 'write the archive with numpy.savez or numpy.savez_compressed',
      data: { path, member: member.name, method: member.method },
    })
  const local = viewOf(await bytes.read(member.offset, 30))
  if (local.getUint32(0, true) !== localSignature) throw corrupt(path, `"${member.name}" isn't where it should be`)
  const start = member.offset + 30 + local.getUint16(26, true) + local.getUint16(28, true)
  if (start + member.packedSize > bytes.size) throw corrupt(path, `"${member.name}" lies beyond the end`)
  const packed = sliceBytes(bytes, start, member.packedSize)
  if (member.method === 8) return rawInflatedBytes(packed, member.size, member.crc)
  if (member.size !== member.packedSize) throw corrupt(path, `"${member.name}" declares two sizes`)
  return packed
}
