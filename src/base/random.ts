import { edges, outside } from './ziggurat.ts'

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
  /** Standard normals, as many as fit: much cheaper than `normal`, by another method, hence other numbers. */
  fillNormals(into: Float32Array): void
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

const scrambled = (b: number): number => Math.imul(rotl(Math.imul(b, 5), 7), 9)

const rotl = (x: number, k: number): number => (x << k) | (x >>> (32 - k))

export const stream = (...key: RandomKey[]): Random => {
  const state = Int32Array.from(seedWords(key))
  let spare: number | undefined
  const next = (): number => {
    const b = state[1]!
    const c = state[2]! ^ state[0]!
    const d = state[3]! ^ b
    state[1] = b ^ c
    state[0]! ^= d
    state[2] = c ^ (b << 9)
    state[3] = rotl(d, 11)
    return scrambled(b) >>> 0
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
    fillNormals: (into) => fillNormals(into, state, next, uniform),
    integer: (bound) => Math.floor(uniform() * bound),
    fork: (...more) => stream(...key, ...more),
  }
}

const scale = 2 ** -23

/** Where in layer `bits & 255` a draw lies: in (-1, 1) times the layer's edge. */
const inLayer = (bits: number): number => ((bits >> 8) + 0.5) * scale * edges[bits & 255]!

const fillNormals = (into: Float32Array, state: Int32Array, next: () => number, uniform: () => number): void => {
  for (let at = fillInside(into, 0, state); at < into.length; at = fillInside(into, at, state)) {
    // The draw at which the loop stopped, once more, and what it leads to.
    const bits = next()
    const value = outside(bits & 255, inLayer(bits), uniform)
    if (!Number.isNaN(value)) into[at++] = value
  }
}

/**
 * Fills up to the first draw (one in 67) that isn't well inside its layer, and leaves the state before that draw. The
 * generator's steps are inlined and its state is kept in registers: a call a number would cost more than the number.
 */
const fillInside = (into: Float32Array, from: number, state: Int32Array): number => {
  let [a, b, c, d] = [state[0]!, state[1]!, state[2]!, state[3]!]
  let at = from
  for (; at < into.length; at++) {
    const bits = scrambled(b)
    const value = inLayer(bits)
    if (Math.abs(value) >= edges[(bits & 255) + 1]!) break
    into[at] = value
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotl(d, 11)
  }
  state[0] = a
  state[1] = b
  state[2] = c
  state[3] = d
  return at
}
