import { crc32 } from 'node:zlib'
import { BartizanError } from '../../base/errors.ts'
import { type AtomicFile, writeAtomically } from '../atomic-file.ts'
import { elementCount, encode } from '../dtype.ts'
import { checkArrayType, type WritableArray } from './npy.ts'
import { npyHeader } from './npy-header.ts'

const limit = 0xffffffff

/** 1 January 1980, the format's first day: the same arrays always give the same bytes. */
const dosDate = 0x0021

/** The 26 bytes that local and central headers share, from "version needed" on: stored, UTF-8 name. */
const commonHeader = (name: Uint8Array, crc: number, size: number): Buffer => {
  const header = Buffer.alloc(26)
  header.writeUInt16LE(20, 0)
  header.writeUInt16LE(0x0800, 2)
  header.writeUInt16LE(dosDate, 8)
  header.writeUInt32LE(crc, 10)
  header.writeUInt32LE(size, 14)
  header.writeUInt32LE(size, 18)
  header.writeUInt16LE(name.length, 22)
  return header
}

const signature = (value: number, extra = 0): Buffer => {
  const bytes = Buffer.alloc(4 + extra)
  bytes.writeUInt32LE(value, 0)
  return bytes
}

const writeMember = async (file: AtomicFile, name: string, { dtype, shape, data }: WritableArray, offset: number) => {
  checkArrayType(dtype, data)
  if (elementCount(shape, name) !== data.length)
    throw new BartizanError('INTERNAL', `"${name}": shape [${shape.join(', ')}] doesn't fit ${data.length} elements`)
  const fileName = new TextEncoder().encode(`${name}.npy`)
  const parts = [npyHeader(dtype, shape), encode(data)]
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  const common = commonHeader(
    fileName,
    // Over no bytes the function forgets the sum so far.
    parts.reduce((crc, part) => (part.length === 0 ? crc : crc32(part, crc)), 0),
    size,
  )
  const local = Buffer.concat([signature(0x04034b50), common, fileName])
  for (const part of [local, ...parts]) await file.write(part)
  const versionMadeBy = signature(0x02014b50, 2)
  versionMadeBy.writeUInt16LE(20, 4)
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(offset, 10)
  return { next: offset + local.length + size, entry: Buffer.concat([versionMadeBy, common, rest, fileName]) }
}

/**
 * Writes arrays as numpy.savez does (stored, not compressed), at most 4 GiB in all; throws FILE_UNWRITABLE, and then
 * leaves no file.
 */
export const writeNpz = (path: string, arrays: Readonly<Record<string, WritableArray>>): Promise<void> => {
  const total = Object.values(arrays).reduce((sum, { data }) => sum + data.byteLength + 1024, 0)
  if (total > limit)
    throw new BartizanError('FILE_UNWRITABLE', `${path}: ${total} bytes are more than an npz file of 4 GiB holds`, {
      hint: 'save each array as npy, or save fewer rows',
      data: { path, total, limit },
    })
  return writeAtomically(path, async (file) => {
    const entries: Buffer[] = []
    let offset = 0
    for (const [name, array] of Object.entries(arrays)) {
      const { next, entry } = await writeMember(file, name, array, offset)
      entries.push(entry)
      offset = next
    }
    const directory = Buffer.concat(entries)
    const end = signature(0x06054b50, 18)
    end.writeUInt16LE(entries.length, 8)
    end.writeUInt16LE(entries.length, 10)
    end.writeUInt32LE(directory.length, 12)
    end.writeUInt32LE(offset, 16)
    await file.write(directory)
    await file.write(end)
  })
}
