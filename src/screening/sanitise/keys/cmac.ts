import { createCipheriv } from 'node:crypto'

const zeros = Buffer.alloc(16)

/** Doubling in GF(2^128), as RFC 4493 and RFC 5297 define it. */
export const doubled = (block: Uint8Array): Buffer => {
  const result = Buffer.alloc(16)
  for (let i = 0; i < 16; i++) result[i] = ((block[i]! << 1) & 0xff) | (i < 15 ? block[i + 1]! >> 7 : 0)
  if (block[0]! & 0x80) result[15]! ^= 0x87
  return result
}

export const xored = (a: Uint8Array, b: Uint8Array): Buffer => {
  const result = Buffer.from(a)
  for (let i = 0; i < b.length; i++) result[i]! ^= b[i]!
  return result
}

const cbc = (key: Uint8Array, data: Uint8Array): Buffer => {
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, zeros)
  cipher.setAutoPadding(false)
  return Buffer.concat([cipher.update(data), cipher.final()])
}

/** AES-CMAC (RFC 4493), with a key of 16, 24 or 32 bytes. */
export const cmac = (key: Uint8Array, message: Uint8Array): Buffer => {
  const first = doubled(cbc(key, zeros))
  const whole = message.length > 0 && message.length % 16 === 0
  const padded = Buffer.alloc(whole ? message.length : Math.floor(message.length / 16) * 16 + 16)
  padded.set(message)
  if (!whole) padded[message.length] = 0x80
  const last = padded.length - 16
  padded.set(xored(padded.subarray(last), whole ? first : doubled(first)), last)
  return cbc(key, padded).subarray(-16)
}
