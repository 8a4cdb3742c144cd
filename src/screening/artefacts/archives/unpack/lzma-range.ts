import { damaged } from '../../content.ts'
import type { Input } from './input.ts'

const half = 1024
const top = 2 ** 24

/** Chances of the next bit, as 11-bit numbers. */
export type Chances = Uint16Array

export const evenChances = (count: number): Chances => new Uint16Array(count).fill(half)

/** The adaptive binary range decoder of LZMA (LZMA specification, I. Pavlov). */
export interface RangeDecoder {
  /** Reads its five first bytes. */
  start(): void
  bit(chances: Chances, at: number): number
  /** `count` bits whose chances are even. */
  direct(count: number): number
  /** A number of `count` bits by a tree of chances that begins at `at`. */
  tree(chances: Chances, at: number, count: number): number
  /** The same with the least significant bit first. */
  reverseTree(chances: Chances, at: number, count: number): number
  /** Whether all that was read has been used up, as it is at the end of a stream. */
  isFinished(): boolean
}

export const rangeDecoderOf = (input: Input): RangeDecoder => {
  let range = 0
  let code = 0
  const bit = (chances: Chances, at: number): number => {
    const chance = chances[at]!
    const bound = (range >>> 11) * chance
    let result: 0 | 1
    if (code < bound) {
      range = bound
      chances[at] = chance + ((2048 - chance) >> 5)
      result = 0
    } else {
      code -= bound
      range -= bound
      chances[at] = chance - (chance >> 5)
      result = 1
    }
    if (range < top) {
      range = (range << 8) >>> 0
      code = ((code << 8) | input.byte()) >>> 0
    }
    return result
  }
  return {
    start() {
      if (input.byte() !== 0) throw damaged('its LZMA data do not begin with a zero')
      range = 0xffff_ffff
      code = 0
      for (let i = 0; i < 4; i++) code = ((code << 8) | input.byte()) >>> 0
    },
    bit,
    direct(count) {
      let result = 0
      for (let i = 0; i < count; i++) {
        range >>>= 1
        const isSet = code >= range
        if (isSet) code -= range
        result = (result << 1) | (isSet ? 1 : 0)
        if (range < top) {
          range = (range << 8) >>> 0
          code = ((code << 8) | input.byte()) >>> 0
        }
      }
      return result >>> 0
    },
    tree(chances, at, count) {
      let node = 1
      for (let i = 0; i < count; i++) node = (node << 1) | bit(chances, at + node)
      return node - (1 << count)
    },
    reverseTree(chances, at, count) {
      let node = 1
      let result = 0
      for (let i = 0; i < count; i++) {
        const next = bit(chances, at + node)
        node = (node << 1) | next
        result |= next << i
      }
      return result
    },
    isFinished: () => code === 0,
  }
}
