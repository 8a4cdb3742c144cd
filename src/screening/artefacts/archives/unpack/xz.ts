import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { damaged, viewOf } from '../../content.ts'
import { checkEqual, crc64 } from './checksums.ts'
import type { Input } from './input.ts'
import { readLzma2 } from './lzma2.ts'
import type { Output } from './output.ts'

const signature = '\xfd7zXZ\0'
const lzma2 = 0x21
/** Bytes of a check by its kind (xz file format 1.2.1, 2.1.1.2). */
const checkSizes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64] as const

const checkOf = (kind: number, bytes: Uint8Array): Uint8Array | undefined => {
  if (kind === 4) return crc64(bytes)
  if (kind === 10) return createHash('sha256').update(bytes).digest()
  if (kind !== 1) return undefined
  const result = new Uint8Array(4)
  viewOf(result).setUint32(0, crc32(bytes), true)
  return result
}

/** A number in groups of seven bits, least significant first, from bytes that `next` gives. */
const variable = (next: () => number): number => {
  let value = 0
  for (let i = 0; i < 7; i++) {
    const byte = next()
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return value
  }
  throw damaged('it holds a number that is too large')
}

/** Header of a block, of which the first byte has been read: only LZMA2 without other filters is unpacked. */
const readBlockHeader = (input: Input, sizeByte: number): void => {
  const rest = input.take(sizeByte * 4 + 3)
  const header = Uint8Array.from([sizeByte, ...rest.subarray(0, -4)])
  checkEqual('a block header', viewOf(rest).getUint32(rest.length - 4, true), crc32(header))
  const flags = header[1]!
  let at = 2
  const next = (): number => header[at++] ?? 0
  if ((flags & 0x40) !== 0) variable(next)
  if ((flags & 0x80) !== 0) variable(next)
  const filter = variable(next)
  if ((flags & 3) !== 0 || filter !== lzma2)
    throw damaged(`it is packed with a filter (${(flags & 3) !== 0 ? 'several' : filter}) that isn’t undone here`)
}

const readBlock = (input: Input, output: Output, sizeByte: number, check: number): void => {
  readBlockHeader(input, sizeByte)
  const [start, packedAt] = [output.size(), input.position()]
  readLzma2(input, output)
  input.take((4 - ((input.position() - packedAt) % 4)) % 4)
  const stored = input.take(checkSizes[check]!)
  const computed = checkOf(check, output.from(start))
  if (computed !== undefined && Buffer.compare(stored, computed) !== 0)
    throw damaged('the checksum of a block is wrong')
}

/** The index after the blocks: how many there are, and two sizes of each; it begins at `at`. */
const readIndex = (input: Input, at: number, blocks: number): void => {
  const records = variable(input.byte)
  if (records !== blocks) throw damaged(`its index lists ${records} blocks, it has ${blocks}`)
  for (let i = 0; i < 2 * records; i++) variable(input.byte)
  input.take((4 - ((input.position() - at) % 4)) % 4)
  input.u32()
}

const readStream = (input: Input, output: Output): void => {
  if (!input.startsWith(signature)) throw damaged('it has no xz header')
  const header = input.take(12)
  checkEqual('the header', viewOf(header).getUint32(8, true), crc32(header.subarray(6, 8)))
  const check = header[7]!
  if (header[6] !== 0 || check > 15) throw damaged('its header has flags that are unknown')
  let blocks = 0
  for (;;) {
    const at = input.position()
    const sizeByte = input.byte()
    if (sizeByte === 0) {
      readIndex(input, at, blocks)
      break
    }
    readBlock(input, output, sizeByte, check)
    blocks++
  }
  const footer = input.take(12)
  checkEqual('the footer', viewOf(footer).getUint32(0, true), crc32(footer.subarray(4, 10)))
  if (footer[8] !== 0 || footer[9] !== check || footer[10] !== 0x59 || footer[11] !== 0x5a)
    throw damaged('its footer is not that of its header')
}

/** All streams of an xz file (xz file format 1.2.1), with the zeros that may stand between them. */
export const xz = (input: Input, output: Output): void => {
  do {
    readStream(input, output)
    while (input.startsWith('\0\0\0\0')) input.take(4)
  } while (input.startsWith(signature))
}
