import { Decompress } from 'fzstd'
import { damaged } from '../../content.ts'
import { checkEqual, xxHash64Low } from './checksums.ts'
import type { Input } from './input.ts'
import { limitReached, type Output } from './output.ts'
import { skipFrames } from './skippable.ts'

const magic = [0x28, 0xb5, 0x2f, 0xfd] as const
const magicText = String.fromCharCode(...magic)
const largestBlock = 2 ** 17
const largestWindow = 2 ** 31 - 2 ** 24

interface FrameHeader {
  /** How far matches reach back, in bytes. */
  readonly window: number
  readonly size: number | undefined
  readonly hasChecksum: boolean
}

const little = (bytes: Uint8Array): number => bytes.reduceRight((sum, byte) => sum * 256 + byte, 0)

/** Header of a frame (RFC 8878, 3.1.1.1). */
const readHeader = (input: Input): FrameHeader => {
  const flags = input.byte()
  if ((flags & 8) !== 0) throw damaged('its frame header has a reserved flag')
  const isSingle = (flags & 32) !== 0
  const windowByte = isSingle ? 0 : input.byte()
  const dictionary = little(input.take([0, 1, 2, 4][flags & 3]!))
  if (dictionary !== 0) throw damaged('it needs a dictionary that is not in it')
  const sizeKind = flags >> 6
  const sizeBytes = sizeKind === 0 ? (isSingle ? 1 : 0) : 2 ** sizeKind
  const size = sizeBytes === 0 ? undefined : little(input.take(sizeBytes)) + (sizeKind === 1 ? 256 : 0)
  const base = 2 ** (10 + (windowByte >> 3))
  const window = isSingle ? size! : base + (base / 8) * (windowByte & 7)
  return { window, size, hasChecksum: (flags & 4) !== 0 }
}

/**
 * A frame header for the decoder, which reserves the window at once: one that is no larger than what the frame can hold
 * and what may be unpacked, whatever the file claims. Its byte is an exponent, rounded up.
 */
const headerFor = (window: number): Uint8Array => {
  const exponent = Math.max(0, Math.ceil(Math.log2(Math.min(window, largestWindow))) - 10)
  return Uint8Array.from([...magic, 0, Math.min(exponent, 20) << 3])
}

interface Block {
  readonly bytes: Uint8Array
  readonly isLast: boolean
}

/** A block with its header of three bytes. */
const readBlock = (input: Input): Block => {
  const header = input.take(3)
  const value = little(header)
  const [kind, size] = [(value >> 1) & 3, value >> 3]
  if (kind === 3) throw damaged('a block is of a reserved kind')
  if (size > largestBlock) throw damaged(`a block of ${size} bytes is larger than the format allows`)
  const data = input.take(kind === 1 ? 1 : size)
  const bytes = new Uint8Array(3 + data.length)
  bytes.set(header)
  bytes.set(data, 3)
  return { bytes, isLast: (value & 1) === 1 }
}

/** Feeds the decoder; whatever it throws over hostile data is damage. */
const feed = (decoder: Decompress, bytes: Uint8Array, isLast: boolean): void => {
  try {
    decoder.push(bytes, isLast)
  } catch (error) {
    if (error === limitReached) throw error
    throw damaged(`its Zstandard data are damaged: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const readFrame = async (input: Input, output: Output): Promise<void> => {
  const start = output.size()
  const { window, size, hasChecksum } = readHeader(input)
  const decoder = new Decompress((chunk) => output.append(chunk))
  feed(decoder, headerFor(Math.max(largestBlock, Math.min(window, output.limit))), false)
  for (let isLast = false; !isLast; ) {
    const block = readBlock(input)
    isLast = block.isLast
    feed(decoder, block.bytes, isLast)
  }
  const content = output.from(start)
  if (size !== undefined && size !== content.length)
    throw damaged(`it declares ${size} bytes and holds ${content.length}`)
  if (hasChecksum) checkEqual('the content', input.u32(), await xxHash64Low(content))
}

/** All frames of a Zstandard file (RFC 8878). The blocks are decoded by fzstd; frames, bounds and checksums are ours. */
export const zstandard = async (input: Input, output: Output): Promise<void> => {
  skipFrames(input)
  do {
    if (!input.startsWith(magicText)) throw damaged('it has no Zstandard header')
    input.take(4)
    await readFrame(input, output)
    skipFrames(input)
  } while (input.startsWith(magicText))
}
