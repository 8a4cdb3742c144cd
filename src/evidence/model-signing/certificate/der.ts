import { BartizanError } from '../../../base/errors.ts'

// Just enough DER (X.690) to read what node:crypto doesn't tell of a certificate.

export interface DerValue {
  readonly tag: number
  readonly content: Buffer
  /** Tag, length and content as they stand in the file. */
  readonly whole: Buffer
}

const malformed = (): BartizanError => new BartizanError('EVIDENCE_INVALID', 'a certificate is not well-formed DER')

/** The value at the start of `bytes`. Throws EVIDENCE_INVALID. */
const first = (bytes: Buffer): DerValue => {
  if (bytes.length < 2 || (bytes[0] & 0x1f) === 0x1f) throw malformed()
  const short = bytes[1]
  const lengthBytes = short < 0x80 ? 0 : short & 0x7f
  if (short === 0x80 || lengthBytes > 4 || bytes.length < 2 + lengthBytes) throw malformed()
  const length = lengthBytes === 0 ? short : bytes.readUIntBE(2, lengthBytes)
  const start = 2 + lengthBytes
  if (start + length > bytes.length) throw malformed()
  const whole = bytes.subarray(0, start + length)
  return { tag: bytes[0], content: whole.subarray(start), whole }
}

/** The values one after another in the content of a sequence or set. Throws EVIDENCE_INVALID. */
export const valuesIn = (content: Buffer): readonly DerValue[] => {
  const values: DerValue[] = []
  for (let rest = content; rest.length > 0; rest = rest.subarray(values[values.length - 1].whole.length))
    values.push(first(rest))
  return values
}

/** The one value that fills `bytes`. Throws EVIDENCE_INVALID. */
export const onlyValue = (bytes: Buffer): DerValue => {
  const value = first(bytes)
  if (value.whole.length !== bytes.length) throw malformed()
  return value
}

/** Writes a value, in place of one that was changed. */
export const encodeDer = (tag: number, content: Uint8Array): Buffer => {
  const digits: number[] = []
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256)
  const length = content.length < 0x80 ? [content.length] : [0x80 | digits.length, ...digits]
  return Buffer.concat([Uint8Array.of(tag, ...length), content])
}

export const derTags = { boolean: 0x01, bitString: 0x03, octetString: 0x04, oid: 0x06, sequence: 0x30 } as const
