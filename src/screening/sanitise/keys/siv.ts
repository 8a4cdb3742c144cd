import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto'
import { cmac, doubled, xored } from './cmac.ts'

/** S2V of RFC 5297, section 2.4: one block out of any number of strings; the last one is the plaintext. */
const s2v = (key: Uint8Array, associated: readonly Uint8Array[], plaintext: Uint8Array): Buffer => {
  let block = cmac(key, Buffer.alloc(16))
  for (const data of associated) block = xored(doubled(block), cmac(key, data))
  if (plaintext.length >= 16) {
    const mixed = Buffer.from(plaintext)
    mixed.set(xored(mixed.subarray(-16), block), mixed.length - 16)
    return cmac(key, mixed)
  }
  const padded = Buffer.alloc(16)
  padded.set(plaintext)
  padded[plaintext.length] = 0x80
  return cmac(key, xored(doubled(block), padded))
}

/** The counter that a synthetic IV starts: two of its bits are cleared (section 2.5). */
const counterOf = (iv: Uint8Array): Buffer => {
  const counter = Buffer.from(iv)
  counter[8]! &= 0x7f
  counter[12]! &= 0x7f
  return counter
}

const halves = (key: Uint8Array) => {
  const half = key.length / 2
  return { mac: key.subarray(0, half), cipher: key.subarray(half), name: `aes-${half * 8}-ctr` }
}

/**
 * AES-SIV (RFC 5297): deterministic authenticated encryption. The same text under the same key gives the same bytes,
 * which shows who is who and nothing else. `key`: 32, 48 or 64 bytes. Gives 16 bytes of IV, then the ciphertext.
 */
export const sealSiv = (key: Uint8Array, associated: readonly Uint8Array[], plaintext: Uint8Array): Buffer => {
  const { mac, cipher, name } = halves(key)
  const iv = s2v(mac, associated, plaintext)
  const encrypt = createCipheriv(name, cipher, counterOf(iv))
  return Buffer.concat([iv, encrypt.update(plaintext), encrypt.final()])
}

/** The plaintext, or nothing where the bytes were changed or another key or associated data made them. */
export const openSiv = (key: Uint8Array, associated: readonly Uint8Array[], sealed: Uint8Array): Buffer | undefined => {
  if (sealed.length < 16) return undefined
  const { mac, cipher, name } = halves(key)
  const iv = sealed.subarray(0, 16)
  const decrypt = createDecipheriv(name, cipher, counterOf(iv))
  const plaintext = Buffer.concat([decrypt.update(sealed.subarray(16)), decrypt.final()])
  return timingSafeEqual(s2v(mac, associated, plaintext), iv) ? plaintext : undefined
}
