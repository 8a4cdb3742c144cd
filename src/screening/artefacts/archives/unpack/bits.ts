import type { Input } from './input.ts'

/** Reads bits, the most significant of each byte first. */
export interface Bits {
  /** Up to 24 bits as a number. What is left of the last byte is dropped with the reader. */
  take(count: number): number
}

export const bitsOf = (input: Input): Bits => {
  let held = 0
  let count = 0
  return {
    take(wanted) {
      while (count < wanted) {
        held = ((held << 8) | input.byte()) >>> 0
        count += 8
      }
      count -= wanted
      const value = (held >>> count) & ((1 << wanted) - 1)
      held &= (1 << count) - 1
      return value
    },
  }
}
