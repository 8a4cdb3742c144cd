import { type BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { BartizanError } from '../base/errors.ts'

export const corrupt = (what: string): BartizanError =>
  new BartizanError('MODEL_CORRUPT', `this is no valid ONNX model: ${what}`, {
    hint: 'the file may be truncated or damaged; export it again',
  })

type Handlers = Readonly<Record<number, (type: WireType) => void>>

/** Calls the handler of each field up to `end`; a field without one is skipped. */
export const fields = (r: BinaryReader, end: number, handlers: Handlers): void => {
  if (end > r.len) throw corrupt('a field is longer than the file')
  while (r.pos < end) {
    const [field, type] = r.tag()
    const handler = handlers[field]
    if (handler) handler(type)
    else r.skip(type, field)
  }
  if (r.pos !== end) throw corrupt('a field runs past the end of its message')
}

/** Reads a nested message with `decode(reader, end)`. */
export const nested = <T>(r: BinaryReader, decode: (r: BinaryReader, end: number) => T): T => {
  const length = r.uint32()
  return decode(r, r.pos + length)
}

/** int64 as a number; what lies beyond 2^53 means "to the end" wherever ONNX uses it. */
export const int64 = (r: BinaryReader): number => {
  const value = Number(r.int64())
  return Math.max(Math.min(value, Number.MAX_SAFE_INTEGER), Number.MIN_SAFE_INTEGER)
}

/** A repeated scalar, packed or not. */
export const repeated = <T>(r: BinaryReader, type: WireType, into: T[], read: () => T): void => {
  if (type !== WireType.LengthDelimited) {
    into.push(read())
    return
  }
  const end = r.uint32() + r.pos
  if (end > r.len) throw corrupt('a list is longer than the file')
  while (r.pos < end) into.push(read())
}

/** Byte strings that are no UTF-8 keep their bytes as Latin-1: nothing we read gives them a meaning. */
export const decodeText = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return Buffer.from(bytes).toString('latin1')
  }
}

/** A StringStringEntryProto; any key is safe, `__proto__` too. */
export const decodeEntry = (r: BinaryReader, end: number, into: Record<string, string>): void => {
  let key = ''
  let value = ''
  fields(r, end, { 1: () => (key = r.string()), 2: () => (value = r.string()) })
  Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true })
}
