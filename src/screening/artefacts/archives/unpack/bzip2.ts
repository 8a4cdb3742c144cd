import { damaged } from '../../content.ts'
import { type Bits, bitsOf } from './bits.ts'
import { readColumn } from './bzip2-symbols.ts'
import { checkEqual } from './checksums.ts'
import type { Input } from './input.ts'
import type { Output } from './output.ts'

/** Table of the CRC-32 with the most significant bit first; zlib's goes the other way. */
const crcTable = Uint32Array.from({ length: 256 }, (_, i) => {
  let crc = i << 24
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c1_1db7 : 0)
  return crc
})

const crcOf = (bytes: Uint8Array): number => {
  let crc = -1
  for (let i = 0; i < bytes.length; i++) crc = (crc << 8) ^ crcTable[(crc >>> 24) ^ bytes[i]!]!
  return ~crc >>> 0
}

/** Undoes the Burrows-Wheeler transform (SRC report 124, 1994) and the runs: four equal bytes are followed by a count. */
const writeBlock = (column: Uint8Array, origin: number, output: Output): void => {
  const starts = new Uint32Array(256)
  for (const byte of column) starts[byte]!++
  let sum = 0
  for (let byte = 0; byte < 256; byte++) {
    sum += starts[byte]!
    starts[byte] = sum - starts[byte]!
  }
  const next = new Uint32Array(column.length)
  for (let i = 0; i < column.length; i++) next[starts[column[i]!]!++] = i
  let at = next[origin]!
  let equal = 0
  let last = -1
  for (let i = 0; i < column.length; i++) {
    const byte = column[at]!
    at = next[at]!
    if (equal === 4) {
      for (let left = byte; left > 0; left--) output.push(last)
      equal = 0
      last = -1
      continue
    }
    equal = byte === last ? equal + 1 : 1
    last = byte
    output.push(byte)
  }
}

/** One stream: blocks of up to 900,000 bytes, each with a CRC, then a CRC of the CRCs. */
const readStream = (input: Input, bits: Bits, output: Output): void => {
  const header = String.fromCharCode(...input.take(4))
  const level = /^BZh([1-9])$/.exec(header)?.[1]
  if (level === undefined) throw damaged('it has no bzip2 header')
  let combined = 0
  for (;;) {
    const magic = `${bits.take(24).toString(16)} ${bits.take(24).toString(16)}`
    const stored = ((bits.take(16) << 16) | bits.take(16)) >>> 0
    if (magic === '177245 385090') {
      checkEqual('the stream', stored, combined)
      return
    }
    if (magic !== '314159 265359') throw damaged('a block does not begin as one')
    if (bits.take(1) === 1) throw damaged('a block is of the obsolete randomised form, which isn’t read')
    const origin = bits.take(24)
    const column = readColumn(bits, Number(level) * 100_000)
    if (origin >= column.length) throw damaged('a block begins beyond its end')
    const start = output.size()
    writeBlock(column, origin, output)
    const crc = crcOf(output.from(start))
    checkEqual('a block', stored, crc)
    combined = ((combined << 1) | (combined >>> 31)) ^ crc
  }
}

/** All streams of a bzip2 file, one after the other, as parallel packers write them. */
export const bzip2 = (input: Input, output: Output): void => {
  do readStream(input, bitsOf(input), output)
  while (input.startsWith('BZh'))
}
