import { BartizanError } from '../../../base/errors.ts'

export type CborValue =
  | number
  | bigint
  | string
  | boolean
  | null
  | undefined
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<CborValue, CborValue>

const deepest = 32
const utf8 = new TextDecoder('utf-8', { fatal: true })

export const brokenManifest = (what: string): BartizanError =>
  new BartizanError('DATA_FORMAT_UNSUPPORTED', `the C2PA manifest can't be read: ${what}`, {
    hint: 'a description is a Croissant, Data Provenance Initiative, C2PA or .dvc file',
  })

const half = (bits: number): number => {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}

const stop = Symbol('stop')

/**
 * Decodes one CBOR item (RFC 8949), all of the bytes: well-formed or an error, at most 32 levels deep, never more
 * elements than bytes. Tags are dropped. Integers beyond 2^53 are bigints; a map that repeats a key is refused.
 * Throws DATA_FORMAT_UNSUPPORTED.
 */
export const decodeCbor = (bytes: Uint8Array): CborValue => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const take = (count: number): number => {
    if (count > bytes.length - at) throw brokenManifest('its CBOR is cut off')
    at += count
    return at - count
  }
  const argument = (info: number): number | bigint => {
    if (info < 24) return info
    if (info === 24) return view.getUint8(take(1))
    if (info === 25) return view.getUint16(take(2))
    if (info === 26) return view.getUint32(take(4))
    if (info !== 27) throw brokenManifest(`its CBOR has the reserved length ${info}`)
    const value = view.getBigUint64(take(8))
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
  }
  const lengthOf = (info: number): number => {
    const length = Number(argument(info))
    if (length > bytes.length - at) throw brokenManifest('its CBOR is cut off')
    return length
  }
  const chunks = (major: number): Uint8Array => {
    const parts: Uint8Array[] = []
    for (let head = view.getUint8(take(1)); head !== 0xff; head = view.getUint8(take(1))) {
      if (head >> 5 !== major || (head & 31) === 31) throw brokenManifest('its CBOR mixes kinds within a string')
      const length = lengthOf(head & 31)
      parts.push(bytes.subarray(take(length), at))
    }
    return Buffer.concat(parts)
  }
  const text = (part: Uint8Array): string => {
    try {
      return utf8.decode(part)
    } catch {
      throw brokenManifest('its CBOR has text that is no UTF-8')
    }
  }
  const simple = (info: number): CborValue | typeof stop => {
    if (info === 20 || info === 21) return info === 21
    if (info === 22) return null
    if (info === 23) return undefined
    if (info === 25) return half(view.getUint16(take(2)))
    if (info === 26) return view.getFloat32(take(4))
    if (info === 27) return view.getFloat64(take(8))
    if (info === 31) return stop
    throw brokenManifest(`its CBOR has the unknown simple value ${info}`)
  }
  const value = (depth: number): CborValue => {
    const found = item(depth)
    if (found === stop) throw brokenManifest('its CBOR ends something that was not begun')
    return found
  }
  /** Calls `read` for each element of a definite or indefinite container. */
  const each = (info: number, depth: number, read: (first: CborValue) => void): void => {
    const count = info === 31 ? Number.POSITIVE_INFINITY : lengthOf(info)
    for (let i = 0; i < count; i++) {
      const first = info === 31 ? item(depth) : value(depth)
      if (first === stop) return
      read(first)
    }
  }
  const item = (depth: number): CborValue | typeof stop => {
    if (depth > deepest) throw brokenManifest(`its CBOR is nested deeper than ${deepest} levels`)
    const head = view.getUint8(take(1))
    const [major, info] = [head >> 5, head & 31]
    if (major === 0) return argument(info)
    if (major === 1) {
      const found = argument(info)
      return typeof found === 'bigint' ? -1n - found : -1 - found
    }
    if (major === 2 || major === 3) {
      const length = info === 31 ? undefined : lengthOf(info)
      const part = length === undefined ? chunks(major) : bytes.subarray(take(length), at)
      return major === 2 ? part : text(part)
    }
    if (major === 4) {
      const list: CborValue[] = []
      each(info, depth + 1, (first) => list.push(first))
      return list
    }
    if (major === 5) {
      const map = new Map<CborValue, CborValue>()
      each(info, depth + 1, (key) => {
        if (map.has(key)) throw brokenManifest('its CBOR repeats a key')
        map.set(key, value(depth + 1))
      })
      return map
    }
    if (major === 6) {
      argument(info)
      return value(depth + 1)
    }
    return simple(info)
  }
  const found = value(0)
  if (at < bytes.length) throw brokenManifest('bytes follow its CBOR')
  return found
}
