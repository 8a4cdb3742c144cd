import { createHash } from 'node:crypto'
import { BartizanError } from './errors.ts'

/**
 * The one byte sequence of a JSON value (RFC 8785, JCS): keys sorted by UTF-16 code units, no white space, numbers as
 * ECMAScript prints them. Members that are `undefined` are left out. Throws INTERNAL on NaN, infinities and whatever
 * JSON can't hold.
 */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new BartizanError('INTERNAL', `JSON can't hold the number ${value}`)
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value === 'object') {
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
    members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
  }
  throw new BartizanError('INTERNAL', `JSON can't hold a ${typeof value}`)
}

/** Lower-case hexadecimal SHA-256 of bytes or of a string's UTF-8. */
export const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex')
