/** Numbers that a key and a value decide: the same ones every time. */
export interface Draws {
  /** Uniform integer in [0, bound), bound at most 2^32. */
  readonly integer: (bound: number) => number
  readonly pick: <T>(list: readonly T[]) => T
  readonly digits: (count: number) => string
}

/** Draws from `prf(counter)`, blocks of keyed bytes in counter mode. */
export const drawsOf = (prf: (counter: number) => Buffer): Draws => {
  let counter = 0
  let block = Buffer.alloc(0)
  let used = 0
  const word = (): number => {
    if (used + 4 > block.length) {
      block = Buffer.from(prf(counter++))
      used = 0
    }
    used += 4
    return block.readUInt32BE(used - 4)
  }
  const integer = (bound: number): number => {
    const most = Math.floor(2 ** 32 / bound) * bound
    for (;;) {
      const drawn = word()
      if (drawn < most) return drawn % bound
    }
  }
  return {
    integer,
    pick: (list) => list[integer(list.length)]!,
    digits: (count) => Array.from({ length: count }, () => integer(10)).join(''),
  }
}
