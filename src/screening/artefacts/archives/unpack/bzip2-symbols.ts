import { damaged } from '../../content.ts'
import type { Bits } from './bits.ts'

const longestCode = 20
const groupSize = 50
const mostSelectors = 18_002

/** A canonical Huffman code: the symbols in the order of their codes, and by length the first code and its place. */
interface Code {
  readonly symbols: readonly number[]
  readonly limits: readonly number[]
  readonly offsets: readonly number[]
}

const codeOf = (lengths: readonly number[]): Code => {
  const symbols: number[] = []
  const limits: number[] = [-1]
  const offsets: number[] = [0]
  let code = 0
  for (let length = 1; length <= longestCode; length++) {
    const first = symbols.length
    for (const [symbol, other] of lengths.entries()) if (other === length) symbols.push(symbol)
    offsets.push(first - code)
    code += symbols.length - first
    limits.push(code - 1)
    code <<= 1
  }
  return { symbols, limits, offsets }
}

const symbolOf = (bits: Bits, { symbols, limits, offsets }: Code): number => {
  let code = 0
  for (let length = 1; length <= longestCode; length++) {
    code = (code << 1) | bits.take(1)
    if (code <= limits[length]!) {
      const symbol = symbols[code + offsets[length]!]
      if (symbol !== undefined) return symbol
    }
  }
  throw damaged('it holds a code that its tables lack')
}

/** The bytes that occur, from two levels of 16 flags. */
const alphabetOf = (bits: Bits): Uint8Array => {
  const groups = bits.take(16)
  const used: number[] = []
  for (let group = 0; group < 16; group++) {
    if ((groups & (0x8000 >> group)) === 0) continue
    const flags = bits.take(16)
    for (let i = 0; i < 16; i++) if ((flags & (0x8000 >> i)) !== 0) used.push(group * 16 + i)
  }
  return Uint8Array.from(used)
}

const moveToFront = (list: Uint8Array, at: number): number => {
  const value = list[at]
  if (value === undefined) throw damaged('it refers to a symbol that it lacks')
  for (let i = at; i > 0; i--) list[i] = list[i - 1]!
  list[0] = value
  return value
}

const selectorsOf = (bits: Bits, groups: number): Uint8Array => {
  const count = bits.take(15)
  if (count === 0) throw damaged('it has no selectors')
  const order = Uint8Array.from({ length: groups }, (_, i) => i)
  const selectors = new Uint8Array(Math.min(count, mostSelectors))
  for (let i = 0; i < count; i++) {
    let at = 0
    while (bits.take(1) === 1) if (++at >= groups) throw damaged('a selector names a table that is not there')
    const group = moveToFront(order, at)
    // libbzip2 reads and drops what is beyond the most that a block can need.
    if (i < mostSelectors) selectors[i] = group
  }
  return selectors
}

const lengthsOf = (bits: Bits, size: number): readonly number[] => {
  let length = bits.take(5)
  return Array.from({ length: size }, () => {
    while (bits.take(1) === 1) length += bits.take(1) === 0 ? 1 : -1
    if (length < 1 || length > longestCode) throw damaged(`a code has the length ${length}`)
    return length
  })
}

/**
 * The last column of the sorted block: Huffman codes, then runs of the front symbol, then move-to-front. Throws
 * DATA_CORRUPT where it is longer than `longest`.
 */
export const readColumn = (bits: Bits, longest: number): Uint8Array => {
  const alphabet = alphabetOf(bits)
  if (alphabet.length === 0) throw damaged('a block uses no bytes')
  const groups = bits.take(3)
  if (groups < 2 || groups > 6) throw damaged(`a block has ${groups} tables`)
  const selectors = selectorsOf(bits, groups)
  const end = alphabet.length + 1
  const codes = Array.from({ length: groups }, () => codeOf(lengthsOf(bits, end + 1)))
  const column = new Uint8Array(longest)
  let size = 0
  let run = 0
  let weight = 1
  const fill = (length: number): void => {
    if (size + length > longest) throw damaged('a block is longer than its header allows')
    column.fill(alphabet[0]!, size, size + length)
    size += length
  }
  for (let i = 0; ; i++) {
    const selector = selectors[Math.floor(i / groupSize)]
    if (selector === undefined) throw damaged('a block has more symbols than selectors')
    const symbol = symbolOf(bits, codes[selector]!)
    if (symbol < 2) {
      // Runs are written in a number system with the digits 1 and 2.
      run += weight * (symbol + 1)
      if (run > longest) throw damaged('a block is longer than its header allows')
      weight *= 2
      continue
    }
    fill(run)
    run = 0
    weight = 1
    if (symbol === end) return column.subarray(0, size)
    moveToFront(alphabet, symbol - 1)
    fill(1)
  }
}
