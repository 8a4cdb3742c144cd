import { damaged } from '../../content.ts'
import type { Input } from './input.ts'
import { type Chances, evenChances, type RangeDecoder, rangeDecoderOf } from './lzma-range.ts'
import type { Output } from './output.ts'

/** How many bits of the byte before (lc) and of the position (lp, pb) choose the chances. */
interface Parameters {
  readonly lc: number
  readonly lp: number
  readonly pb: number
}

/** lc, lp and pb in one byte: (pb * 5 + lp) * 9 + lc. */
export const parametersOf = (byte: number): Parameters => {
  if (byte >= 225) throw damaged(`its LZMA parameters are ${byte}`)
  return { lc: byte % 9, lp: Math.floor(byte / 9) % 5, pb: Math.floor(byte / 45) }
}

const states = 12
const firstAfterMatch = 7
const literalSize = 0x300
const endMarker = 0xffff_ffff

const chancesOf = ({ lc, lp }: Parameters) => {
  const lengths = () => ({
    choice: evenChances(2),
    low: evenChances(16 * 8),
    middle: evenChances(16 * 8),
    high: evenChances(256),
  })
  return {
    literal: evenChances(literalSize << (lc + lp)),
    isMatch: evenChances(states * 16),
    isRepeat: evenChances(states),
    isRepeat0: evenChances(states),
    isRepeat1: evenChances(states),
    isRepeat2: evenChances(states),
    isLongRepeat0: evenChances(states * 16),
    slot: evenChances(4 * 64),
    near: evenChances(128),
    align: evenChances(16),
    matchLength: lengths(),
    repeatLength: lengths(),
  }
}

type AllChances = ReturnType<typeof chancesOf>

const lengthOf = (range: RangeDecoder, chances: AllChances['matchLength'], position: number): number => {
  if (range.bit(chances.choice, 0) === 0) return 2 + range.tree(chances.low, position * 8, 3)
  if (range.bit(chances.choice, 1) === 0) return 10 + range.tree(chances.middle, position * 8, 3)
  return 18 + range.tree(chances.high, 0, 8)
}

/** Distance less one of a match of `length`. */
const distanceOf = (range: RangeDecoder, { slot, near, align }: AllChances, length: number): number => {
  const number = range.tree(slot, Math.min(length - 2, 3) * 64, 6)
  if (number < 4) return number
  const bits = (number >> 1) - 1
  const base = ((2 | (number & 1)) << bits) >>> 0
  if (number < 14) return base + range.reverseTree(near, base - number, bits)
  return base + range.direct(bits - 4) * 16 + range.reverseTree(align, 0, 4)
}

const literalOf = (range: RangeDecoder, chances: Chances, at: number, matched: number | undefined): number => {
  let symbol = 1
  if (matched !== undefined)
    for (let byte = matched; symbol < 0x100; byte <<= 1) {
      const expected = (byte >> 7) & 1
      const bit = range.bit(chances, at + ((1 + expected) << 8) + symbol)
      symbol = (symbol << 1) | bit
      if (bit !== expected) break
    }
  while (symbol < 0x100) symbol = (symbol << 1) | range.bit(chances, at + symbol)
  return symbol & 0xff
}

export interface LzmaDecoder {
  /** Forgets what was learnt; new parameters may come with it. */
  reset(parameters?: Parameters): void
  /** Matches may not reach before this place from now on. */
  startDictionary(): void
  /** Starts the range decoder, then decodes until the output has `until` bytes (false) or the end is marked (true). */
  decode(until: number): boolean
  isFinished(): boolean
}

/** The LZMA decoder (LZMA specification, I. Pavlov, 2015); LZMA2 drives it in chunks. */
export const lzmaDecoderOf = (input: Input, output: Output, first: Parameters): LzmaDecoder => {
  const range = rangeDecoderOf(input)
  let parameters = first
  let chances = chancesOf(parameters)
  let state = 0
  let [distance0, distance1, distance2, distance3] = [0, 0, 0, 0]
  let dictionaryAt = output.size()

  const writeLiteral = (position: number): void => {
    const { lc, lp } = parameters
    const before = position === 0 ? 0 : output.back(1)
    const at = literalSize * (((position & ((1 << lp) - 1)) << lc) + (before >> (8 - lc)))
    const matched = state < firstAfterMatch ? undefined : output.back(distance0 + 1)
    output.push(literalOf(range, chances.literal, at, matched))
    state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6
  }

  /** Length of a match with an earlier distance, which moves to the front. */
  const repeatLength = (within: number): number => {
    if (range.bit(chances.isRepeat0, state) === 0) {
      if (range.bit(chances.isLongRepeat0, state * 16 + within) === 0) {
        state = state < firstAfterMatch ? 9 : 11
        return 1
      }
    } else {
      let distance = distance1
      if (range.bit(chances.isRepeat1, state) === 1) {
        distance = distance2
        if (range.bit(chances.isRepeat2, state) === 1) {
          distance = distance3
          distance3 = distance2
        }
        distance2 = distance1
      }
      distance1 = distance0
      distance0 = distance
    }
    state = state < firstAfterMatch ? 8 : 11
    return lengthOf(range, chances.repeatLength, within)
  }

  const newLength = (within: number): number => {
    const length = lengthOf(range, chances.matchLength, within)
    ;[distance3, distance2, distance1] = [distance2, distance1, distance0]
    distance0 = distanceOf(range, chances, length)
    state = state < firstAfterMatch ? 7 : 10
    return length
  }

  return {
    reset(given) {
      parameters = given ?? parameters
      chances = chancesOf(parameters)
      state = 0
      distance0 = distance1 = distance2 = distance3 = 0
    },
    startDictionary() {
      dictionaryAt = output.size()
    },
    decode(until) {
      range.start()
      const mask = (1 << parameters.pb) - 1
      while (output.size() < until) {
        const position = output.size() - dictionaryAt
        const within = position & mask
        if (range.bit(chances.isMatch, state * 16 + within) === 0) {
          writeLiteral(position)
          continue
        }
        const isRepeat = range.bit(chances.isRepeat, state) === 1
        const length = isRepeat ? repeatLength(within) : newLength(within)
        if (!isRepeat && distance0 === endMarker) return true
        if (distance0 >= position) throw damaged(`it refers ${distance0 + 1} bytes back where there are ${position}`)
        output.copy(distance0 + 1, Math.min(length, until - output.size()))
      }
      return false
    },
    isFinished: range.isFinished,
  }
}
