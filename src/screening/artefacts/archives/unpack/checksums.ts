import type { XXHash, XXHashAPI } from 'xxhash-wasm'
import { damaged } from '../../content.ts'

let loading: Promise<XXHashAPI> | undefined

const load = (): Promise<XXHashAPI> => {
  loading ??= import('xxhash-wasm').then(({ default: start }) => start())
  return loading
}

/** Small steps: the library copies each into memory of its own, which never shrinks. */
const step = 2 ** 20

const digestOf = <T>(hash: XXHash<T>, bytes: Uint8Array): T => {
  for (let at = 0; at < bytes.length; at += step) hash.update(bytes.subarray(at, at + step))
  return hash.digest()
}

/** xxHash of 32 bits, which LZ4 checks its content with (xxHash specification 0.1.1). */
export const xxHash32 = async (bytes: Uint8Array): Promise<number> => digestOf((await load()).create32(), bytes)

/** The lower half of xxHash of 64 bits, which Zstandard checks its content with. */
export const xxHash64Low = async (bytes: Uint8Array): Promise<number> =>
  Number(digestOf((await load()).create64(), bytes) & 0xffff_ffffn)

/** Table of CRC-64/XZ (polynomial of ECMA-182, reflected) as upper and lower halves: numbers are exact to 53 bits only. */
const crc64Table = (): { readonly high: Uint32Array; readonly low: Uint32Array } => {
  const [high, low] = [new Uint32Array(256), new Uint32Array(256)]
  for (let i = 0; i < 256; i++) {
    let [top, bottom] = [0, i]
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = (bottom & 1) === 1
      bottom = ((bottom >>> 1) | (top << 31)) ^ (isOdd ? 0xd787_0f42 : 0)
      top = (top >>> 1) ^ (isOdd ? 0xc96c_5795 : 0)
    }
    high[i] = top
    low[i] = bottom
  }
  return { high, low }
}

const { high, low } = crc64Table()

/** CRC-64/XZ as eight bytes, least significant first, as xz stores it. The check value of "123456789" is 995DC9BBDF1939FA. */
export const crc64 = (bytes: Uint8Array): Uint8Array => {
  let [top, bottom] = [-1, -1]
  for (let i = 0; i < bytes.length; i++) {
    const index = (bottom ^ bytes[i]!) & 0xff
    bottom = ((bottom >>> 8) | (top << 24)) ^ low[index]!
    top = (top >>> 8) ^ high[index]!
  }
  const result = new Uint8Array(8)
  const view = new DataView(result.buffer)
  view.setUint32(0, ~bottom >>> 0, true)
  view.setUint32(4, ~top >>> 0, true)
  return result
}

export const checkEqual = (what: string, stored: number, computed: number): void => {
  if (stored !== computed >>> 0) throw damaged(`the checksum of ${what} is wrong`)
}
