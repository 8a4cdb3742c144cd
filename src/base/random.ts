/**
 * Random numbers keyed by what they are for, so that the same example gets the same numbers whatever the batch size,
 * the order of the rows or the number of workers: `stream(seed, 'pgd', row)` is a function of its arguments only.
 *
 * The key is hashed with MurmurHash3's finaliser; the generator is xoshiro128** (Blackman and Vigna 2018,
 * arXiv:1805.01407).
 */
export type RandomKey = string | number

export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number
  /** Standard normal. */
  normal(): number
  /** Uniform integer in [0, bound). */
  integer(bound: number): number
  /** A stream of its own, independent of how much was drawn from this one. */
  fork(...key: RandomKey[]): Random
}

const mix = (h: number): number => {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Four 32-bit words from a key; each word absorbs the whole key under its own salt. */
const seedWords = (key: readonly RandomKey[]): [number, number, number, number] => {
  const text = key.map((part) => (typeof part === 'number' ? `#${part}` : `$${part}`)).join('\u0000')
  return [0x9e3779b9, 0x7f4a7c15, 0xf39cc060, 0x5ceb1d3a].map((salt) => {
    let h = salt
    for (let i = 0; i < text.length; i++) h = Math.imul(mix(h ^ text.charCodeAt(i)), 0x9e3779b1) ^ i
    return mix(h)
  }) as [number, number, number, number]
}

const rotl = (x: number, k: number): number => (x << k) | (x >>> (32 - k))

export const stream = (...key: RandomKey[]): Random => {
  let [a, b, c, d] = seedWords(key)
  let spare: number | undefined
  const next = (): number => {
    const result = Math.imul(rotl(Math.imul(b, 5), 7), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotl(d, 11)
    return result
  }
  const uniform = (): number => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992
  return {
    uniform,
    normal() {
      if (spare !== undefined) {
        const value = spare
        spare = undefined
        return value
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
      const angle = 2 * Math.PI * uniform()
      spare = radius * Math.sin(angle)
      return radius * Math.cos(angle)
    },
    integer: (bound) => Math.floor(uniform() * bound),
    fork: (...more) => stream(...key, ...more),
  }
}
