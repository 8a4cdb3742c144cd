import { damaged, viewOf } from '../../content.ts'
import { checkEqual, xxHash32 } from './checksums.ts'
import type { Input } from './input.ts'
import type { Output } from './output.ts'
import { skipFrames } from './skippable.ts'

const magic = '\x04\x22\x4d\x18'
const legacyMagic = '\x02\x21\x4c\x18'
const largestLegacyBlock = 8 * 2 ** 20

/** Lengths of 15 go on in further bytes, each up to 255. */
const longLength = (block: Uint8Array, at: number, short: number): { readonly length: number; readonly at: number } => {
  if (short < 15) return { length: short, at }
  let length = short
  for (let next = at; next < block.length; ) {
    const byte = block[next++]!
    length += byte
    if (byte < 255) return { length, at: next }
  }
  throw damaged('a block is cut off within a length')
}

/** A block: literals, then a match up to 65,535 bytes back, and so on (LZ4 Block Format 1.6). */
const writeBlock = (block: Uint8Array, output: Output): void => {
  let at = 0
  while (at < block.length) {
    const token = block[at]!
    const literals = longLength(block, at + 1, token >> 4)
    at = literals.at + literals.length
    if (at > block.length) throw damaged('a block is cut off within its literals')
    output.append(block.subarray(literals.at, at))
    if (at === block.length) return
    if (at + 2 > block.length) throw damaged('a block is cut off within an offset')
    const distance = block[at]! | (block[at + 1]! << 8)
    const match = longLength(block, at + 2, token & 15)
    at = match.at
    output.copy(distance, match.length + 4)
  }
}

/** Descriptor after the magic number: flags, the size of the largest block, perhaps sizes, and a checksum of it all. */
const readDescriptor = async (input: Input) => {
  const [flags, blockFlags] = [input.byte(), input.byte()]
  if (flags >> 6 !== 1) throw damaged(`its frame is of version ${flags >> 6}`)
  const sizeBytes = input.take((flags & 8) === 8 ? 8 : 0)
  const dictionary = input.take((flags & 1) === 1 ? 4 : 0)
  const header = Uint8Array.from([flags, blockFlags, ...sizeBytes, ...dictionary])
  checkEqual('a frame header', input.byte(), ((await xxHash32(header)) >>> 8) & 0xff)
  if (dictionary.length > 0) throw damaged('it needs a dictionary that is not in it')
  return {
    blockChecksums: (flags & 16) === 16,
    contentChecksum: (flags & 4) === 4,
    largestBlock: 2 ** (8 + 2 * ((blockFlags >> 4) & 7)),
    size: sizeBytes.length === 0 ? undefined : viewOf(sizeBytes).getBigUint64(0, true),
  }
}

const readFrame = async (input: Input, output: Output): Promise<void> => {
  const start = output.size()
  const { blockChecksums, contentChecksum, largestBlock, size } = await readDescriptor(input)
  for (;;) {
    const header = input.u32()
    if (header === 0) break
    const length = header & 0x7fff_ffff
    if (length > largestBlock) throw damaged(`a block of ${length} bytes is larger than its header allows`)
    const block = input.take(length)
    if (blockChecksums) checkEqual('a block', input.u32(), await xxHash32(block))
    if (header > 0x7fff_ffff) output.append(block)
    else writeBlock(block, output)
  }
  const content = output.from(start)
  if (contentChecksum) checkEqual('the content', input.u32(), await xxHash32(content))
  if (size !== undefined && size !== BigInt(content.length))
    throw damaged(`it declares ${size} bytes and holds ${content.length}`)
}

/** The form before 2013: blocks until the end, without checksums. */
const readLegacyFrame = (input: Input, output: Output): void => {
  while (input.peek() !== undefined && !input.startsWith(magic) && !input.startsWith(legacyMagic)) {
    const length = input.u32()
    if (length > largestLegacyBlock * 1.01) throw damaged(`a block of ${length} bytes is larger than the form allows`)
    writeBlock(input.take(length), output)
  }
}

/** All frames of an LZ4 file (LZ4 Frame Format 1.6.4), the legacy form too. */
export const lz4 = async (input: Input, output: Output): Promise<void> => {
  skipFrames(input)
  do {
    const isLegacy = input.startsWith(legacyMagic)
    if (!isLegacy && !input.startsWith(magic)) throw damaged('it has no LZ4 header')
    input.take(4)
    if (isLegacy) readLegacyFrame(input, output)
    else await readFrame(input, output)
    skipFrames(input)
  } while (input.startsWith(magic) || input.startsWith(legacyMagic))
}
